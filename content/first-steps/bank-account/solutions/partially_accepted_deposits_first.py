class Overdrawn(ValueError):
    pass


class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("amounts are more than 0")
        self.balance += amount

    def withdraw(self, amount):
        if amount > self.balance:
            raise Overdrawn(f"only {self.balance} left")
        if amount <= 0:
            raise ValueError("amounts are more than 0")
        self.balance -= amount

    def transfer(self, other, amount):
        other.deposit(amount)
        self.withdraw(amount)
