"""Migrations: up, down and up again, and the tables are those of the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from api.app import create_app
from core.db import Base, make_engine
from core.settings import read_settings


@pytest.fixture
def engine(settings_env, empty_database_url):
    """An empty database, in the context of an application that is bound to it."""
    settings = read_settings({**settings_env, "DATABASE_URL": empty_database_url})
    engine = make_engine(settings.database_url)
    with create_app(settings).app_context():
        yield engine
    engine.dispose()


def tables(engine):
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_make_the_tables_of_the_models(engine):
    upgrade()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_go_down_and_up_again(engine):
    upgrade()
    before = tables(engine)
    downgrade(revision="base")
    assert tables(engine) == set()
    upgrade()
    assert tables(engine) == before == set(Base.metadata.tables)
