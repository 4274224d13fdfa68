"""The embedded Valkey (it speaks the Redis protocol): durable, never evicting, with a password."""

from __future__ import annotations

from pathlib import Path

import redis

from deploy.local.child import Child, Program
from deploy.local.home import Home
from deploy.local.leftovers import end_servers_in
from deploy.local.places import kept_secret
from deploy.local.ports import HOST
from deploy.local.postgres import ServerOptions
from deploy.local.waiting import wait_until_ready

DATABASES = 64  # each test process takes one


class Valkey:
    """Valkey on the loopback."""

    def __init__(self, home: Home, options: ServerOptions) -> None:
        self.home = home
        self.options = options
        self._password = kept_secret(home.path / "valkey.password")
        self._child = Child(
            Program(
                argv=[str(home.programs.valkey), str(home.path / "valkey.conf")],
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                log=options.log,
                user=home.user,
                grace=30.0,
                restart=options.restart,
            )
        )

    @property
    def url(self) -> str:
        """REDIS_URL, database 0."""
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """The same server, another database (0 to 63)."""
        return f"redis://:{self._password}@{HOST}:{self.options.port}/{database}"

    @property
    def child(self) -> Child:
        return self._child

    def start(self) -> None:
        """Start the server and wait until it has its data loaded. Raises StackError."""
        data = self.home.folder("valkey")
        end_servers_in(data)
        self.home.write("valkey.conf", self._configuration(data))
        self._child.start()
        wait_until_ready("Valkey", self._child, self._answers)

    def stop(self) -> None:
        """Everything accepted is on disk before it ends."""
        self._child.stop()

    def _configuration(self, data: Path) -> str:
        settings = {
            "bind": HOST,
            "port": self.options.port,
            "databases": DATABASES,
            "dir": f'"{data}"',
            "requirepass": self._password,
            "maxmemory-policy": "noeviction",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "daemonize": "no",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=5)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):  # not there yet, or still loading its data
            return False
        finally:
            client.close()
