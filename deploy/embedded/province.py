"""The whole pipeline on one machine: Kafka, PostgreSQL and the four services as child processes of their own folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contracts.reference.wilayah import wilayah_of
from deploy.desk import Desk
from deploy.embedded.errors import EmbeddedServerError
from deploy.embedded.instance import EmbeddedInstance
from deploy.embedded.kafka import EmbeddedKafka
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.keys import make_missing, office_keys

_ROOT: Final = Path(__file__).resolve().parents[2]
_DATABASE: Final = "satupeta"
_READER: Final = "gateway"
_STEP_SECONDS_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Instances:
    """How many processes of each service share the work."""

    ingest: int = 2
    """Each hosts its share of the offices; one for every office would take 28 times the memory of one."""
    validator: int = 1
    sync: int = 1


class EmbeddedProvince:
    """One province. What it took stays: ``start`` after ``stop`` or a kill goes on where it was."""

    def __init__(
        self, folder: Path, *, province: str = "32", instances: Instances | None = None, durable: bool = True
    ) -> None:
        """Choose the folder that holds everything; without ``durable`` a power cut may lose data: for tests."""
        self._folder = folder.resolve()
        self._secrets = self._folder / "secrets"
        self._province = province
        self._instances = instances or Instances()
        self.offices = wilayah_of(province).offices
        self.kafka = EmbeddedKafka(self._folder / "kafka")
        self.postgres = EmbeddedPostgres(self._folder / "postgres", durable=durable)
        self.services: dict[str, EmbeddedInstance] = {}
        self._keys: dict[str, str] = {}
        self._host_of: dict[str, str] = {}

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        return self._folder

    @property
    def gateway_url(self) -> str:
        """Where the gateway is served."""
        return self.services["gateway"].url

    @property
    def desks(self) -> dict[str, Desk]:
        """Where each office pushes."""
        return {office: Desk(self.services[self._host_of[office]].url, self._keys[office]) for office in self.offices}

    def start(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Start servers, bring schema and topics up to date, start the services and return when all are ready.

        ``say`` is told what is being waited for.

        Raises:
            EmbeddedServerError: something cannot run; the message says why and what to do.
            KeysError: the keys in the folder are not those its data were written with.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._secrets.mkdir(exist_ok=True)
        make_missing(self._secrets, self.offices, self._folder / "token-key.mark")
        self._keys = office_keys(self._secrets)
        say("starting Kafka and PostgreSQL")
        _together([self.kafka.start, self.postgres.start])
        say("bringing schema and topics up to date")
        self.postgres.create_database(_DATABASE)
        _together([self._migrate, self._create_topics])
        self.services = {service.called: service for service in self._services()}
        say(f"starting {len(self.services)} service processes for {len(self.offices)} offices")
        _together([service.start for service in self.services.values()])
        self._write_addresses()

    def stop(self) -> None:
        """Stop everything in order: first who delivers, last where it goes."""
        for kind in ("ingest", "validator", "sync", "gateway"):
            _together([service.stop for service in self.of_kind(kind)])
        _together([self.kafka.stop, self.postgres.stop])

    def of_kind(self, name: str) -> list[EmbeddedInstance]:
        """Return every process of one service."""
        return [service for service in self.services.values() if service.name == name]

    def restore(self) -> list[str]:
        """Start again whatever has ended by itself, as an orchestrator would, and return the names of those."""
        parts: dict[str, EmbeddedKafka | EmbeddedPostgres | EmbeddedInstance] = {
            "Kafka": self.kafka,
            "PostgreSQL": self.postgres,
            **self.services,
        }
        ended = [name for name, part in parts.items() if not part.is_running]
        _together([parts[name].start for name in ended])
        return ended

    def _services(self) -> Iterable[EmbeddedInstance]:
        folder = self._folder / "services"
        kafka = {"kafka_bootstrap_servers": self.kafka.bootstrap_servers, "province": self._province}
        keys = {"keys_folder": str(self._secrets / "personal")}
        hosts = min(self._instances.ingest, len(self.offices))
        for nth in range(hosts):
            # In turn, not in stretches: the largest offices have the lowest codes.
            hosted = self.offices[nth::hosts]
            called = f"ingest-{nth + 1}"
            self._host_of |= dict.fromkeys(hosted, called)
            given = {
                "offices": ",".join(hosted),
                "data_folder": str(self._folder / "ingest"),
                "api_keys_file": str(self._secrets / "ingest" / "api-keys"),
            }
            yield EmbeddedInstance("ingest", folder, {**kafka, **keys, **given}, called=called)
        for nth in range(self._instances.validator):
            yield EmbeddedInstance("validator", folder, {**kafka, **keys}, called=f"validator-{nth + 1}")
        store = {"postgres_dsn": self.postgres.dsn(_DATABASE)}
        for nth in range(self._instances.sync):
            yield EmbeddedInstance("sync", folder, {**kafka, **store}, called=f"sync-{nth + 1}")
        reading = {"postgres_dsn": self.postgres.dsn(_DATABASE, _READER), "province": self._province}
        yield EmbeddedInstance("gateway", folder, reading)

    def _write_addresses(self) -> None:
        """Leave the addresses and keys in a file that a shell can read, for whoever wants to push or ask by hand."""
        lines = [f"GATEWAY={self.gateway_url}"]
        for office, desk in self.desks.items():
            lines += [f"INGEST_{office}={desk.url}", f"KEY_{office}={desk.key}"]
        file = self._folder / "addresses"
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n", "ascii")

    def _migrate(self) -> None:
        dsn = self.postgres.dsn(_DATABASE)
        _step("services.sync.migrate", "--dsn", dsn, "--province", self._province, "--reader-role", _READER)

    def _create_topics(self) -> None:
        servers = self.kafka.bootstrap_servers
        _step("services.runtime.topics", "--bootstrap-servers", servers, "--province", self._province)


def _step(module: str, *arguments: str) -> None:
    """Run a deploy step as an operator would.

    In a session of its own: Ctrl-C in the terminal reaches whoever started it, and the step is not cut short.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(  # noqa: S603  # our own command
        command,
        capture_output=True,
        text=True,
        timeout=_STEP_SECONDS_MAX,
        check=False,
        cwd=_ROOT,
        start_new_session=True,
    )
    if done.returncode:
        message = f"{module} failed:\n{done.stdout}{done.stderr}"
        raise EmbeddedServerError(message)


def _together(works: Iterable[Callable[[], None]]) -> None:
    """Do ``works`` at once and return when all are done; the first failure is raised after that."""
    with ThreadPoolExecutor(max_workers=16) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result()
