"""Options come before the environment, and the environment before the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.desk.adapters.own_files import read_key, write_beside, write_private, write_settings
from services.desk.core.misuse import MisuseError
from services.desk.settings import read_settings


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path)}


def test_the_file_is_under_the_environment_and_that_under_the_options(environ: dict[str, str]) -> None:
    config = read_settings(environ, {}).config
    write_settings(config, {"ingest": "http://satu:1", "gateway": "http://satu:2", "office": "3279", "lang": "en"})
    environ |= {"SATUPETA_GATEWAY": "http://dua:2/", "SATUPETA_OFFICE": "3278"}
    settings = read_settings(environ, {"office": "3277", "lang": None})
    assert (settings.ingest, settings.gateway, settings.office, settings.lang) == (
        "http://satu:1",
        "http://dua:2",
        "3277",
        "en",
    )


def test_without_any_of_them_the_desk_speaks_bahasa_indonesia(environ: dict[str, str], tmp_path: Path) -> None:
    settings = read_settings(environ, {})
    assert (settings.lang, settings.ingest) == ("id", None)
    assert settings.config == tmp_path / ".config/satupeta/config.toml"


@pytest.mark.parametrize(
    "options", [{"ingest": "ftp://x"}, {"lang": "fr"}, {"patience": "lama"}, {"patience": "-1"}, {"patience": "nan"}]
)
def test_a_setting_that_is_no_such_thing_is_named(environ: dict[str, str], options: dict[str, str]) -> None:
    with pytest.raises(MisuseError) as caught:
        read_settings(environ, options)
    assert caught.value.values["name"] in options


def test_a_file_that_is_no_toml_is_named(environ: dict[str, str]) -> None:
    write_private(read_settings(environ, {}).config, "ingest = ")
    with pytest.raises(MisuseError, match="config-unreadable"):
        read_settings(environ, {})


def test_what_the_desk_keeps_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "baru/key-3279", "kunci\n")
    assert (tmp_path / "baru/key-3279").stat().st_mode & 0o777 == 0o600
    assert read_key(tmp_path / "baru/key-3279") == "kunci"


@pytest.mark.parametrize("text", ["", "dua kata", "dua\nbaris", "künci"])
def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    write_private(tmp_path / "key", text)
    with pytest.raises(MisuseError, match="key-unreadable") as caught:
        read_key(tmp_path / "key")
    assert not text.strip() or text not in repr(caught.value.values)


def test_a_copy_never_takes_the_place_of_one_that_somebody_works_in(tmp_path: Path) -> None:
    list_ = tmp_path / "pemilih.csv"
    first = write_beside(list_, "pemilih.ditandai.xlsx", b"satu")
    second = write_beside(list_, "pemilih.ditandai.xlsx", b"dua")
    assert (first.name, second.name) == ("pemilih.ditandai.xlsx", "pemilih.ditandai-2.xlsx")
    assert (first.read_bytes(), second.read_bytes()) == (b"satu", b"dua")
    assert first.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [second.name, first.name]
