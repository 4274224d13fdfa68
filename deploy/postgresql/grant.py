"""`python -m deploy.postgresql.grant`: apply grants.sql with DATABASE_URL, for hosts and images without psql.

Follows `flask db upgrade` in every deployment; where roles.sql never ran there is nothing to grant, and it says so.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg2
from sqlalchemy import make_url

from core.errors import SettingsError
from core.settings import get_settings

GRANTS = Path(__file__).with_name("grants.sql")
ROLE = "creathon_worker"


def grant(database_url: str) -> bool:
    """Apply grants.sql; False where the roles do not exist. Raises psycopg2.Error, e.g. for another than the owner."""
    plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(plain, connect_timeout=10)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if cursor.fetchone() is None:
                return False
            cursor.execute(GRANTS.read_text())
            return True
    finally:
        connection.close()


def main() -> int:
    """Grant, say what was done, and give the exit code."""
    try:
        granted = grant(get_settings().database_url)
    except (SettingsError, psycopg2.Error) as error:
        print(f"creathon: the grants were not applied: {error}", file=sys.stderr)
        return 1
    print(
        "Granted."
        if granted
        else f"There is no role {ROLE} here (deploy/postgresql/roles.sql): nothing to grant."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
