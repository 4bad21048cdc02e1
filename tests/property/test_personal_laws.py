"""The laws of sealing: whatever a person is called, a block opens for her alone and repeats itself exactly."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.personal import CannotOpenError, DataPribadi, Mac, normalised
from tests.builders import KEYS

subjects = st.from_regex(r"pemilih/[0-9]{4}/[0-9a-f]{32}", fullmatch=True)


def _nonce(sealed: str) -> bytes:
    return base64.b64decode(sealed.partition(".")[2])[:12]


@given(subjects, st.binary(max_size=2_000))
def test_what_is_sealed_opens_and_repeats_itself(subject: str, clear: bytes) -> None:
    sealed = KEYS.seal(subject, clear)
    assert KEYS.open(subject, sealed) == clear
    assert KEYS.seal(subject, clear) == sealed


@given(subjects, subjects, st.binary(max_size=200))
def test_a_block_that_was_moved_does_not_open(subject: str, other: str, clear: bytes) -> None:
    if subject == other:
        return
    with pytest.raises(CannotOpenError):
        KEYS.open(other, KEYS.seal(subject, clear))


@given(subjects, st.binary(max_size=200), st.binary(max_size=200))
def test_two_contents_never_share_a_nonce(subject: str, one: bytes, other: bytes) -> None:
    assert (_nonce(KEYS.seal(subject, one)) == _nonce(KEYS.seal(subject, other))) == (one == other)


@given(subjects, st.text(max_size=200))
def test_any_text_in_the_place_of_a_block_is_refused(subject: str, text: str) -> None:
    with pytest.raises(CannotOpenError):
        KEYS.open(subject, text)
    with pytest.raises(CannotOpenError):
        KEYS.open(subject, f"{KEYS.key_id}.{text}")


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_our_mac_is_the_hmac_of_the_standard_library(key: bytes, message: bytes) -> None:
    assert Mac(key).digest(message) == hmac.new(key, message, hashlib.sha256).digest()


@given(st.text(max_size=60))
def test_a_compared_text_has_one_form(text: str) -> None:
    once = normalised(text)
    assert normalised(f"  {text}\t") == once
    assert once == once.strip()
    assert "  " not in once


@given(st.text(min_size=1, max_size=32), st.text(min_size=1, max_size=120))
def test_every_text_has_its_tokens(nik: str, nama: str) -> None:
    person = DataPribadi(nik=nik, nama=nama, tanggal_lahir="")
    tokens = KEYS.match_tokens(person, jenis_kelamin="P", disabilitas=None)
    assert all(len(token) == 32 and set(token) <= set("0123456789abcdef") for token in (KEYS.nik_token(nik), *tokens))
