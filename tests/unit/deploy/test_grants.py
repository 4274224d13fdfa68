"""grants.sql passes over tables that are not there yet, so a misspelt one must be noticed here."""

import re

import core.models  # noqa: F401  (fills the metadata)
from core.db import Base
from tests.support.deployment import DEPLOY

LINE = re.compile(r"\('(GRANT|REVOKE)', '(creathon_\w+)', '(\w+)', '([^']+)'\)")


def lines():
    return LINE.findall((DEPLOY / "postgresql/grants.sql").read_text())


def test_every_line_names_a_table_of_the_models():
    named = {table for _, _, table, _ in lines()}
    assert named - set(Base.metadata.tables) == {"alembic_version"}


def test_every_line_names_columns_of_its_table():
    for _, _, table, rights in lines():
        columns = {
            name.strip(' "') for listed in re.findall(r"\(([^)]*)\)", rights) for name in listed.split(",")
        }
        assert columns <= set(
            Base.metadata.tables.get(table, Base.metadata.tables["users"]).columns.keys()
        ), table


def test_every_line_names_a_role_that_is_made():
    made = (DEPLOY / "postgresql/roles.sql").read_text()
    assert {role for _, role, _, _ in lines() if f"ALTER ROLE {role} LOGIN" not in made} == set()


def test_a_table_is_granted_to_a_role_once():
    pairs = [(verb, role, table) for verb, role, table, _ in lines()]
    assert len(pairs) == len(set(pairs))
