"""A server process that belongs to one folder and does not outlive whoever started it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from deploy.embedded.errors import EmbeddedServerError

_STOP_SECONDS_MAX: Final = 40
_POLL_SECONDS: Final = 0.02
_LOG_LINES_SHOWN: Final = 25
_PARENT_FIELD: Final = 1
_START_TIME_FIELD: Final = 19


class ServerProcess:
    """Starts, stops and kills one server, and knows what an earlier run left behind.

    The folder is locked while the server runs, so two runs never share it. The process is its own
    session: Ctrl-C in a terminal reaches whoever started it, who then stops it in order.
    """

    def __init__(self, name: str, folder: Path, stop_signal: signal.Signals) -> None:
        """Say what it is called, where it lives and which signal ends it cleanly."""
        self.name = name
        self.log_file = folder / "log"
        self._pid_file = folder / "pid"
        self._lock_file = folder / "lock"
        self._stop_signal = stop_signal
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether the process is there; it may still be starting."""
        return self._process is not None and self._process.poll() is None

    def claim(self) -> None:
        """Take the folder for this run and end what an earlier, killed run left running in it.

        Raises:
            EmbeddedServerError: another run uses the folder.
        """
        self._release()  # of a process that ended by itself
        lock = self._lock_file.open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            owner = lock.read().strip()
            lock.close()
            message = (
                f"{self.name} in {self._lock_file.parent} is in use by process {owner}. Stop that one, "
                "or choose another data folder."
            )
            raise EmbeddedServerError(message) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock
        self._end_orphan()

    def start(
        self,
        command: Sequence[str | Path],
        ready: Callable[[], bool],
        seconds_max: float,
        *,
        account: pwd.struct_passwd | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Run ``command``, as ``account`` if one is given, and return when ``ready``.

        ``environment`` is added to our own.

        Raises:
            EmbeddedServerError: it ended or did not become ready in time; the end of its log says why.
        """
        self._process = self._spawn(command, account, environment or {})
        self._pid_file.write_text(f"{self._process.pid} {_start_time(self._process.pid)}\n", "ascii")
        deadline = time.monotonic() + seconds_max
        while not ready():
            code = self._process.poll()
            if code is None and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
                continue
            reason = f"ended with code {code}" if code is not None else f"was not ready after {seconds_max:.0f} s"
            self.kill()
            message = f"{self.name} {reason}; the end of {self.log_file}:\n{self._end_of_log()}"
            raise EmbeddedServerError(message)

    def stop(self) -> None:
        """End it cleanly and free the folder. Stopping what does not run changes nothing."""
        if self._process is not None:
            self._process.send_signal(self._stop_signal)
            try:
                self._process.wait(_STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                # Both servers recover from a kill; hanging here would help nobody.
                self.kill()
        self._release()

    def kill(self) -> None:
        """End it and all its children at once, as a power cut would, and free the folder."""
        if self._process is not None and self.is_running:
            kill_family(self._process.pid)
            self._process.wait(_STOP_SECONDS_MAX)
        self._release()

    def _spawn(
        self, command: Sequence[str | Path], account: pwd.struct_passwd | None, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start the process from a thread that lives as long as the process does.

        ``setpriv --pdeathsig`` has the kernel send the stop signal when whoever started the process is
        gone, so that a killed demo leaves no servers behind. "Whoever" is a thread to the kernel: had
        the caller's thread started it, the server would end with that thread. And the kernel forgets
        the wish when a process changes its user, so both are asked of one ``setpriv``.
        """
        wishes = [f"--pdeathsig={self._stop_signal.name}", *(as_account(account) if account else ())]
        outcome: queue.SimpleQueue[subprocess.Popen[bytes] | OSError] = queue.SimpleQueue()

        def run() -> None:
            try:
                with self.log_file.open("ab") as log:
                    process = subprocess.Popen(  # noqa: S603  # our own command
                        ["setpriv", *wishes, *command],  # noqa: S607  # from PATH
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        cwd="/",  # the process may run as a user who cannot enter ours
                        env={**os.environ, **environment},
                        start_new_session=True,
                    )
            except OSError as error:
                outcome.put(error)
                return
            outcome.put(process)
            process.wait()

        threading.Thread(target=run, name=f"{self.name} keeper", daemon=True).start()
        started = outcome.get()
        if isinstance(started, OSError):
            self._release()
            message = f"{self.name} cannot be started: {started}"
            raise EmbeddedServerError(message) from started
        return started

    def _end_orphan(self) -> None:
        """End the process of an earlier run, if it is still there: its owner is gone, the lock was free."""
        if not self._pid_file.exists():
            return
        words = self._pid_file.read_text("ascii").split()
        pid = int(words[0])
        # Process ids are used again; with the moment of its start it is certain which one is meant.
        deadline = time.monotonic() + _STOP_SECONDS_MAX
        signalled = False
        while _start_time(pid) == words[1]:
            if not signalled:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, self._stop_signal)
                signalled = True
            if time.monotonic() > deadline:
                kill_family(pid)
            time.sleep(_POLL_SECONDS)
        self._pid_file.unlink()

    def _release(self) -> None:
        self._process = None
        if self._lock is not None:
            self._pid_file.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def _end_of_log(self) -> str:
        lines = self.log_file.read_text("utf-8", "replace").splitlines()
        return "\n".join(lines[-_LOG_LINES_SHOWN:])


def as_account(account: pwd.struct_passwd) -> list[str]:
    """Return the options of ``setpriv`` that run a command as ``account`` and nothing more."""
    return [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def kill_family(pid: int) -> None:
    """Send SIGKILL to a process and its children.

    PostgreSQL's backends are sessions of their own, so no process group holds them all; and one that
    lives on keeps the shared memory, which a restart then refuses. The parent is halted first, so
    that it makes no more of them.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
    for member in (*_children_of(pid), pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)


def _children_of(pid: int) -> list[int]:
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [number for number in numbers if _stat_field(number, _PARENT_FIELD) == str(pid)]


def _start_time(pid: int) -> str | None:
    """Return when the process began, in ticks since boot, or ``None`` when it is gone or only waits to be reaped."""
    return None if _stat_field(pid, 0) in {None, "Z", "X"} else _stat_field(pid, _START_TIME_FIELD)


def _stat_field(pid: int, nth: int) -> str | None:
    """Return the ``nth`` field of /proc/<pid>/stat after the name, which may itself hold spaces."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except (OSError, ValueError):
        return None
    return text.rpartition(")")[2].split()[nth]
