"""What is missing of a province's secrets is made, and what is there is never changed."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from deploy.keys import KeysError, make_missing, make_missing_passwords, office_keys
from services.ingest.adapters.api_keys import read_api_keys
from services.runtime.secrets import read_personal_keys, read_secret

OFFICES = ("32", "3273", "3279")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    return folder


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    (tmp_path / "mark").mkdir()
    return tmp_path / "mark" / "token-key"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_services_can_read_what_is_made(folder: Path, mark: Path) -> None:
    assert make_missing(folder, OFFICES, mark) == 3 + len(OFFICES)
    keys = read_personal_keys(folder / "personal")
    assert keys.seal_key != keys.token_key
    known = read_api_keys(folder / "ingest" / "api-keys")
    assert known.offices == frozenset(OFFICES)
    for office in OFFICES:
        assert known.office_of(read_secret(folder / "offices" / f"{office}.key")) == office
        assert known.office_of(office_keys(folder)[office]) == office


def test_passwords_are_made_once(folder: Path) -> None:
    assert make_missing_passwords(folder) == 2
    assert make_missing_passwords(folder) == 0
    assert len(read_secret(folder / "owner" / "password")) >= 32
    assert read_secret(folder / "owner" / "password") != read_secret(folder / "reader" / "password")


def test_only_the_folder_above_is_closed(folder: Path, mark: Path) -> None:
    make_missing(folder, OFFICES, mark)
    make_missing_passwords(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(inner.stat().st_mode & 0o777 == (0o755 if inner.is_dir() else 0o444) for inner in folder.rglob("*"))


def test_a_second_run_changes_nothing(folder: Path, mark: Path) -> None:
    make_missing(folder, OFFICES, mark)
    before = contents(folder)
    assert make_missing(folder, OFFICES, mark) == 0
    assert contents(folder) == before


def test_an_office_that_is_new_gets_a_key_and_the_others_keep_theirs(folder: Path, mark: Path) -> None:
    make_missing(folder, OFFICES[:2], mark)
    before = contents(folder)
    assert make_missing(folder, OFFICES, mark) == 1
    after = contents(folder)
    assert after["ingest/api-keys"].startswith(before["ingest/api-keys"])
    assert {name: after[name] for name in before if name != "ingest/api-keys"} == {
        name: content for name, content in before.items() if name != "ingest/api-keys"
    }


def test_a_key_that_was_handed_over_may_be_deleted(folder: Path, mark: Path) -> None:
    make_missing(folder, OFFICES, mark)
    (folder / "offices" / "3279.key").unlink()
    assert make_missing(folder, OFFICES, mark) == 0
    assert not (folder / "offices" / "3279.key").exists()


def test_a_run_that_was_cut_short_is_finished(folder: Path, mark: Path) -> None:
    make_missing(folder, OFFICES, mark)
    # As it stands when the power fails between handing over a key and writing down its hash.
    key = read_secret(folder / "offices" / "3279.key")
    (folder / "ingest" / "api-keys").unlink()
    mark.unlink()
    make_missing(folder, OFFICES, mark)
    text = (folder / "ingest" / "api-keys").read_text()
    assert f"3279 {hashlib.sha256(key.encode()).hexdigest()}" in text
    assert mark.exists()


def test_half_a_set_of_personal_keys_is_refused(folder: Path, mark: Path) -> None:
    make_missing(folder, OFFICES, mark)
    mark.unlink()
    (folder / "personal" / "token.key").unlink()
    with pytest.raises(KeysError, match=r"lacks token\.key"):
        make_missing(folder, OFFICES, mark)


def test_data_without_their_keys_do_not_get_new_ones(folder: Path, mark: Path) -> None:
    make_missing(folder, OFFICES, mark)
    shutil.rmtree(folder / "personal")
    with pytest.raises(KeysError, match="restore it"):
        make_missing(folder, OFFICES, mark)
    assert not (folder / "personal").exists()


def test_keys_of_another_province_are_refused(folder: Path, mark: Path, tmp_path: Path) -> None:
    make_missing(folder, OFFICES, mark)
    other = tmp_path / "other"
    other.mkdir()
    make_missing(other, OFFICES, tmp_path / "mark" / "other")
    with pytest.raises(KeysError, match="another key"):
        make_missing(other, OFFICES, mark)


def test_no_key_stands_in_the_mark(folder: Path, mark: Path) -> None:
    make_missing(folder, OFFICES, mark)
    assert read_secret(folder / "personal" / "token.key") not in mark.read_text()
