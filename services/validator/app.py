"""The validator, wired: rules, subscriptions, outlets, health."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from contracts.identifiers import LANES, Lane
from contracts.pemilihan import PEMILIHAN
from contracts.reference.calon import semua_calon
from contracts.reference.wilayah import semua_provinsi, wilayah_of
from contracts.topics import submitted
from services.runtime import hosting, kafka, metrics
from services.runtime.background import beside
from services.runtime.errors import FatalError
from services.runtime.outlet import Outlet
from services.runtime.secrets import read_personal_keys
from services.validator.adapters.announcer import Announcer
from services.validator.adapters.colleagues import names_of
from services.validator.adapters.consumer import Court
from services.validator.adapters.follower import Follower
from services.validator.adapters.metrics import Metrics
from services.validator.core.breaker import Breaker
from services.validator.core.edition import editions_of, version_of
from services.validator.core.hearing import Desk
from services.validator.core.judge import bench_of
from services.validator.core.reference import reference_of
from services.validator.core.register import Register
from services.validator.core.rules import all_rules
from services.validator.core.structure import STRUCTURE
from services.validator.core.tiers import STANDING, Tiers, tiers_from
from services.validator.settings import Settings

# Up to 1,000 changes each: a tenth of a second of judging, so that a slow record of one office keeps few waiting.
_RECORDS_MAX: Final = 10


def build(settings: Settings) -> Starlette:
    """Return a validator ready to run.

    Raises:
        FatalError: a key is missing, there is no such provinsi or pemilihan, or the table of tiers is wrong.
    """
    if settings.pemilihan not in PEMILIHAN:
        message = f"VALIDATOR_PEMILIHAN: {settings.pemilihan!r} is none of {', '.join(PEMILIHAN)}"
        raise FatalError(message)
    servers = settings.kafka_bootstrap_servers
    try:
        wilayah = wilayah_of(settings.province)
    except ValueError as error:
        message = f"VALIDATOR_PROVINCE: {error}"
        raise FatalError(message) from error
    reference = reference_of(wilayah, semua_provinsi(), semua_calon(), PEMILIHAN[settings.pemilihan])
    register = Register()
    keys = read_personal_keys(settings.keys_folder)
    rules, tiers = all_rules(), _tiers(settings.tiers_file)
    bench = bench_of(rules, reference, register, keys, tiers)
    registry = metrics.registry()
    counters = Metrics(registry)
    breaker = Breaker(overridden=settings.breaker_override)
    follower = Follower(servers, register, client_id="validator-reference")
    editions = editions_of(rules, STRUCTURE.values(), reference, tiers)
    # Members of a consumer group are known by this name: whoever judges otherwise has another one (decision 0017).
    name = f"validator-{version_of(editions)}"
    broker = kafka.connect(servers, client_id=name)
    # One producer for each lane: results never wait for a batch of voters to be confirmed.
    outlets = {lane: Outlet(servers, client_id=f"validator-{lane}") for lane in LANES}
    for lane, outlet in outlets.items():
        desks = {submitted(office, lane): Desk(office, lane) for office in wilayah.offices}
        court = Court(
            bench,
            outlet,
            breaker,
            counters,
            desks=desks,
            offices=wilayah.offices,
            register_is_known=follower.settled,
            register_outlet=outlets["hasil"],
        )
        kafka.subscribe(
            broker,
            list(desks),
            court.handle,
            group=_group(lane),
            records_max=_RECORDS_MAX,
            listener=follower,
        )

    announcer = Announcer(
        editions,
        name,
        published=follower.published,
        is_settled=lambda: follower.is_settled,
        write=outlets["hasil"].write,
        colleagues=partial(names_of, servers, [_group(lane) for lane in LANES]),
    )
    is_started = _never

    def checks() -> Mapping[str, bool]:
        connected = is_started() and all(outlet.is_connected for outlet in outlets.values())
        return {"kafka": connected, "register": follower.is_settled, "breaker": not breaker.is_open}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        nonlocal is_started
        async with AsyncExitStack() as stack:
            # Stopping goes the other way round: first what judges, last what it writes with.
            for outlet in outlets.values():
                await stack.enter_async_context(outlet.running())
            await stack.enter_async_context(beside(follower.run()))
            is_started = await stack.enter_async_context(kafka.running(broker))
            await stack.enter_async_context(beside(announcer.run()))
            yield

    return hosting.application(lifespan, checks, registry)


def _tiers(file: Path | None) -> Tiers:
    if file is None:
        return STANDING
    try:
        return tiers_from(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"VALIDATOR_TIERS_FILE: {file}: {error}"
        raise FatalError(message) from error


def _group(lane: Lane) -> str:
    return f"validator-{lane}"


def _never() -> bool:
    return False
