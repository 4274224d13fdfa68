import unittest

from bank import Account


class AccountTest(unittest.TestCase):
    def test_deposits_and_withdrawals_add_up(self):
        account = Account("Ann")
        account.deposit(30)
        account.withdraw(10)
        self.assertEqual(account.owner, "Ann")
        self.assertEqual(account.balance, 20)
