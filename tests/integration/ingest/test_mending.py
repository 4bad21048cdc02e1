"""Through ingest, Kafka and validator: a form that one set of rules holds is judged again under the next, once."""

from __future__ import annotations

from pathlib import Path

from contracts.remembered import ATURAN, CALON
from contracts.topics import REFERENCE
from tests.builders import OFFICE, a_c_hasil, a_submission, a_tps, ndjson
from tests.eventually import eventually
from tests.integration.ingest.process import Ingest, Topics
from tests.integration.validator.process import Province, Validator
from tests.servers import Kafka


async def test_what_the_old_rules_held_is_judged_by_the_new_ones(
    running: Ingest, topic_reader: Topics, tmp_path: Path, keys_folder: Path, kafka_fresh: Kafka
) -> None:
    async def announced(key: str) -> list[bytes]:
        return [record.value for record in await topic_reader.records(REFERENCE) if record.key == key.encode()]

    async def lines() -> int:
        return len((await topic_reader.delivered(OFFICE, "hasil")).lines)

    mild = tmp_path / "tiers.csv"
    mild.write_text("code,tier,pemilihan\nRES-SUM-PASLON,flag,\nRES-SUM-VALID,flag,\n", "utf-8")
    strict = Validator(tmp_path / "strict", keys_folder, kafka_fresh.bootstrap_servers)
    lenient = Validator(
        tmp_path / "lenient", keys_folder, kafka_fresh.bootstrap_servers, {"VALIDATOR_TIERS_FILE": str(mild)}
    )
    async with Province.at(kafka_fresh.bootstrap_servers) as province, running.client() as client:
        try:
            strict.start()
            wrong = a_submission(a_c_hasil(suara_sah=1), id="formulir")
            assert (await client.post("/v1/changes", content=ndjson([a_submission(a_tps()), wrong]))).is_success
            assert (await province.settles([1, 2], within_seconds=30)).held == {2}

            async def first() -> bool:
                return len(await announced(ATURAN)) == 1 and len(await announced(CALON)) == 1

            await eventually(first, within_seconds=30)
            assert await lines() == 2, "the first value only says where things stand"
            strict.stop()
            lenient.start()
            after = await province.settles([1, 2, 3], within_seconds=60)
            assert (after.held, sorted(after.lines)) == ({2}, [1, 2, 3])
            assert (len(await announced(ATURAN)), len(await announced(CALON)), await lines()) == (2, 1, 3)
        finally:
            strict.leave()
            lenient.leave()
