"""What the gateway says about one TPS."""

from __future__ import annotations

from typing import Any

import httpx

from contracts.codec import canonical_data, digest_of
from tests.builders import OFFICE, TPS, a_c_hasil, a_finding, a_line, a_retraction, a_tps
from tests.eventually import eventually
from tests.integration.sync.store_of_one import FedStore, a_record_of


def votes(*figures: int) -> dict[str, int]:
    return dict(zip(("1000026", "1000027", "1000028", "1000029"), figures, strict=True))


async def form_in(gateway: httpx.AsyncClient) -> dict[str, Any]:
    [form] = (await gateway.get(f"/v1/tps/{TPS}")).json()["c_hasil"]
    return dict(form)


async def test_a_tps_shows_its_registration_and_its_form(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    form = a_c_hasil(perolehan_suara=votes(10, 20, 30, 40))
    await sync.merge(a_record_of([a_line(a_tps(alamat="Balai Desa")), a_line(form, sequence=2)], offset=0))
    answer = (await gateway.get(f"/v1/tps/{TPS}")).json()
    assert (answer["nama"], [one["kode"] for one in answer["induk"]]) == ("TPS 001", ["32", OFFICE, TPS[:6], TPS[:10]])
    [registered] = answer["pendaftaran"]
    assert (registered["alamat"], registered["dpt"]["value"], registered["dpt"]["status"]) == (
        "Balai Desa",
        (a_tps().dpt_l or 0) + (a_tps().dpt_p or 0),
        "lengkap",
    )
    [shown] = answer["c_hasil"]
    assert [one["suara"]["value"] for one in shown["isi"]["perolehan_suara"]] == [10, 20, 30, 40]
    assert shown["isi"]["suara_sah"]["status"] == "lengkap"


async def test_all_versions_are_shown_and_only_the_standing_one_counts(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    first, second = a_c_hasil(perolehan_suara=votes(1, 2, 3, 400)), a_c_hasil(perolehan_suara=votes(1, 2, 3, 40))
    await sync.merge(a_record_of([a_line(a_tps()), a_line(first, sequence=2)], offset=0))
    await sync.merge(a_record_of([a_line(second, revision=2, sequence=3)], offset=1, first=3))
    await sync.merge(a_record_of([a_line(first, sequence=4)], offset=2, first=4))
    versions = (await form_in(gateway))["versi"]
    assert versions["total"] == 3
    assert [(one["revision"], one["outcome"], one["current"]) for one in versions["listed"]] == [
        (2, "applied", True),
        (1, "stale", False),
        (1, "applied", False),
    ]
    said = [(one["isi"]["suara_sah"]["value"], one["isi"]["suara_sah"]["reported"]) for one in versions["listed"]]
    assert said == [(46, 1), (406, None), (406, None)]
    data = canonical_data(second.model_dump(mode="json", exclude_unset=True))
    assert versions["listed"][0]["digest"] == digest_of("c_hasil.recorded.v1", data)


async def test_a_held_form_shows_what_it_says_and_why_it_does_not_count(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await sync.merge(a_record_of([a_line(a_tps()), a_line(a_c_hasil(), sequence=2)], offset=0, held=[2]))
    form = await form_in(gateway)
    assert (form["state"], form["isi"]["suara_sah"]["value"], form["isi"]["suara_sah"]["held"]) == ("held", None, 1)
    [version] = form["versi"]["listed"]
    assert version["isi"]["suara_sah"]["value"] == a_c_hasil().suara_sah
    assert (version["isi"]["suara_sah"]["status"], version["isi"]["suara_sah"]["reported"]) == ("diperiksa", None)
    assert [finding["code"] for finding in version["findings"]] == [a_finding().code]


async def test_a_fork_shows_both_contents_and_chooses_none(gateway: httpx.AsyncClient, sync: FedStore) -> None:
    one, other = a_c_hasil(perolehan_suara=votes(1, 1, 1, 1)), a_c_hasil(perolehan_suara=votes(2, 2, 2, 2))
    await sync.merge(a_record_of([a_line(one)], offset=0))
    before = (await form_in(gateway))["isi"]["suara_sah"]["as_of"]
    await sync.merge(a_record_of([a_line(other, sequence=2)], offset=1, first=2))

    async def forked() -> Any:
        shown = await form_in(gateway)
        return shown if shown["conflicted"] else None

    form = await eventually(forked, within_seconds=2)
    assert (form["isi"]["suara_sah"]["value"], form["isi"]["suara_sah"]["conflict"]) == (None, 1)
    assert form["isi"]["suara_sah"]["as_of"] > before
    assert {version["isi"]["suara_sah"]["value"] for version in form["versi"]["listed"]} == {4, 8}
    assert all(version["isi"]["suara_sah"]["reported"] is None for version in form["versi"]["listed"])


async def test_what_was_taken_back_shows_no_figure_and_keeps_its_history(
    gateway: httpx.AsyncClient, sync: FedStore
) -> None:
    await sync.merge(a_record_of([a_line(a_c_hasil())], offset=0))
    await sync.merge(a_record_of([a_line(a_retraction(), revision=2, sequence=2)], offset=1, first=2))
    form = await form_in(gateway)
    assert (form["state"], form["isi"]["suara_sah"]["value"]) == ("retracted", None)
    assert [version["isi"] is None for version in form["versi"]["listed"]] == [True, False]
