"""Accounts from the shell. The first admin comes from here."""

from __future__ import annotations

import sys

import click

from api.cli.failures import refusals_are_messages
from api.extensions import commit, session
from core.services import accounts
from core.services.accounts import NewAccount
from core.services.audit import Act, record_act
from core.words import Role

ROLE = click.Choice([role.value for role in Role])


@click.command("create-admin")
@click.option("--username", prompt=True)
@click.option("--email", prompt=True)
@click.option("--password", help="Better typed at the prompt: others can read command lines.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
@click.option("--if-missing", is_flag=True, help="Do nothing when the account exists.")
@refusals_are_messages
def create_admin(
    username: str, email: str, password: str | None, password_stdin: bool, if_missing: bool
) -> None:
    """Make an account that may do everything."""
    _create(NewAccount(username, email, _password(password, password_stdin), role=Role.ADMIN), if_missing)


@click.command("create-user")
@click.option("--username", prompt=True)
@click.option("--email", prompt=True)
@click.option("--role", type=ROLE, default=Role.LEARNER.value, show_default=True)
@click.option("--password", help="Better typed at the prompt: others can read command lines.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
@click.option("--if-missing", is_flag=True, help="Do nothing when the account exists.")
@refusals_are_messages
def create_user(username: str, email: str, role: str, password: str | None, **options: bool) -> None:
    """Make an account."""
    secret = _password(password, options["password_stdin"])
    _create(NewAccount(username, email, secret, role=Role(role)), options["if_missing"])


@click.command("set-role")
@click.argument("username")
@click.argument("role", type=ROLE)
@refusals_are_messages
def set_role(username: str, role: str) -> None:
    """Give USERNAME (or e-mail) another ROLE."""
    user = accounts.find_user(session(), username)
    if user is None:
        raise click.ClickException(f"There is no account {username}.")
    accounts.set_role(session(), user, Role(role))
    commit()
    click.echo(f"{user.username} is {role} now.")


def _create(new: NewAccount, if_missing: bool) -> None:
    if if_missing and accounts.find_user(session(), new.username):
        click.echo(f"{new.username} exists already.")
        return
    user = accounts.register(session(), new)
    details = {"username": user.username, "role": user.role.value}
    record_act(session(), Act("user.created", "user", user.id, details))
    commit()
    click.echo(f"Made {user.username} ({user.role.value}).")


def _password(given: str | None, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return given or click.prompt("Password", hide_input=True, confirmation_prompt=True)
