"""The embedded PostgreSQL: its cluster and its process."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from deploy.local.child import Child, Program
from deploy.local.errors import StackError
from deploy.local.home import Home
from deploy.local.leftovers import end_servers_in
from deploy.local.places import kept_secret
from deploy.local.ports import HOST
from deploy.local.waiting import wait_until_ready

MAJOR = "18"
USER = DATABASE = "creathon"
SETTINGS = {"max_connections": "300", "shared_buffers": "128MB", "timezone": "UTC", "log_timezone": "UTC"}
# A test run's data need not outlive the machine. It must outlive the server: commits stay synchronous.
THROWAWAY = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How an embedded server runs: its port, its log, and whether it is restarted and its data worth keeping."""

    port: int
    log: Path
    restart: bool = True
    throwaway: bool = False


class Postgres:
    """PostgreSQL 18 on the loopback, password only, one database."""

    def __init__(self, home: Home, options: ServerOptions) -> None:
        self.home = home
        self.options = options
        self._password = kept_secret(home.path / "postgres.password")
        self._child = Child(self._program())

    @property
    def url(self) -> str:
        """DATABASE_URL of the application's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The same server, another database."""
        return f"postgresql://{USER}:{quote(self._password, safe='')}@{HOST}:{self.options.port}/{database}"

    @property
    def child(self) -> Child:
        return self._child

    def start(self) -> None:
        """Make the cluster when there is none, start the server, wait until it answers. Raises StackError."""
        self._initialise()
        end_servers_in(self._data)
        (self._data / "postmaster.pid").unlink(
            missing_ok=True
        )  # its writer is gone; the number may be another's now
        self._child.start()
        wait_until_ready("PostgreSQL", self._child, self._answers)
        self._create_database()

    def stop(self) -> None:
        """A fast shutdown: clients are disconnected, everything committed is on disk."""
        self._child.stop()

    @property
    def _data(self) -> Path:
        return self.home.path / "postgres" / "data"

    def _initialise(self) -> None:
        version = self._data / "PG_VERSION"
        if not version.exists():
            self._make_cluster()
        elif version.read_text().strip() != MAJOR:
            raise StackError(
                f"{self._data} was made by PostgreSQL {version.read_text().strip()}; `make clean` removes it."
            )

    def _make_cluster(self) -> None:
        """initdb beside the place and move the result there: an interrupted one leaves nothing that looks finished."""
        fresh = self.home.folder("postgres") / "new"
        shutil.rmtree(fresh, ignore_errors=True)
        password = self.home.write("initial.password", self._password)
        try:
            self._run_initdb(fresh, password)
        finally:
            password.unlink()
        fresh.rename(self._data)

    def _run_initdb(self, folder: Path, password: Path) -> None:
        command = [str(self.home.programs.initdb), "-D", str(folder), "-U", USER, "--pwfile", str(password)]
        command += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        user = self.home.user
        become = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
        done = subprocess.run(command, env=_clean_env(), cwd="/", capture_output=True, text=True, **become)  # type: ignore[call-overload]
        if done.returncode != 0:
            raise StackError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _program(self) -> Program:
        settings = SETTINGS | (THROWAWAY if self.options.throwaway else {})
        settings |= {"port": str(self.options.port), "listen_addresses": HOST, "unix_socket_directories": ""}
        argv = [str(self.home.programs.postgres), "-D", str(self._data)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        return Program(
            argv=argv,
            env=_clean_env(),
            log=self.options.log,
            user=self.home.user,
            stop_signal=signal.SIGINT,
            grace=30.0,
            restart=self.options.restart,
        )

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url_of("postgres"), connect_timeout=5).close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise StackError(
                    f"PostgreSQL refuses the password kept in {self.home.path}: `make clean` starts over."
                ) from error
            return False
        return True

    def _create_database(self) -> None:
        connection = psycopg2.connect(self.url_of("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        finally:
            connection.close()


def _clean_env() -> Mapping[str, str]:
    """Without the PG* variables and the locale of whoever starts us."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
