"""The catalogue of answers: every way in which a request can fail, with what to do about it.

Answers are RFC 9457 problem details. ``code`` is stable; texts are in Bahasa Indonesia for the
operator and in English for the developer.
"""

# ruff: noqa: E501  # one entry, two lines: the catalogue reads as a table

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from pydantic import Field

from contracts.envelope import ClosedModel

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of problem."""

    code: str
    status: HTTPStatus
    judul: str
    title: str
    saran: str
    fix: str


class ProblemItem(ClosedModel):
    """One thing wrong in one change of a request."""

    code: str
    index: int
    """Place of the change in the request, from 0."""
    pointer: str
    """JSON Pointer of the place within that change."""
    seen: str
    expected: str
    judul: str
    title: str
    saran: str
    fix: str


class Problem(ClosedModel):
    """The body of an answer that says no (RFC 9457 with our extensions)."""

    type: str
    title: str
    judul: str
    status: int
    detail: str
    code: str
    saran: str
    fix: str
    errors: list[ProblemItem] = Field(default_factory=list)


_S = HTTPStatus
CATALOGUE: Final = {
    entry.code: entry
    for entry in (
        Entry("JSON-INVALID", _S.UNPROCESSABLE_ENTITY, "JSON tidak dapat dibaca", "The JSON cannot be read",
              "Periksa tanda kutip, koma dan kurung pada baris itu.", "Check quotes, commas and brackets of that line."),
        Entry("ENCODING-INVALID", _S.UNPROCESSABLE_ENTITY, "Bukan UTF-8", "Not UTF-8",
              "Simpan berkas sebagai UTF-8 lalu kirim ulang.", "Save the file as UTF-8 and send it again."),
        Entry("JSON-KEY-TWICE", _S.UNPROCESSABLE_ENTITY, "Isian yang sama ditulis dua kali", "A key stands twice in one object",
              "Hapus salah satu isian yang kembar.", "Remove one of the two."),
        Entry("TEXT-CONTROL", _S.UNPROCESSABLE_ENTITY, "Teks memuat karakter kendali", "A text holds control characters",
              "Hapus karakter yang tidak terlihat, misalnya baris baru atau NUL.", "Remove invisible characters such as line breaks or NUL."),
        Entry("PERSONAL-IN-CLEAR", _S.UNPROCESSABLE_ENTITY, "NIK atau NKK tertulis di isian terbuka", "A NIK or NKK stands in a field that is not sealed",
              "Hapus nomor itu dari id, dokumen atau alasan.", "Remove the number from id, dokumen or alasan."),
        Entry("DIGEST-MISMATCH", _S.UNPROCESSABLE_ENTITY, "Isi data berubah di perjalanan", "The data is not what its digest says",
              "Kirim ulang dari sistem kantor; jangan mengubah baris yang sudah dicap.", "Send it again from the office; nobody alters a stamped line."),
        Entry("NOT-CANONICAL", _S.UNPROCESSABLE_ENTITY, "Baris tidak ditulis dalam bentuk baku", "The line is not in canonical form",
              "Kirim melalui ingest kantor, satu-satunya yang menulis baris.", "Send it through the office's ingest, which alone writes lines."),
        Entry("TYPE-UNKNOWN", _S.UNPROCESSABLE_ENTITY, "Jenis peristiwa tidak dikenal", "Unknown event type",
              "Pakai salah satu jenis di /contracts.", "Use one of the types listed under /contracts."),
        Entry("FIELD-MISSING", _S.UNPROCESSABLE_ENTITY, "Isian wajib tidak ada", "A required field is missing",
              "Lengkapi isian yang disebut.", "Add the field that is named."),
        Entry("FIELD-UNKNOWN", _S.UNPROCESSABLE_ENTITY, "Isian tidak dikenal", "A field that the contract does not have",
              "Hapus isian itu atau periksa ejaannya.", "Remove the field or check its spelling."),
        Entry("FIELD-INVALID", _S.UNPROCESSABLE_ENTITY, "Isian tidak sesuai bentuknya", "A field has the wrong form",
              "Perbaiki isian sesuai bentuk yang diharapkan.", "Give the field the form that is expected."),
        Entry("RES-NONNEG-INT", _S.UNPROCESSABLE_ENTITY, "Angka harus bilangan bulat nol atau lebih", "A figure must be a whole number, zero or more",
              "Tulis angka seperti pada formulir; kosong ditulis null.", "Write the figure as on the form; an empty box is null."),
        Entry("SOURCE-FOREIGN", _S.UNPROCESSABLE_ENTITY, "Pengirim bukan kantor ini", "The source is another office",
              "Hilangkan source atau isi dengan kantor sendiri.", "Leave source out or give your own office."),
        Entry("SUBJECT-FOREIGN", _S.UNPROCESSABLE_ENTITY, "Data milik kantor lain", "The record belongs to another office",
              "Kirim data wilayah sendiri; data wilayah lain dikirim kantornya.", "Send records of your own wilayah only."),
        Entry("SUBJECT-MISMATCH", _S.UNPROCESSABLE_ENTITY, "Subject tidak cocok dengan isi data", "The subject is not what the data is about",
              "Hilangkan subject; sistem menurunkannya dari data.", "Leave subject out; it is derived from the data."),
        Entry("SUBJECT-MISSING", _S.UNPROCESSABLE_ENTITY, "Penarikan tanpa subject", "A retraction without a subject",
              "Sebutkan subject yang ditarik.", "Name the subject that is retracted."),
        Entry("RECORD-UNKNOWN", _S.UNPROCESSABLE_ENTITY, "Data yang ditarik belum pernah dikirim", "The record was never sent by this office",
              "Periksa subject atau NIK yang ditarik.", "Check the subject or NIK being retracted."),
        Entry("BASE-OUTDATED", _S.CONFLICT, "Perbaikan dibuat dari versi lama", "The correction was made from an older version",
              "Ambil versi terbaru, ulangi perbaikan.", "Read the newest version and correct that."),
        Entry("ID-REUSED", _S.CONFLICT, "Id sudah dipakai untuk isi lain", "The id was used for other content",
              "Beri id baru untuk pernyataan baru.", "Give a new statement a new id."),
        Entry("CHANGES-REFUSED", _S.UNPROCESSABLE_ENTITY, "Tidak ada perubahan yang dapat diterima", "None of the changes could be taken",
              "Perbaiki setiap perubahan yang disebut lalu kirim ulang.", "Correct each change that is named and send it again."),
        Entry("SIREKAP-UNKNOWN", _S.UNPROCESSABLE_ENTITY, "Bentuk berkas Sirekap tidak dikenal", "A Sirekap file of an unknown shape",
              "Kirim berkas asli dari Sirekap, tanpa diubah.", "Send the file as Sirekap published it, unaltered."),
        Entry("LINE-TOO-LARGE", _S.REQUEST_ENTITY_TOO_LARGE, "Satu perubahan terlalu besar", "One change is too large",
              "Satu perubahan paling besar 256 KiB.", "One change may have 256 KiB at most."),
        Entry("TOO-MANY-CHANGES", _S.REQUEST_ENTITY_TOO_LARGE, "Terlalu banyak perubahan dalam satu kiriman", "Too many changes in one request",
              "Bagi kiriman menjadi beberapa bagian.", "Split the request."),
        Entry("BODY-TOO-LARGE", _S.REQUEST_ENTITY_TOO_LARGE, "Kiriman terlalu besar", "The body is too large",
              "Bagi kiriman menjadi beberapa bagian.", "Split the request."),
        Entry("BODY-TIMEOUT", _S.REQUEST_TIMEOUT, "Kiriman tidak selesai pada waktunya", "The body did not arrive in time",
              "Kirim ulang; perubahan yang sama tidak akan dihitung dua kali.", "Send it again; the same change counts once."),
        Entry("BODY-EMPTY", _S.UNPROCESSABLE_ENTITY, "Kiriman kosong", "The body is empty",
              "Kirim sedikitnya satu perubahan.", "Send at least one change."),
        Entry("COMPRESSION-INVALID", _S.BAD_REQUEST, "Kiriman termampat rusak atau terpotong", "The compressed body is damaged or cut short",
              "Mampatkan dan kirim ulang; perubahan yang sama tidak akan dihitung dua kali.", "Compress and send it again; the same change counts once."),
        Entry("COMPRESSION-UNKNOWN", _S.UNSUPPORTED_MEDIA_TYPE, "Cara pemampatan tidak dilayani", "Unsupported content encoding",
              "Pakai gzip, atau kirim tanpa pemampatan.", "Use gzip, or send the body as it is."),
        Entry("MEDIA-TYPE-UNKNOWN", _S.UNSUPPORTED_MEDIA_TYPE, "Jenis kiriman tidak dikenal", "Unsupported media type",
              "Pakai application/cloudevents+json, application/cloudevents-batch+json atau application/x-ndjson.",
              "Use application/cloudevents+json, application/cloudevents-batch+json or application/x-ndjson."),
        Entry("KEY-MISSING", _S.UNAUTHORIZED, "Kunci API tidak disertakan", "No API key",
              "Sertakan kunci kantor: Authorization: Bearer <kunci>.", "Send the office's key: Authorization: Bearer <key>."),
        Entry("KEY-UNKNOWN", _S.UNAUTHORIZED, "Kunci API tidak dikenal", "Unknown API key",
              "Periksa kunci kantor pada pengelola sistem.", "Ask the operator for the office's key."),
        Entry("NOT-FOUND", _S.NOT_FOUND, "Tidak ditemukan", "Not found",
              "Periksa alamat atau kode yang diminta.", "Check the address or the code."),
        Entry("METHOD-NOT-ALLOWED", _S.METHOD_NOT_ALLOWED, "Cara permintaan tidak dilayani", "Method not allowed",
              "Lihat /docs untuk cara yang benar.", "See /docs for the right method."),
        Entry("QUERY-INVALID", _S.UNPROCESSABLE_ENTITY, "Parameter tidak sesuai", "A parameter is not valid",
              "Perbaiki parameter yang disebut.", "Correct the parameter that is named."),
        Entry("SPOOL-FULL", _S.INSUFFICIENT_STORAGE, "Penyimpanan kantor penuh", "The office's storage is full",
              "Kosongkan ruang simpan; kiriman sebelumnya aman.", "Free some storage; what was receipted is safe."),
        Entry("SPOOL-AWAY", _S.SERVICE_UNAVAILABLE, "Penyimpanan kantor tidak dapat ditulis", "The office's storage cannot be written",
              "Periksa penyimpanan lalu kirim ulang; kiriman sebelumnya aman.", "Check the storage and send it again; what was receipted is safe."),
        Entry("BUSY", _S.SERVICE_UNAVAILABLE, "Layanan sedang penuh", "The service is busy",
              "Ulangi beberapa saat lagi.", "Try again in a moment."),
        Entry("STORE-AWAY", _S.SERVICE_UNAVAILABLE, "Basis data provinsi sedang tidak terjangkau", "The provincial store cannot be reached",
              "Ulangi beberapa saat lagi; tidak ada data yang hilang.", "Try again in a moment; nothing is lost."),
        Entry("INTERNAL", _S.INTERNAL_SERVER_ERROR, "Kesalahan pada layanan", "A fault of the service",
              "Laporkan kepada pengelola sistem.", "Report it to the operator of the service."),
    )
}  # fmt: skip


def problem(code: str, detail: str, errors: list[ProblemItem] | None = None) -> Problem:
    """Return the problem details for ``code``, with ``detail`` naming what was seen and expected."""
    entry = CATALOGUE[code]
    return Problem(
        type=f"/problems/{entry.code}",
        title=entry.title,
        judul=entry.judul,
        status=entry.status,
        detail=detail,
        code=entry.code,
        saran=entry.saran,
        fix=entry.fix,
        errors=errors or [],
    )


def problem_item(code: str, *, index: int, pointer: str, seen: str, expected: str) -> ProblemItem:
    """Return one entry of ``errors``, with the texts of the catalogue."""
    entry = CATALOGUE[code]
    return ProblemItem(
        code=entry.code,
        index=index,
        pointer=pointer,
        seen=seen,
        expected=expected,
        judul=entry.judul,
        title=entry.title,
        saran=entry.saran,
        fix=entry.fix,
    )
