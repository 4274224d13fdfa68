"""The backup of docs/operations.md: what pg_dump wrote, pg_restore brings back, and the application goes on with it."""

import os
import subprocess
from urllib.parse import urlsplit

import psycopg2
import pytest

from core.db import make_engine, session_factory
from core.settings import database_url as url_of_engine
from graders.registry import grader_for
from tests.factories import rows


@pytest.fixture
def postgres_programs(servers):
    """The folder of pg_dump and pg_restore, those of the server's own version."""
    return servers.postgres.home.programs.psql.parent


def run(program, url, *arguments):
    at = urlsplit(url)
    login = {"PGHOST": at.hostname, "PGPORT": str(at.port), "PGUSER": at.username, "PGPASSWORD": at.password}
    command = [str(program), "-d", at.path[1:], *arguments]
    done = subprocess.run(
        command, env={"PATH": os.defpath, **login}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def hand_in(url):
    """A submission of a new learner to a new challenge; its id."""
    engine = make_engine(url_of_engine(url))
    with session_factory(engine).begin() as session:
        to = rows.challenge(session)
        new = rows.NewSubmission(rows.RIGHT)
        made = rows.create_submission(session, rows.user(session), to, grader_for(to.kind), new)
        number = made.id
    engine.dispose()
    return number


def contents(url):
    """Every row of every table, as text."""
    connection = psycopg2.connect(url, connect_timeout=10)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(f"SELECT t::text FROM {name} t ORDER BY 1")
            found[name] = cursor.fetchall()
    connection.close()
    return found


def test_a_restored_backup_holds_every_row_and_goes_on(
    database_url, empty_database_url, postgres_programs, tmp_path
):
    first = hand_in(database_url)
    before = contents(database_url)
    dump = str(tmp_path / "creathon.dump")
    run(postgres_programs / "pg_dump", database_url, "--format=custom", f"--file={dump}")
    run(
        postgres_programs / "pg_restore",
        empty_database_url,
        "--no-owner",
        "--no-acl",
        "--exit-on-error",
        dump,
    )
    assert contents(empty_database_url) == before
    assert before["submissions"] != []
    assert hand_in(empty_database_url) == first + 1
