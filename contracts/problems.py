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
              "Pakai salah satu jenis di /v1/contracts pada gateway provinsi.", "Use one of the types that the province's gateway lists under /v1/contracts."),
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
        Entry("FILE-UNREADABLE", _S.UNPROCESSABLE_ENTITY, "Berkas tidak dapat dibaca", "The file cannot be read",
              "Buka di aplikasi kantor, simpan ulang sebagai XLSX atau CSV, lalu kirim lagi.", "Open it in the office's program, save it again as XLSX or CSV and send that."),
        Entry("FILE-PACKED", _S.UNPROCESSABLE_ENTITY, "Berkas masih termampat", "The file is still packed",
              "Buka arsipnya dahulu, lalu kirim berkas di dalamnya.", "Unpack it and send the file inside."),
        Entry("FILE-TOO-LARGE", _S.REQUEST_ENTITY_TOO_LARGE, "Isi buku kerja terlalu besar untuk dibaca", "The workbook holds more than can be read",
              "Simpan sebagai CSV, atau bagi menjadi satu lembar per kecamatan.", "Save it as CSV, or split it into one sheet per kecamatan."),
        Entry("FILE-EMPTY", _S.UNPROCESSABLE_ENTITY, "Berkas tidak berisi data", "The file holds no data",
              "Kirim berkas yang berisi judul kolom dan sedikitnya satu baris.", "Send a file with a header row and at least one row."),
        Entry("FILE-KIND-UNKNOWN", _S.UNPROCESSABLE_ENTITY, "Jenis tabel tidak dikenal", "A table of an unknown kind",
              "Pakai judul kolom Model A, daftar perubahan, C.Hasil; lihat docs/files.md.", "Use the headers of Model A, the list of changes or C.Hasil; see docs/files.md."),
        Entry("FILE-TRUNCATED", _S.UNPROCESSABLE_ENTITY, "Berkas terpotong", "The file was cut short",
              "Ekspor ulang dari sistem kantor dan kirim seluruhnya.", "Export it again and send all of it."),
        Entry("FILE-COLUMN-MISSING", _S.UNPROCESSABLE_ENTITY, "Kolom wajib tidak ada", "A required column is missing",
              "Tambahkan kolom yang disebut, atau perbaiki judulnya.", "Add the column that is named or correct its header."),
        Entry("FILE-COLUMN-TWICE", _S.UNPROCESSABLE_ENTITY, "Judul kolom kembar", "Two columns have one meaning",
              "Hapus salah satu kolom atau perbaiki judulnya.", "Remove one of the two or correct its header."),
        Entry("FILE-COLUMN-UNKNOWN", _S.UNPROCESSABLE_ENTITY, "Kolom tidak dikenal dan tidak dibaca", "A column nobody knows, not read",
              "Periksa ejaan judul; bila memang tambahan kantor, biarkan.", "Check the header's spelling; leave it when it is the office's own."),
        Entry("FILE-COLUMN-BLANK", _S.UNPROCESSABLE_ENTITY, "Kolom tanpa judul dan tidak dibaca", "A column without a header, not read",
              "Pisahkan sel judul yang digabung dan isi judul tiap kolom.", "Unmerge the header cells and give each column its own."),
        Entry("FILE-CELL-EMPTY", _S.UNPROCESSABLE_ENTITY, "Sel wajib kosong", "A required cell is empty",
              "Lengkapi sel itu.", "Fill in the cell."),
        Entry("FILE-CELL-INVALID", _S.UNPROCESSABLE_ENTITY, "Isi sel tidak sesuai", "The cell does not hold what its column asks for",
              "Perbaiki sel sesuai bentuk yang diharapkan.", "Give the cell the form that is expected."),
        Entry("FILE-CELLS-SHIFTED", _S.UNPROCESSABLE_ENTITY, "Isi baris bergeser kolom", "The cells of a row stand in the wrong columns",
              "Geser kembali isi baris mulai dari sel yang disebut.", "Move the cells of the row back, from the named cell on."),
        Entry("FILE-ROW-TOTAL", _S.UNPROCESSABLE_ENTITY, "Baris jumlah ikut terkirim", "A total row stands among the data",
              "Hapus baris jumlah atau subjumlah.", "Remove the total or subtotal row."),
        Entry("FILE-NIK-NUMBER", _S.UNPROCESSABLE_ENTITY, "Nomor 16 angka tersimpan sebagai bilangan", "A number of 16 digits was stored as a figure",
              "Angka terakhirnya sudah hilang dan tidak dapat dipulihkan: ambil ulang dari sumber, format kolom sebagai Teks.", "Its last digits are lost and nothing brings them back: take it from the source again, with the column formatted as Text."),
        Entry("FILE-NIK-LENGTH", _S.UNPROCESSABLE_ENTITY, "NIK bukan 16 angka yang sah", "A NIK that is not 16 valid digits",
              "Periksa NIK pada KTP-el atau KK.", "Check the NIK against KTP-el or KK."),
        Entry("FILE-NKK-LENGTH", _S.UNPROCESSABLE_ENTITY, "NKK bukan 16 angka", "A NKK that is not 16 digits",
              "Periksa NKK pada KK; kosongkan bila tidak ada.", "Check the NKK against the KK; leave it empty when there is none."),
        Entry("FILE-NIK-NKK-SWAPPED", _S.UNPROCESSABLE_ENTITY, "NIK dan NKK tertukar", "NIK and NKK stand in each other's column",
              "Tukar isi kedua sel.", "Exchange the two cells."),
        Entry("FILE-NIK-TWICE", _S.UNPROCESSABLE_ENTITY, "Satu NIK pada dua baris berkas ini", "One NIK on two rows of this file",
              "Putuskan baris yang benar; baris pertama yang dipakai sampai saat itu.", "Decide which row is right; the first one stands until then."),
        Entry("FILE-DATE-SWAPPED", _S.UNPROCESSABLE_ENTITY, "Hari dan bulan tertukar", "Day and month are exchanged",
              "Tulis tanggal sebagai HH-BB-TTTT.", "Write the date as DD-MM-YYYY."),
        Entry("FILE-DATE-SERIAL", _S.UNPROCESSABLE_ENTITY, "Tanggal tersimpan sebagai bilangan Excel", "The date is an Excel serial number",
              "Format kolom sebagai tanggal HH-BB-TTTT.", "Format the column as a date DD-MM-YYYY."),
        Entry("FILE-DATE-INVALID", _S.UNPROCESSABLE_ENTITY, "Tanggal tidak dapat dibaca", "The date cannot be read",
              "Tulis tanggal sebagai HH-BB-TTTT.", "Write the date as DD-MM-YYYY."),
        Entry("FILE-ZERO-EATEN", _S.UNPROCESSABLE_ENTITY, "Nol di depan hilang", "A leading zero was eaten",
              "Tulis nomor lengkap dengan nolnya; format kolom sebagai Teks.", "Write the number with its zeros; format the column as Text."),
        Entry("FILE-TEXT-INVISIBLE", _S.UNPROCESSABLE_ENTITY, "Teks memuat tanda yang tidak terlihat", "A text holds signs that cannot be seen",
              "Ketik ulang teks itu.", "Type the text again."),
        Entry("FILE-TEXT-LOOKALIKE", _S.UNPROCESSABLE_ENTITY, "Huruf aksara lain yang mirip huruf Latin", "Letters of another script that look Latin",
              "Ketik ulang teks itu dengan huruf Latin.", "Type the text again in Latin letters."),
        Entry("FILE-TEXT-FORMULA", _S.UNPROCESSABLE_ENTITY, "Teks berupa rumus", "A text that a spreadsheet would run as a formula",
              "Ganti rumus dengan isinya.", "Replace the formula by its content."),
        Entry("FILE-TEXT-DAMAGED", _S.UNPROCESSABLE_ENTITY, "Huruf rusak karena salah pengodean", "Letters damaged by a wrong encoding",
              "Ekspor ulang sebagai UTF-8.", "Export it again as UTF-8."),
        Entry("FILE-TEXT-LONG", _S.UNPROCESSABLE_ENTITY, "Teks terlalu panjang", "A text that is too long",
              "Periksa apakah beberapa sel tergabung; tanda kutip mungkin tidak ditutup.", "Check whether cells ran together; a quote may be left open."),
        Entry("FILE-FIGURE-INVALID", _S.UNPROCESSABLE_ENTITY, "Angka bukan bilangan bulat nol atau lebih", "A figure that is not a whole number, zero or more",
              "Tulis angka seperti pada formulir; kotak yang kosong dibiarkan kosong.", "Write the figure as on the form; leave an empty box empty."),
        Entry("FILE-OFFICE-FOREIGN", _S.UNPROCESSABLE_ENTITY, "Wilayah milik kantor lain", "The wilayah of another office",
              "Kirim berkas wilayah sendiri; baris ini dikirim kantornya.", "Send files of your own wilayah; its office sends this row."),
        Entry("FILE-CONTEST-UNKNOWN", _S.UNPROCESSABLE_ENTITY, "Pemilihan atau kontes tidak dikenal", "An unknown election or contest",
              "Periksa kode kontes, misalnya pkwkp-2024; berkas mungkin dari pemilihan lain.", "Check the code of the contest, such as pkwkp-2024; the file may be of another election."),
        Entry("FILE-TPS-TWICE", _S.UNPROCESSABLE_ENTITY, "Satu TPS pada dua baris berkas ini", "One TPS on two rows of this file",
              "Putuskan baris yang benar; baris pertama yang dipakai sampai saat itu.", "Decide which row is right; the first one stands until then."),
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
