"""A province of its own in containers: its own name, ports, secrets and volumes, beside any other on this machine."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, Final

import httpx

from deploy.embedded.ports import LOOPBACK, free_port
from tests.containers.images import IMAGES, image

_ROOT: Final = Path(__file__).parents[2]
_BUILD_SECONDS_MAX: Final = 900
"""The first build fetches every package."""
_COMMAND_SECONDS_MAX: Final = 270
_READY_SECONDS_MAX: Final = 240
_EVENING_SECONDS_MAX: Final = 240
"""An evening that never comes out right goes on forever."""


class Province:
    """What `docker compose` makes of the files in this repository."""

    def __init__(self, secrets_folder: Path, **told: str) -> None:
        """Choose names and ports, and what compose is ``told`` besides; nothing runs yet."""
        self.name = f"satupeta-test-{secrets.token_hex(4)}"
        self.secrets_folder = secrets_folder
        self.ingest_url, self.gateway_url = "", ""
        self._told = {
            **{setting: image(setting) for setting in IMAGES},
            "SATUPETA_IMAGE": "satupeta:test",
            "SATUPETA_DEMO_IMAGE": "satupeta-demo:test",
            "SECRETS_FOLDER": str(secrets_folder),
            # Kafka and PostgreSQL share two cores with everything else here.
            "KAFKA_HEAP": "384m",
            "POSTGRES_SHARED_BUFFERS": "128MB",
            **told,
        }
        for setting in ("INGEST_PORT", "GATEWAY_PORT"):
            self._told[setting] = str(free_port())
        self.ingest_url = f"http://{LOOPBACK}:{self._told['INGEST_PORT']}"
        self.gateway_url = f"http://{LOOPBACK}:{self._told['GATEWAY_PORT']}"

    def compose(self, *arguments: str) -> str:
        """Run one command of `docker compose` and return what it prints."""
        return self._do(self._compose(*arguments), _COMMAND_SECONDS_MAX)

    def build(self) -> None:
        """Build both images: a step of its own, because the first time takes as long as the network does."""
        self._do(self._compose("--profile", "*", "build"), _BUILD_SECONDS_MAX)

    def evening(self) -> None:
        """Feed an evening as deploy/README.md says, and return when the demo has found that all came out right."""
        self.compose("--profile", "demo", "up", "--detach")
        code = self._do(["docker", "wait", f"{self.name}-demo-1"], _EVENING_SECONDS_MAX).strip()
        assert code == "0", f"the demo has ended with {code}\n{self._troubles()}"

    def up(self, *arguments: str) -> None:
        """Bring everything up, and return when every step has ended well and every service is ready."""
        self.compose("up", "--detach", "--wait", "--wait-timeout", str(_READY_SECONDS_MAX), *arguments)

    def crash(self, service: str) -> None:
        """Kill the process in the container of a service from within: nobody but the engine starts it again."""
        # The signal goes to all processes but the sender's own and the first.
        self.compose("exec", "--no-TTY", service, "python", "-ISc", "import os; os.kill(-1, 9)")

    def containers(self, service: str | None = None) -> list[dict[str, Any]]:
        """Return what the engine knows of every container, or of those of one service."""
        names = self.compose("ps", "--all", "--quiet", *([service] if service else [])).split()
        found: list[dict[str, Any]] = json.loads(self._run(["docker", "inspect", *names]).stdout)
        return found

    def running(self) -> Counter[str]:
        """Return how many containers of each service run."""
        return Counter(self.compose("ps", "--status", "running", "--format", "{{.Service}}").split())

    def sql(self, statement: str) -> str:
        """Return what PostgreSQL answers its owner, bare."""
        client = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-U", "satupeta", "-d", "satupeta", "-c", statement]
        return self.compose("exec", "--no-TTY", "postgres", *client).strip()

    def key_of(self, office: str) -> str:
        """Return the key that is handed over to an office."""
        return (self.secrets_folder / "offices" / f"{office}.key").read_text("utf-8").strip()

    def office(self, office: str) -> httpx.Client:
        """Return an office's way into ingest."""
        headers = {"Authorization": f"Bearer {self.key_of(office)}", "Content-Type": "application/x-ndjson"}
        return httpx.Client(base_url=self.ingest_url, headers=headers, timeout=30)

    def down(self) -> None:
        """Take everything down; what lies in volumes with a name stays."""
        # Some versions of PostgreSQL's image bring a volume without a name, which `down` would leave behind.
        self.compose("rm", "--stop", "--force", "--volumes")
        self.compose("down")

    def remove(self) -> None:
        """Take everything down with its data."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5")

    def _compose(self, *arguments: str) -> list[str]:
        # A developer's own .env is not what is tested.
        return ["docker", "compose", "--env-file", os.devnull, "--project-name", self.name, *arguments]

    def _do(self, command: list[str], seconds_max: float) -> str:
        """Run a command that must end well in time, and return what it prints; otherwise say who is in trouble."""
        done = self._run(command, seconds_max)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr[-4000:]}\n{self._troubles()}"
        return done.stdout

    def _run(self, command: list[str], seconds_max: float = _COMMAND_SECONDS_MAX) -> subprocess.CompletedProcess[str]:
        process = subprocess.Popen(  # noqa: S603  # our own command
            command,
            cwd=_ROOT,
            env={**os.environ, **self._told},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Compose is a child of the client, and would outlive it.
            process_group=0,
        )
        try:
            said, complained = process.communicate(timeout=seconds_max)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            said, complained = process.communicate()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            complained += f"\nnot done after {seconds_max:g} s"
        return subprocess.CompletedProcess(command, process.returncode, said, complained)

    def _troubles(self) -> str:
        """Return what the containers that are not as they should be have said last.

        One that runs without a health is a step or the demo, and should have ended.
        """
        said: list[str] = []
        names = self._run(["docker", "ps", "--all", "--quiet", "--filter", f"name={self.name}-"]).stdout.split()
        for container in json.loads(self._run(["docker", "inspect", *names]).stdout or "[]"):
            state = container["State"]
            health = state.get("Health", {})
            running = state["Status"] == "running"
            if (health.get("Status") != "healthy") if running else state["ExitCode"]:
                logs = self._run(["docker", "logs", "--tail", "30", container["Id"]])
                said += [f"{container['Name']}: {state['Status']} {health.get('Status')}", logs.stdout, logs.stderr]
        return "\n".join(said)
