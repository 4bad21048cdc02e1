"""Structure: what is wrong with bytes before any rule can be asked, in words an office understands."""

from __future__ import annotations

from typing import Final

from contracts.codec import Fault
from contracts.verdict import Finding
from services.validator.core.rule import FINE, Basis, Breach, Breaches, Rule
from services.validator.core.tiers import TIERS

_FAULTS_MAX: Final = 20
"""More than so many faults of one line help nobody."""


def _never_asked(_data: object, _case: object) -> Breaches:
    return FINE


def _entry(  # noqa: PLR0913, PLR0917  # a catalogue has that many columns
    code: str, judul: str, title: str, pesan: str, message: str, source: str = "contracts/codec.py"
) -> Rule:
    basis = Basis.FORM if code.startswith("RES-") else Basis.SOURCE
    return Rule(code, (), basis, source, judul, title, pesan, message, _never_asked)


STRUCTURE: Final = {
    entry.code: entry
    for entry in (
        _entry("TYPE-UNKNOWN", "Jenis perubahan dikenal", "The event type is known",
               "Jenis perubahan tidak dikenal. Perbarui perangkat lunak kantor.",
               "The line names no known event type."),
        _entry("JSON-INVALID", "Baris adalah JSON", "The line is JSON",
               "Baris ini bukan JSON yang utuh: {expected}", "The line is not JSON: {expected}"),
        _entry("FIELD-UNKNOWN", "Tidak ada isian yang tidak dikenal", "No field is unknown",
               "Ada isian yang tidak dikenal; hapus atau perbaiki namanya.", "A field is not part of the contract."),
        _entry("FIELD-MISSING", "Isian wajib lengkap", "Required fields are present",
               "Isian wajib tidak ada.", "A required field is missing."),
        _entry("FIELD-INVALID", "Isian berbentuk benar", "Every field has its form",
               "Isian tidak sesuai bentuknya: {expected}", "A field does not have its form: {expected}"),
        _entry("RES-NONNEG-INT", "Angka adalah bilangan bulat tidak negatif", "Figures are whole and not negative",
               "Tertulis {seen}; angka formulir harus bilangan bulat 0 atau lebih.",
               "{seen} is no figure of a form: a whole number from 0 on is expected.", "DOMAIN.md 2.2, formulir"),
        _entry("DIGEST-MISMATCH", "Sidik isi cocok", "The digest fits the data",
               "Isi baris tidak cocok dengan sidiknya: berubah di perjalanan.", "The data are not what was stamped.",
               "decision 0001"),
        _entry("NOT-CANONICAL", "Baris berbentuk baku", "The line is canonical",
               "Baris tidak berbentuk baku; kirim melalui layanan ingest.", "The line was not written by ingest.",
               "decision 0001"),
        _entry("TEXT-CONTROL", "Teks tanpa karakter kendali", "Texts have no control characters",
               "Teks mengandung karakter kendali yang tidak tercetak.", "A text holds a control character."),
        _entry("LINE-TOO-LARGE", "Baris tidak terlalu besar", "The line is not too large",
               "Baris berukuran {seen} bita; paling besar {expected}.",
               "The line has {seen} bytes, at most {expected}."),
        _entry("LINE-MISSING", "Setiap nomor punya baris", "Every number has its line",
               "Nomor ini tercatat pada kiriman, tetapi barisnya tidak ada. Kirim ulang.",
               "The record covers this number but holds no line for it.", "decision 0002"),
        _entry("LINE-SURPLUS", "Setiap baris punya nomor", "Every line has its number",
               "Kiriman berisi {seen} baris lebih banyak daripada nomornya.",
               "The record has {seen} lines beyond its numbers.",
               "decision 0002"),
        _entry("BATCH-HEADER", "Kiriman menyebut nomornya", "The record says which numbers it carries",
               "Kiriman tidak dapat dibaca: kepala {seen}.", "The record cannot be read: its header is {seen}.",
               "contracts/batch.py"),
        _entry("BATCH-CONTRACT", "Versi kontrak dikenal", "The version of the contract is known",
               "Kiriman memakai kontrak versi {seen}; yang dikenal {expected}.",
               "Contract {seen}; known is {expected}.",
               "contracts/batch.py"),
        _entry("AUT-TOPIC", "Kantor hanya menulis ke jalurnya sendiri", "An office writes to its own topics only",
               "Kiriman atas nama {seen} masuk lewat jalur {expected}.",
               "A record of {seen} came on the topic of {expected}.",
               "invariant I9"),
        _entry("AUT-PLACE", "Nomor baris sesuai kirimannya", "The line has the number of its place",
               "Baris menyebut nomor {seen}; tempatnya {expected}.", "The line says {seen}, its place is {expected}.",
               "decision 0002"),
        _entry("JUDGE-FAULT", "Baris dapat diperiksa", "The line can be judged",
               "Baris tidak dapat diperiksa. Laporkan kepada pengelola sistem.",
               "The line cannot be judged: report it.",
               "invariant I15"),
        _entry("RULE-FAULT", "Setiap aturan dapat diperiksa", "Every rule can be asked",
               "Aturan {seen} gagal diperiksa; data disimpan sampai petugas provinsi memutuskan.",
               "Rule {seen} failed on this line; it waits for a person.", "invariant I15"),
    )
}  # fmt: skip


def structural(code: str, *, pointer: str = "", seen: str = "", expected: str = "") -> Finding:
    """Return what is said about one fault of structure."""
    return STRUCTURE[code].finding(TIERS[code], Breach(pointer, seen, expected))


def findings_of(faults: tuple[Fault, ...]) -> tuple[Finding, ...]:
    """Return what is said about bytes that are no change."""
    return tuple(
        structural(fault.code, pointer=fault.pointer.removeprefix("/data"), seen=fault.seen, expected=fault.expected)
        for fault in faults[:_FAULTS_MAX]
    )
