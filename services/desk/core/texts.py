"""Everything the desk says by itself, in Bahasa Indonesia for the operator with English beside it."""

# ruff: noqa: E501  # one text, one line where it fits: the file reads as a table

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from services.desk.core.figures import Language


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; what stands in braces is filled in.

    ``{changes:change|changes}`` is a number with its noun, for one and for any other.
    """

    bahasa: str
    english: str

    def of(self, language: Language) -> str:
        """Return the text in one language."""
        return self.bahasa if language == "id" else self.english


TEXTS: Final[dict[str, Text]] = {
    # What --help says.
    "help-satupeta": Text(
        "satupeta: meja kerja operator Satu Peta Data. Mengirim berkas kantor ke provinsi dan menunjukkan apa jadinya.\n"
        "Setiap perintah punya nama Indonesia (masuk, kirim, pantau, tanda-terima, penolakan, kirim-ulang,\n"
        "ditahan, perkara, putuskan, hilang, aturan) dan --help sendiri.",
        "satupeta: the operator's desk of Satu Peta Data. Pushes an office's files and tells what became of them.\n"
        "Every command has an Indonesian name too, and a --help of its own.",
    ),
    "help-endings": Text(
        "kode akhir: 0 selesai; 1 sebagian ditolak atau bermasalah; 2 perintah atau pengaturan salah; 3 layanan tidak\n"
        "terjangkau (ulangi perintah yang sama); 4 kunci ditolak; 5 ditolak seluruhnya; 6 data hilang menunggu keputusan;\n"
        "130 dihentikan.",
        "exit codes: 0 done; 1 some was refused or has problems; 2 wrong command or setting; 3 service unreachable (give\n"
        "the same command again); 4 key refused; 5 refused as a whole; 6 disappeared rows await a decision; 130 interrupted.",
    ),
    "help-commands": Text("perintah", "commands"),
    "help-options": Text("pilihan", "options"),
    "help-arguments": Text("isian", "arguments"),
    "help-usage": Text("pemakaian: ", "usage: "),
    "help-help": Text("tunjukkan bantuan ini", "show this help"),
    "help-lang": Text("bahasa: id atau en", "language: id or en"),
    "help-json": Text(
        "jawaban sebagai JSON untuk mesin, satu objek satu baris", "answer as JSON for machines, one object a line"
    ),
    "help-ingest": Text("alamat ingest kantor (SATUPETA_INGEST)", "address of the office's ingest (SATUPETA_INGEST)"),
    "help-gateway": Text(
        "alamat gateway provinsi (SATUPETA_GATEWAY)", "address of the province's gateway (SATUPETA_GATEWAY)"
    ),
    "help-office": Text("kode kantor (SATUPETA_OFFICE)", "code of the office (SATUPETA_OFFICE)"),
    "help-key-file": Text(
        "berkas berisi kunci API kantor (SATUPETA_KEY_FILE); kunci tidak pernah ditulis di baris perintah",
        "file with the office's API key (SATUPETA_KEY_FILE); the key itself never stands on the command line",
    ),
    "help-patience": Text(
        "berapa detik permintaan diulang selama tautan putus (SATUPETA_PATIENCE; biasanya 300)",
        "seconds for which a request is repeated while the link is down (SATUPETA_PATIENCE; usually 300)",
    ),
    "help-config": Text("berkas pengaturan (SATUPETA_CONFIG)", "settings file (SATUPETA_CONFIG)"),
    "help-state": Text(
        "folder ingatan meja: apa yang sudah dikirim (SATUPETA_STATE)",
        "folder of what the desk remembers: what was pushed (SATUPETA_STATE)",
    ),
    "help-login": Text(
        "simpan alamat dan kunci kantor sekali saja, setelah dicoba",
        "remember the office's address and key once, after trying them",
    ),
    "help-addresses": Text(
        "ambil alamat dan kunci --office dari berkas yang ditinggalkan `make demo`",
        "take address and key of --office from the file that `make demo` leaves",
    ),
    "help-push": Text(
        "kirim berkas: CSV, XLSX, JSON Sirekap, NDJSON atau CloudEvents; dikirim ulang tidak menggandakan apa pun",
        "push files: CSV, XLSX, Sirekap JSON, NDJSON or CloudEvents; pushing again doubles nothing",
    ),
    "help-files": Text("berkas yang dikirim, berurutan", "files to push, in order"),
    "help-kontes": Text(
        "kontes berkas Sirekap atau C.Hasil, mis. pkwkp-2024", "kontes of a Sirekap or C.Hasil file, as in pkwkp-2024"
    ),
    "help-problems": Text(
        "paling banyak sekian masalah ditampilkan satu per satu", "how many problems are listed one by one"
    ),
    "help-watch": Text(
        "pantau folder: kirim setiap berkas yang sudah selesai ditulis, sekali saja",
        "watch a folder: push each file that has stopped growing, once",
    ),
    "help-folder": Text("folder yang dipantau", "folder to watch"),
    "help-once": Text(
        "berhenti setelah semua berkas di folder terkirim", "end when everything in the folder is pushed"
    ),
    "help-every": Text(
        "jeda antara dua pengamatan, detik (biasanya {seconds})", "seconds between two looks (usually {seconds})"
    ),
    "help-status": Text(
        "posisi kantor: antrean, neraca, warna, berapa detik tertinggal",
        "where the office stands: queue, books, colour, seconds behind",
    ),
    "help-receipts": Text(
        "tanda terima satu perubahan, atau sejauh mana kiriman terakhir dari meja ini",
        "the receipt of one change, or how far the newest pushes of this desk have come",
    ),
    "help-receipt-id": Text("id perubahan", "id of the change"),
    "help-rejections": Text(
        "yang ditolak provinsi, dikelompokkan menurut sebab, dengan satu tindakan tiap sebab",
        "what stands rejected at the province, grouped by cause, with one action for each",
    ),
    "help-resend": Text(
        "kirim ulang semua yang ditolak karena satu sebab, setelah sebabnya hilang",
        "send again everything that was rejected for one cause, once the cause is gone",
    ),
    "help-resend-code": Text("kode sebab, mis. RES-TPS-KNOWN", "code of the cause, as in RES-TPS-KNOWN"),
    "help-type": Text(
        "hanya jenis peristiwa ini, mis. c_hasil.recorded.v1", "this event type only, as in c_hasil.recorded.v1"
    ),
    "help-also-held": Text("juga yang ditahan karena sebab itu", "also what is held for it"),
    "help-held": Text("yang ditahan di provinsi, menurut sebab", "what stands held at the province, by cause"),
    "help-cases": Text(
        "perkara: data yang saling bertentangan, dengan riwayatnya",
        "cases: records that contradict one another, with their trail",
    ),
    "help-case-id": Text("id perkara; tanpa id: daftarnya", "id of the case; without it: the list of them"),
    "help-case-state": Text(
        "open (terbuka, biasanya), decided (diputus), closed (selesai sendiri), all",
        "open (usual), decided, closed, or all",
    ),
    "help-owner": Text(
        "kantor pemilik datanya; di provinsi tanpa ini: semua kantor",
        "office that owns the records; at the province all of them when left out",
    ),
    "help-decide": Text(
        "putuskan yang ditahan atau perkara; diberi dua kali tetap satu putusan",
        "decide about what is held, or about cases; given twice it is one decision",
    ),
    "help-verdict": Text(
        "lepas (masuk jumlah; hanya provinsi), kembalikan (kantor memperbaiki), selesai (perkara)",
        "release (into the totals; the province alone), return (the office mends it), settle (a case)",
    ),
    "help-targets": Text(
        "sasaran dari `satupeta ditahan --code KODE`, atau id perkara",
        "target as shown by `satupeta held --code CODE`, or the id of a case",
    ),
    "help-decide-code": Text("sebab, bersama --all", "the cause, with --all"),
    "help-all": Text(
        "semua dengan --code itu, bila tidak lebih dari jumlah ini",
        "all with that --code, if they are no more than this",
    ),
    "help-decide-lane": Text("jalur sasaran (biasanya hasil)", "lane of the targets (usually hasil)"),
    "help-gone": Text(
        "baris yang hilang dari berkas kantor: lihat, lalu tetapkan dengan alasan",
        "rows that a file of the office no longer names: see them, and decide with a reason",
    ),
    "help-gone-id": Text(
        "id berkas; tanpa id: berkas yang menunggu keputusan", "id of the file; without it: the files that wait"
    ),
    "help-confirm": Text(
        "tarik sekian data yang hilang dari berkas (semua, atau --rows); perlu --reason",
        "take back so many that the file no longer names (all, or --rows); needs --reason",
    ),
    "help-rows": Text("hanya baris bernomor ini, mis. 1,3,7-12", "the rows with these numbers only, as in 1,3,7-12"),
    "help-after": Text("tampilkan mulai sesudah nomor ini", "list what stands after this number"),
    "help-dismiss": Text("biarkan data itu; perlu --reason", "leave it as it stands; needs --reason"),
    "help-reason": Text("alasan keputusan", "why it is decided so"),
    "help-document": Text(
        "nomor dokumen, mis. berita acara; juga untuk Sirekap bertanda PSU",
        "number of the document; for a file of Sirekap marked PSU as well",
    ),
    "help-role": Text("jabatan yang memutuskan, bukan nama", "role of whoever decides, never a name"),
    "help-covers": Text(
        "wilayah yang seluruh pemilihnya dimuat daftar ini, bila judulnya tidak menyebut; boleh diulang",
        "wilayah of which this list has every voter, where its title does not say; may be repeated",
    ),
    "help-kind": Text(
        "jenis daftar, bila tidak dikenali dari berkasnya",
        "kind of list, where the file does not tell",
    ),
    "help-rules": Text(
        "aturan yang diperiksa, dengan sumbernya", "the rules that are asked, with where they come from"
    ),
    "help-rule-code": Text("kode aturan, mis. RES-SUM-PASLON", "code of the rule, as in RES-SUM-PASLON"),
    "help-code": Text("hanya sebab ini, dengan daftarnya", "this cause only, with its list"),
    "help-lane": Text("hanya jalur ini", "this lane only"),
    "help-limit": Text("paling banyak sekian baris", "so many rows at most"),
    # What goes wrong.
    "usage-error": Text(
        "Perintah tidak dimengerti: {message}\nBantuan: {command} --help",
        "The command was not understood: {message}\nHelp: {command} --help",
    ),
    "setting-missing": Text(
        "Pengaturan {name} belum ada. Jalankan `satupeta masuk`, atau beri pilihannya (lihat --help).",
        "The setting {name} is missing. Run `satupeta login`, or give the option (see --help).",
    ),
    "setting-invalid": Text(
        "Pengaturan {name} salah; seharusnya {expected}.", "The setting {name} is not valid; expected {expected}."
    ),
    "config-unreadable": Text("{path} tidak dapat dibaca ({why}).", "{path} cannot be read ({why})."),
    "key-unreadable": Text(
        "Kunci dalam {path} tidak dapat dibaca ({why}).", "The key in {path} cannot be read ({why})."
    ),
    "address-missing": Text("{path} tidak memuat {name}.", "{path} does not have {name}."),
    "link-waiting": Text(
        "Layanan tidak menjawab ({why}); dicoba lagi dalam {seconds}. Yang sudah terkirim aman.",
        "No answer ({why}); trying again in {seconds}. What was sent is safe.",
    ),
    "unreachable": Text(
        "Layanan tidak terjangkau ({why}). Ulangi perintah yang sama nanti: kiriman dilanjutkan, tidak ada yang ganda.",
        "The service cannot be reached ({why}). Give the same command later: it goes on, and nothing is doubled.",
    ),
    "refused": Text("Ditolak: {code} {title}. {detail}. {fix}", "Refused: {code} {title}. {detail}. {fix}"),
    "interrupted": Text(
        "Dihentikan. Yang sudah terkirim aman; perintah yang sama melanjutkannya.",
        "Interrupted. What was sent is safe; the same command goes on.",
    ),
    "file-unreadable": Text("{path} tidak dapat dibaca: {why}.", "{path} cannot be read: {why}."),
    "file-unknown": Text(
        "{path}: jenis berkas tidak dikenal. Kirim CSV, XLSX, JSON Sirekap, NDJSON atau CloudEvents.",
        "{path}: unknown kind of file. Push CSV, XLSX, Sirekap JSON, NDJSON or CloudEvents.",
    ),
    "file-refused": Text("{path} ditolak: {why}.", "{path} was refused: {why}."),
    "folder-missing": Text("{path} bukan folder.", "{path} is no folder."),
    "ingest-away": Text(
        "Ingest {url} tidak terjangkau; berkas dicoba lagi.",
        "Ingest {url} cannot be reached; the file will be tried again.",
    ),
    "gateway-away": Text(
        "Gateway provinsi {url} tidak terjangkau; hanya catatan kantor yang ditampilkan.",
        "The province's gateway {url} cannot be reached; only the office's own books are shown.",
    ),
    "gateway-refused": Text("Gateway provinsi menolak: {code}.", "The province's gateway refused: {code}."),
    # login
    "ask-ingest": Text("Alamat ingest kantor (http://…):", "Address of the office's ingest (http://…):"),
    "ask-gateway": Text("Alamat gateway provinsi (boleh kosong):", "Address of the province's gateway (may be empty):"),
    "ask-key": Text("Kunci API kantor (tidak ditampilkan):", "The office's API key (not shown):"),
    "login-done": Text(
        "Masuk sebagai kantor {office}; pengaturan disimpan di {path}.",
        "Logged in as office {office}; settings are kept in {path}.",
    ),
    # push, watch
    "push-goes-on": Text("{path}: dilanjutkan dari baris {line}.", "{path}: going on at line {line}."),
    "push-result": Text(
        "{path}: {accepted} perubahan diterima, {repeated} sudah pernah diterima, {refused} ditolak.",
        "{path}: {accepted:change|changes} taken, {repeated} taken before, {refused} refused.",
    ),
    "push-causes": Text("Sebab penolakan", "Why they were refused"),
    "push-places": Text("Letaknya ({shown} dari {total})", "Where ({shown} of {total})"),
    "snapshot-result": Text(
        "{path}: {rows} baris; {new} baru, {changed} berubah, {same} sama, {unusable} tidak terpakai; {problems} masalah, {disappeared} hilang.",
        "{path}: {rows:row|rows}; {new} new, {changed} changed, {same} the same, {unusable} unusable; {problems:problem|problems}, {disappeared} gone.",
    ),
    "snapshot-one-tps": Text(
        "{path}: dari desa {desa} hanya satu TPS yang termuat, maka tidak ada yang dianggap hilang di sana. Bila berkas memuat seluruhnya, kirim lagi dengan --cakupan KODE.",
        "{path}: of desa {desa} one TPS alone is listed, so nobody counts as gone there. If the file lists all of it, push it again with --covers CODE.",
    ),
    "snapshot-causes": Text("Masalah menurut sebab", "Problems by cause"),
    "snapshot-share": Text("{taken} baris berkas terpakai.", "{taken} of the rows were used."),
    "snapshot-refused": Text(
        "{path} ditolak: {code} {title}. {detail}", "{path} was refused: {code} {title}. {detail}"
    ),
    "marked": Text("Salinan dengan sel yang ditandai: {path}", "Copy with the cells marked: {path}"),
    "marked-unwritable": Text(
        "Salinan yang ditandai tidak dapat ditulis di {path}: {why}.",
        "The marked copy cannot be written in {path}: {why}.",
    ),
    "row-left-out": Text("tidak terpakai", "left out"),
    "row-taken": Text("terpakai", "taken"),
    "gone": Text("Hilang dari {path}: {gone} (ditampilkan {shown})", "Gone from {path}: {gone} ({shown} shown)"),
    "gone-files": Text("Berkas yang menunggu keputusan", "Files that wait for a decision"),
    "gone-none": Text("Tidak ada yang menunggu keputusan.", "Nothing waits for a decision."),
    "gone-undecided": Text(
        "Belum diputuskan; datanya tetap. Putuskan: satupeta hilang {id} --confirm {count} --reason '…' (atau --dismiss).",
        "Undecided; the data stay. Decide: satupeta gone {id} --confirm {count} --reason '…' (or --dismiss).",
    ),
    "proposal-proposed": Text("menunggu", "waits"),
    "proposal-confirmed": Text("ditarik", "taken back"),
    "proposal-dismissed": Text("dibiarkan", "left"),
    "proposal-outdated": Text("sudah berubah", "has changed"),
    "gone-further": Text(
        "Selanjutnya: satupeta hilang {id} --after {after}", "More: satupeta gone {id} --after {after}"
    ),
    "gone-standing": Text(
        "Berkas itu sekarang: {confirmed} ditarik, {dismissed} dibiarkan, {outdated} sudah berubah, {proposed} menunggu.",
        "That file now: {confirmed} taken back, {dismissed} left, {outdated} changed since, {proposed} waiting.",
    ),
    "gone-rows-invalid": Text(
        "{seen} bukan nomor baris; tulis mis. 1,3,7-12.", "No row numbers: {seen}; write 1,3,7-12."
    ),
    "gone-other-count": Text(
        "Yang hilang {gone}, bukan {told}: tidak ada yang ditarik.",
        "{gone:is|are} gone, not {told}: nothing is taken back.",
    ),
    "gone-confirmed": Text(
        "{retracted} data ditarik; {outdated} sudah berubah sejak itu dan tetap.",
        "{retracted:record was|records were} taken back; {outdated:has|have} changed since, left as they are.",
    ),
    "gone-dismissed": Text(
        "{dismissed} data dibiarkan.", "{dismissed:record stays as it is|records stay as they are}."
    ),
    "ask-gone": Text(
        "{gone} data hilang dari berkas. [k]onfirmasi penarikan, [b]iarkan, atau Enter untuk nanti? Sebagian: k 1,3-5",
        "{gone:record is|records are} gone from the file. [c]onfirm taking them back, [d]ismiss, or Enter for later? Some of them: c 1,3-5",
    ),
    "ask-reason": Text("Alasan:", "Reason:"),
    "rules": Text("Aturan", "Rules"),
    "rule-tier": Text("Akibat: {tier}. Sumber: {source}.", "Effect: {tier}. Source: {source}."),
    "rule-says": Text("Temuannya berbunyi: {text}", "Its finding says: {text}"),
    "rule-asked": Text("Diperiksa pada: {types}", "Asked of: {types}"),
    "tier-reject": Text("ditolak", "rejected"),
    "tier-hold": Text("ditahan", "held"),
    "tier-flag": Text("ditandai", "flagged"),
    "tier-warn": Text("diperingatkan", "warned of"),
    "tier-info": Text("dicatat", "noted"),
    "bar-sending": Text("mengirim", "sending"),
    "bar-rows": Text("{rows} baris, {speed} baris/detik", "{rows:row|rows}, {speed} rows/s"),
    "bar-changes": Text("{changes} perubahan", "{changes:change|changes}"),
    "bar-left": Text(", sisa {left}", ", {left} left"),
    "watch-begins": Text(
        "Memantau {path}; Ctrl-C menghentikan.",
        "Watching {path}; Ctrl-C ends it.",
    ),
    # status, receipts, rejections
    "status-ours": Text("Catatan kantor {office} (ingest)", "Books of office {office} (ingest)"),
    "status-theirs": Text("Catatan provinsi tentang {name} (gateway)", "The province's books of {name} (gateway)"),
    "status-reason": Text(
        "{lane}: {reason} Yang bertindak: {actor}. [{code}]", "{lane}: {reason} Who must act: {actor}. [{code}]"
    ),
    "receipt": Text(
        "{id}: {state}. Jalur {lane}, nomor {sequence}, dicatat {time}.",
        "{id}: {state}. Lane {lane}, number {sequence}, recorded {time}.",
    ),
    "receipt-findings": Text("Temuan", "Findings"),
    "pushes": Text("Kiriman terakhir dari meja ini", "Newest pushes of this desk"),
    "pushes-none": Text("Belum ada kiriman dari meja ini.", "Nothing has been pushed from this desk yet."),
    "rejections": Text("Ditolak provinsi, kantor {office}", "Refused by the province, office {office}"),
    "rejections-none": Text("Tidak ada penolakan untuk kantor {office}.", "No rejections for office {office}."),
    "rejections-newest": Text("{code}: {shown} terbaru", "{code}: the newest {shown}"),
    "rejections-action": Text(
        "Data yang salah: perbaiki lalu kirim lagi. Data yang benar dan sebabnya sudah hilang: satu perintah di kolom tindakan.",
        "Wrong data: mend it and push it. Right data whose cause is gone: the one command in the column action.",
    ),
    "resend-done": Text(
        "{code}: {resent} perubahan dikirim ulang.", "{code}: {resent:change was|changes were} sent again."
    ),
    "resend-gone": Text(
        "{gone} perubahan tidak lagi tersimpan di ingest; kirim berkasnya.",
        "{gone:change is|changes are} no longer kept by ingest; push the file again.",
    ),
    "held": Text("Ditahan, kantor {office}", "Held, office {office}"),
    "held-records": Text("{code}: {shown} terbaru", "{code}: the newest {shown}"),
    "held-none": Text("Tidak ada yang ditahan untuk kantor {office}.", "Nothing is held for office {office}."),
    "held-action": Text(
        "Yang ditahan terlihat, tetapi tidak ikut jumlah mana pun sampai versi yang benar dikirim atau dilepas.",
        "What is held is shown and counts in no total until a correct version is pushed or it is released.",
    ),
    "held-voters": Text(
        "Pemilih yang ditahan karena {code} ({shown} ditampilkan)", "Voters held for {code} ({shown} shown)"
    ),
    "held-targets": Text("Sasaran putusan", "Targets of a decision"),
    # cases, decide
    "cases-none": Text("Tidak ada perkara.", "There are no cases."),
    "cases-counts": Text("Perkara menurut sebab dan kantor", "Cases by cause and office"),
    "cases": Text("Perkara, {shown} terbaru", "Cases, the newest {shown}"),
    "cases-action": Text(
        "Perbaiki data yang salah dan kirim, atau: satupeta putuskan selesai ID --alasan '…' --jabatan '…'.",
        "Mend what is wrong and push it, or: satupeta decide settle ID --reason '…' --role '…'.",
    ),
    "case": Text("{id} [{code}] {about}: {state}.", "{id} [{code}] {about}: {state}."),
    "case-says": Text("Tertulis: {seen}. Seharusnya: {expected}.", "Seen: {seen}. Expected: {expected}."),
    "case-offices": Text("Kantor: {offices}.", "Offices: {offices}."),
    "case-evidence": Text("Bukti: {evidence}", "Evidence: {evidence}"),
    "case-trail": Text("Riwayat", "Trail"),
    "case-open": Text("terbuka", "open"),
    "case-decided": Text("diputus", "decided"),
    "case-closed": Text("selesai", "closed"),
    "case-is-closed": Text(
        "Perkara {id} sudah selesai sendiri; tidak ada yang perlu diputuskan.",
        "The case {id} has closed by itself; there is nothing to decide.",
    ),
    "case-foreign": Text(
        "Perkara {id} tidak menyangkut kantor {office}; yang berwenang kantor yang disebut di dalamnya, atau provinsi.",
        "The case {id} does not concern office {office}; the offices it names may decide, or the province.",
    ),
    "trail-opened": Text("dibuka", "opened"),
    "trail-changed": Text("berubah", "changed"),
    "trail-reopened": Text("dibuka kembali", "opened again"),
    "trail-closed": Text("selesai", "closed"),
    "trail-decided": Text("diputus", "decided"),
    "decide-which": Text(
        "Sebut sasarannya, atau semua dari satu sebab: --code KODE --all JUMLAH.",
        "Name the targets, or all with one cause: --code CODE --all COUNT.",
    ),
    "decide-province-only": Text(
        "Hanya provinsi yang dapat melepas; kantor {office} dapat mengembalikan, atau mengirim versi yang benar.",
        "The province alone may release; office {office} may return, or push a correct version.",
    ),
    "decide-other-count": Text(
        "Ada {found}, lebih dari {told}: tidak ada yang diputuskan.",
        "Found {found}, more than {told}: nothing is decided.",
    ),
    "decide-owner": Text(
        "Sasaran {digest} tidak ada di daftar yang ditahan; sebut kantor pemiliknya: --owner KODE.",
        "The target {digest} is not among what is held; name the office that owns it: --owner CODE.",
    ),
    "decide-unexplained": Text("Putusan perlu --alasan dan --jabatan.", "A decision needs --reason and --role."),
    "decide-nothing": Text("Tidak ada yang perlu diputuskan.", "There is nothing to decide."),
    "decide-voters": Text(
        "{voters} pemilih ditahan karena {code}. Provinsi hanya menghitungnya; kantornya yang tahu sasarannya (--lane pemilih).",
        "{voters:voter is|voters are} held for {code}. The province only counts them; their office knows the targets (--lane pemilih).",
    ),
    "decide-result": Text(
        "{accepted} putusan dicatat, {repeated} sudah pernah dicatat, {refused} ditolak.",
        "Decisions: {accepted} recorded, {repeated} recorded before, {refused} refused.",
    ),
    "decide-follow": Text(
        "Berlaku setelah diterima provinsi: satupeta tanda-terima {id}",
        "It takes effect when the province has it: satupeta receipts {id}",
    ),
    "target-invalid": Text(
        "{seen} bukan sasaran; salin dari `satupeta ditahan --code KODE` atau `satupeta perkara`.",
        "{seen} is no target; copy it from `satupeta held --code CODE` or `satupeta cases`.",
    ),
    "target-not-held": Text(
        "{digest} kini tidak ditahan: sudah dilepas, atau belum tiba. Putusannya tetap dicatat.",
        "{digest} is not held now: released already, or yet to come. The decision is recorded all the same.",
    ),
    "ask-role": Text("Jabatan, bukan nama:", "Role, never a name:"),
    "bar-deciding": Text("memutuskan", "deciding"),
    # Words.
    "name-resend": Text("kirim-ulang", "resend"),
    "lane-hasil": Text("hasil", "results"),
    "lane-pemilih": Text("pemilih", "voters"),
    "state-spooled": Text("tersimpan di kantor", "in the office's spool"),
    "state-published": Text("dalam perjalanan", "on its way"),
    "state-merged": Text("masuk basis provinsi", "in the provincial store"),
    "state-held": Text("ditahan", "held"),
    "state-rejected": Text("ditolak", "rejected"),
    "state-nothing": Text("tidak ada yang baru", "nothing new"),
    "state-unknown": Text("tanyakan per id", "ask by id"),
    "yes": Text("ya", "yes"),
    "no": Text("TIDAK", "NO"),
    "col-lane": Text("jalur", "lane"),
    "col-stamped": Text("dinomori", "numbered"),
    "col-waiting": Text("antre di kantor", "waiting here"),
    "col-merged": Text("sampai nomor", "merged up to"),
    "col-held": Text("ditahan", "held"),
    "col-held-now": Text("ditahan kini", "held now"),
    "col-since": Text("sejak", "since"),
    "col-record": Text("data", "record"),
    "col-rejected": Text("ditolak", "rejected"),
    "col-spool": Text("simpanan", "spool"),
    "col-colour": Text("warna", "colour"),
    "col-behind": Text("tertinggal", "behind"),
    "col-submitted": Text("dikirim", "submitted"),
    "col-accepted": Text("diterima", "accepted"),
    "col-flight": Text("di jalan", "in flight"),
    "col-balanced": Text("neraca seimbang", "books balance"),
    "col-code": Text("kode", "code"),
    "col-changes": Text("jumlah", "changes"),
    "col-what": Text("apa", "what"),
    "col-action": Text("tindakan", "action"),
    "col-line": Text("baris", "line"),
    "col-field": Text("isian", "field"),
    "col-seen": Text("tertulis", "seen"),
    "col-expected": Text("seharusnya", "expected"),
    "col-time": Text("waktu", "time"),
    "col-file": Text("berkas", "file"),
    "col-taken": Text("diterima", "taken"),
    "col-repeated": Text("sudah ada", "repeated"),
    "col-refused": Text("ditolak", "refused"),
    "col-state": Text("keadaan", "state"),
    "col-first": Text("pertama di", "first at"),
    "col-cell": Text("sel", "cell"),
    "col-suggestion": Text("saran perbaikan", "suggested repair"),
    "col-row": Text("baris itu", "that row"),
    "col-gone": Text("hilang", "gone"),
    "col-number": Text("nomor", "number"),
    "col-name": Text("nama", "name"),
    "col-nik": Text("NIK", "NIK"),
    "col-desa": Text("desa", "desa"),
    "col-tier": Text("akibat", "effect"),
    "col-demand": Text("yang diminta", "what it demands"),
    "col-source": Text("sumber", "source"),
    "col-id": Text("id", "id"),
    "col-office": Text("kantor", "office"),
    "col-offices": Text("kantor", "offices"),
    "col-about": Text("tentang", "about"),
    "col-event": Text("kejadian", "event"),
    "col-target": Text("sasaran", "target"),
    "col-putusan": Text("putusan", "decision"),
    "col-reason": Text("alasan", "reason"),
}
