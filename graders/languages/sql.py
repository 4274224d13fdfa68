from __future__ import annotations

from graders.languages.base import Language

RUN = "import sqlite3; [print(*row) for row in sqlite3.connect(':memory:').execute(open('solution.sql').read())]"

SQL = Language(
    name="sql",
    title="SQL (SQLite)",
    file_name="solution.sql",
    version=("python3", "-c", "import sqlite3; print(sqlite3.sqlite_version)"),
    run=("python3", "-c", RUN),
    smoke="SELECT 20 + 22;\n",
    general=False,
)
