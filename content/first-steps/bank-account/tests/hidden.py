import unittest

from bank import Account, Overdrawn


class AccountTest(unittest.TestCase):
    def setUp(self):
        self.ann, self.bob = Account("Ann", 50), Account("Bob")

    def test_a_new_account_has_what_it_is_given(self):
        self.assertEqual((self.ann.balance, self.bob.balance), (50, 0))

    def test_amounts_are_more_than_zero(self):
        for amount in (0, -5):
            with self.assertRaises(ValueError):
                self.ann.deposit(amount)
            with self.assertRaises(ValueError):
                self.ann.withdraw(amount)
        self.assertEqual(self.ann.balance, 50)

    def test_more_than_there_is_cannot_be_withdrawn(self):
        with self.assertRaises(Overdrawn):
            self.ann.withdraw(51)
        self.assertEqual(self.ann.balance, 50)
        self.assertTrue(issubclass(Overdrawn, ValueError))

    def test_the_last_cent_can_be_withdrawn(self):
        self.ann.withdraw(50)
        self.assertEqual(self.ann.balance, 0)

    def test_a_transfer_moves_money(self):
        self.ann.transfer(self.bob, 20)
        self.assertEqual((self.ann.balance, self.bob.balance), (30, 20))

    def test_a_transfer_that_fails_moves_nothing(self):
        with self.assertRaises(Overdrawn):
            self.bob.transfer(self.ann, 1)
        with self.assertRaises(ValueError):
            self.ann.transfer(self.bob, -20)
        self.assertEqual((self.ann.balance, self.bob.balance), (50, 0))
