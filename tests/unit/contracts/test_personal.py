"""Personal data: what a seal promises, and what a token does."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from contracts.personal import KEY_BYTES, CannotOpenError, DataPribadi, Mac, PersonalKeys, normalised
from tests.builders import KEYS

SUBJECT = f"pemilih/3279/{'a' * 32}"
OTHER_SUBJECT = f"pemilih/3279/{'b' * 32}"
CLEAR = b'{"nik":"uji","nama":"SITI AMINAH","tanggal_lahir":"1990-04-15"}'
OTHER_KEYS = PersonalKeys(key_id="uji1", seal_key=bytes(32), token_key=bytes(range(32, 64)))


def wide(text: str) -> str:
    """Return ``text`` in the full-width letters of an East Asian keyboard."""
    return "".join(chr(ord(character) + 0xFEE0) if character != " " else "\u3000" for character in text)


def nonce_of(sealed: str) -> bytes:
    return base64.b64decode(sealed.partition(".")[2])[:12]


def test_what_is_sealed_opens_for_its_subject() -> None:
    assert KEYS.open(SUBJECT, KEYS.seal(SUBJECT, CLEAR)) == CLEAR
    assert KEYS.open(SUBJECT, KEYS.seal(SUBJECT, b"")) == b""


def test_a_block_does_not_open_for_somebody_else() -> None:
    with pytest.raises(CannotOpenError, match="does not open for this subject"):
        KEYS.open(OTHER_SUBJECT, KEYS.seal(SUBJECT, CLEAR))


def test_a_block_does_not_open_with_another_key() -> None:
    with pytest.raises(CannotOpenError):
        OTHER_KEYS.open(SUBJECT, KEYS.seal(SUBJECT, CLEAR))


def test_a_block_names_the_key_that_opens_it() -> None:
    later = PersonalKeys(key_id="uji2", seal_key=bytes(range(32)), token_key=bytes(range(32, 64)))
    with pytest.raises(CannotOpenError, match="sealed with key 'uji1', this service holds 'uji2'"):
        later.open(SUBJECT, KEYS.seal(SUBJECT, CLEAR))


def test_every_altered_byte_of_a_block_is_noticed() -> None:
    key_id, _, text = KEYS.seal(SUBJECT, CLEAR).partition(".")
    block = base64.b64decode(text)
    for place in range(len(block)):
        altered = bytearray(block)
        altered[place] ^= 1
        with pytest.raises(CannotOpenError):
            KEYS.open(SUBJECT, f"{key_id}.{base64.b64encode(altered).decode()}")


@pytest.mark.parametrize("block", ["", "uji1", "uji1.", "uji1.AAAA", "uji1.!", "uji1.é", ".", "uji1." + "A" * 39])
def test_what_is_no_block_does_not_open(block: str) -> None:
    with pytest.raises(CannotOpenError):
        KEYS.open(SUBJECT, block)


def test_the_same_content_seals_to_the_same_bytes() -> None:
    again = PersonalKeys(key_id=KEYS.key_id, seal_key=KEYS.seal_key, token_key=KEYS.token_key)
    assert KEYS.seal(SUBJECT, CLEAR) == again.seal(SUBJECT, CLEAR)


def test_two_contents_or_two_subjects_never_share_a_nonce() -> None:
    contents = [b"%d" % number for number in range(2_000)]
    nonces = {nonce_of(KEYS.seal(subject, clear)) for subject in (SUBJECT, OTHER_SUBJECT) for clear in contents}
    assert len(nonces) == 2 * len(contents)


def test_subject_and_content_cannot_be_shifted_into_one_another() -> None:
    assert nonce_of(KEYS.seal("a", b"bc")) != nonce_of(KEYS.seal("ab", b"c"))


@pytest.mark.parametrize("key", [b"", b"k", bytes(32), bytes(range(64))])
@pytest.mark.parametrize("message", [b"", b"pesan", bytes(1_000)])
def test_our_mac_is_the_hmac_of_the_standard_library(key: bytes, message: bytes) -> None:
    assert Mac(key).digest(message) == hmac.new(key, message, hashlib.sha256).digest()
    assert Mac(key).token(message) == hmac.new(key, message, hashlib.sha256).hexdigest()[:32]


def test_a_mac_can_be_asked_again() -> None:
    mac = Mac(bytes(32))
    assert mac.digest(b"satu") != mac.digest(b"dua")
    assert mac.digest(b"satu") == mac.digest(b"satu")


def test_a_key_longer_than_a_block_is_our_mistake() -> None:
    with pytest.raises(AssertionError):
        Mac(bytes(65))


@pytest.mark.parametrize("name", ["seal_key", "token_key"])
def test_a_key_of_another_length_is_refused_without_showing_it(name: str) -> None:
    keys = {"seal_key": bytes(KEY_BYTES), "token_key": bytes(KEY_BYTES), name: b"rahasia"}
    with pytest.raises(ValueError, match="has 7 bytes, expected 32") as error:
        PersonalKeys(key_id="uji1", **keys)
    assert "rahasia" not in str(error.value)


def test_keys_do_not_show_themselves() -> None:
    shown = repr(PersonalKeys(key_id="uji1", seal_key=b"s" * 32, token_key=b"t" * 32))
    assert "ssss" not in shown
    assert "tttt" not in shown


def test_a_nik_has_one_token_whichever_key_seals() -> None:
    assert KEYS.nik_token("uji") == OTHER_KEYS.nik_token("uji")
    assert KEYS.nik_token("uji") != KEYS.nik_token("uji ")


def a_person(**fields: str) -> DataPribadi:
    return DataPribadi(
        **{
            "nik": "uji",
            "nkk": "kk",
            "nama": "Siti  Aminah",
            "tempat_lahir": "Banjar",
            "tanggal_lahir": "1990-04-15",
            "alamat": "Jl. Letjen Suwarto",
            "status_kawin": "S",
            **fields,
        }  # type: ignore[arg-type]  # a test writes only fields that exist
    )


def tokens(person: DataPribadi, jenis_kelamin: str = "P", disabilitas: str | None = "0") -> tuple[str, str, str, str]:
    return KEYS.match_tokens(person, jenis_kelamin=jenis_kelamin, disabilitas=disabilitas)


def equal_classes(one: DataPribadi, other: DataPribadi) -> list[str]:
    pairs = zip(("k1", "k2", "k3", "k4"), tokens(one), tokens(other), strict=True)
    return [name for name, mine, theirs in pairs if mine == theirs]


def test_spelling_that_a_reader_would_not_notice_does_not_part_a_person() -> None:
    assert equal_classes(a_person(), a_person(nama=" siti aminah ")) == ["k1", "k2", "k3", "k4"]
    assert equal_classes(a_person(), a_person(nama=wide("SITI AMINAH"))) == ["k1", "k2", "k3", "k4"]


def test_each_class_compares_what_its_definition_says() -> None:
    assert equal_classes(a_person(), a_person(nkk="kk lain")) == ["k2", "k3", "k4"]
    assert equal_classes(a_person(), a_person(alamat="Jl. Lain")) == ["k3", "k4"]
    assert equal_classes(a_person(), a_person(tempat_lahir="Ciamis")) == ["k4"]
    assert equal_classes(a_person(), a_person(nama="Siti Aminah B")) == []
    assert equal_classes(a_person(), a_person(nik="lain")) == []


def test_the_classes_of_one_person_are_told_apart() -> None:
    assert len(set(tokens(a_person()))) == 4


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("siti  aminah", "SITI AMINAH"),
        ("\tSiti\nAminah ", "SITI AMINAH"),
        (wide("siti"), "SITI"),
        ("nurḥayāti", "NURḤAYĀTI"),
        ("", ""),
    ],
)
def test_texts_are_compared_in_one_form(written: str, compared: str) -> None:
    assert normalised(written) == compared
    assert normalised(normalised(written)) == compared
