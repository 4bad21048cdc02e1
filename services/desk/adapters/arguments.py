"""The command line: every command with its options, described in the language of whoever asks."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

from contracts.identifiers import LANES
from services.desk.adapters.commands import (
    cases,
    decide,
    gone,
    held,
    login,
    push,
    receipts,
    rejections,
    resend,
    rules,
    status,
    watch,
)
from services.desk.adapters.workplace import Workplace
from services.desk.core.decision import PUTUSAN
from services.desk.core.ending import Ending
from services.desk.core.speech import Speech

Run = Callable[[Workplace, argparse.Namespace], Ending]

_PROBLEMS_SHOWN: Final = 20
_ROWS_MAX: Final = 500
"""What the gateway gives on one page."""
_GONE_SHOWN: Final = 20
_GONE_MAX: Final = 1_000
"""What ingest gives on one page."""
_LOOK_SECONDS: Final = 2.0
"""Between two looks into a watched folder: a file that did not change in between has stopped growing."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks the operator's language; argparse adds half a sentence of English at most."""

    def __init__(self, speech: Speech, **given: Any) -> None:
        self._speech = speech
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_formatter(speech), **given)
        self.named = self.add_argument_group(speech("help-arguments"))
        self.options = self.add_argument_group(speech("help-options"))
        self.options.add_argument("-h", "--help", action="help", help=speech("help-help"))
        # They may stand on either side of the command's name: what is not given on one side is not set by it.
        _settings(self.options, speech)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to learn more."""
        self.exit(Ending.USAGE, self._speech("usage-error", message=message, command=self.prog) + "\n")


def parser(speech: Speech) -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    root = _Parser(
        speech,
        prog="satupeta",
        description=speech("help-satupeta"),
        epilog=speech("help-endings"),
    )
    commands = root.add_subparsers(
        title=speech("help-commands"), metavar="COMMAND", required=True, dest="command", parser_class=_Parser
    )

    def command(name: str, bahasa: str, run: Run) -> _Parser:
        added: _Parser = commands.add_parser(
            name,
            aliases=[bahasa] if bahasa != name else [],
            speech=speech,
            help=speech(f"help-{name}"),
            description=speech(f"help-{name}"),
        )
        added.set_defaults(run=run)
        return added

    _login(command("login", "masuk", login.run), speech)
    _push(command("push", "kirim", push.run), speech)
    _watch(command("watch", "pantau", watch.run), speech)
    command("status", "status", status.run)
    one = command("receipts", "tanda-terima", receipts.run)
    one.named.add_argument("id", nargs="?", help=speech("help-receipt-id"))
    _causes(command("rejections", "penolakan", rejections.run), speech)
    _resend(command("resend", "kirim-ulang", resend.run), speech)
    on_desk = command("held", "ditahan", held.run)
    _causes(on_desk, speech)
    _owner(on_desk, speech)
    _cases(command("cases", "perkara", cases.run), speech)
    _decide(command("decide", "putuskan", decide.run), speech)
    about = command("gone", "hilang", gone.run)
    about.named.add_argument("id", nargs="?", metavar="ID", help=speech("help-gone-id"))
    _decision(about, speech)
    about.options.add_argument("--rows", "--baris", dest="rows", metavar="1,3,7-12", help=speech("help-rows"))
    about.options.add_argument("--after", type=int, default=0, metavar="20", help=speech("help-after"))
    about.options.add_argument(
        "--limit",
        type=int,
        choices=range(1, _GONE_MAX + 1),
        default=_GONE_SHOWN,
        metavar="20",
        help=speech("help-limit"),
    )
    about.set_defaults(asks=True)
    asked = command("rules", "aturan", rules.run)
    asked.named.add_argument("code", nargs="?", metavar="CODE", help=speech("help-rule-code"))
    return root


def _settings(group: Any, speech: Speech) -> None:
    group.add_argument("--lang", choices=("id", "en"), help=speech("help-lang"), default=argparse.SUPPRESS)
    group.add_argument("--json", action="store_true", help=speech("help-json"), default=argparse.SUPPRESS)
    for name in ("ingest", "gateway"):
        group.add_argument(f"--{name}", metavar="URL", help=speech(f"help-{name}"), default=argparse.SUPPRESS)
    group.add_argument("--office", metavar="3279", help=speech("help-office"), default=argparse.SUPPRESS)
    group.add_argument("--key-file", metavar="FILE", help=speech("help-key-file"), default=argparse.SUPPRESS)
    group.add_argument("--patience", metavar="SECONDS", help=speech("help-patience"), default=argparse.SUPPRESS)
    group.add_argument("--config", metavar="FILE", help=speech("help-config"), default=argparse.SUPPRESS)
    group.add_argument("--state", metavar="FOLDER", help=speech("help-state"), default=argparse.SUPPRESS)


def _login(added: _Parser, speech: Speech) -> None:
    added.options.add_argument("--addresses", type=Path, metavar="FILE", help=speech("help-addresses"))


def _push(added: _Parser, speech: Speech) -> None:
    added.named.add_argument("files", nargs="+", type=Path, metavar="FILE", help=speech("help-files"))
    _of_files(added, speech)
    added.set_defaults(asks=True)


def _watch(added: _Parser, speech: Speech) -> None:
    added.named.add_argument("folder", type=Path, metavar="FOLDER", help=speech("help-folder"))
    added.options.add_argument("--once", action="store_true", help=speech("help-once"))
    added.options.add_argument(
        "--every", type=float, default=_LOOK_SECONDS, metavar="SECONDS", help=speech("help-every", seconds="2")
    )
    _of_files(added, speech)
    # Nobody may be sitting there: a question would keep every later file waiting.
    added.set_defaults(asks=False)


def _decision(added: _Parser, speech: Speech) -> None:
    either = added.options.add_mutually_exclusive_group()
    either.add_argument("--confirm", type=int, metavar="COUNT", help=speech("help-confirm"))
    either.add_argument("--dismiss", action="store_true", help=speech("help-dismiss"))
    _why(added, speech)


def _why(added: _Parser, speech: Speech) -> None:
    added.options.add_argument("--reason", "--alasan", dest="reason", help=speech("help-reason"))
    added.options.add_argument(
        "--document", "--dokumen", dest="document", metavar="NUMBER", help=speech("help-document")
    )
    added.options.add_argument("--role", "--jabatan", dest="role", help=speech("help-role"))


def _owner(added: _Parser, speech: Speech) -> None:
    added.options.add_argument("--owner", "--pemilik", dest="owner", metavar="3279", help=speech("help-owner"))


def _cases(added: _Parser, speech: Speech) -> None:
    added.named.add_argument("id", nargs="?", metavar="ID", help=speech("help-case-id"))
    added.options.add_argument("--code", help=speech("help-code"))
    added.options.add_argument(
        "--case-state",
        "--keadaan",
        dest="case_state",
        choices=("open", "decided", "closed", "all"),
        default="open",
        help=speech("help-case-state"),
    )
    added.options.add_argument(
        "--limit", type=int, choices=range(1, _ROWS_MAX + 1), default=50, metavar="50", help=speech("help-limit")
    )
    _owner(added, speech)


def _decide(added: _Parser, speech: Speech) -> None:
    added.named.add_argument("verdict", choices=tuple(PUTUSAN), metavar="VERDICT", help=speech("help-verdict"))
    added.named.add_argument("targets", nargs="*", metavar="TARGET", help=speech("help-targets"))
    added.options.add_argument("--code", help=speech("help-decide-code"))
    added.options.add_argument("--all", "--semua", dest="all", type=int, metavar="COUNT", help=speech("help-all"))
    added.options.add_argument("--lane", choices=LANES, help=speech("help-decide-lane"))
    _owner(added, speech)
    _why(added, speech)


def _of_files(added: _Parser, speech: Speech) -> None:
    _decision(added, speech)
    # Which rows have disappeared is known when the file has been read: `gone` decides row by row.
    added.set_defaults(rows=None, after=0, limit=_GONE_SHOWN)
    added.options.add_argument(
        "--covers", "--cakupan", dest="covers", action="append", metavar="3279011001", help=speech("help-covers")
    )
    added.options.add_argument("--kind", help=speech("help-kind"))
    added.options.add_argument("--kontes", metavar="pkwkp-2024", help=speech("help-kontes"))
    added.options.add_argument(
        "--problems", type=int, default=_PROBLEMS_SHOWN, metavar="20", help=speech("help-problems")
    )


def _causes(added: _Parser, speech: Speech) -> None:
    added.options.add_argument("--code", help=speech("help-code"))
    added.options.add_argument("--lane", choices=LANES, help=speech("help-lane"))
    added.options.add_argument(
        "--limit", type=int, choices=range(1, _ROWS_MAX + 1), default=50, metavar="50", help=speech("help-limit")
    )


def _resend(added: _Parser, speech: Speech) -> None:
    added.named.add_argument("code", metavar="CODE", help=speech("help-resend-code"))
    added.options.add_argument("--type", help=speech("help-type"))
    added.options.add_argument("--held", action="store_true", help=speech("help-also-held"))


def _formatter(speech: Speech) -> type[argparse.HelpFormatter]:
    class Formatter(argparse.RawDescriptionHelpFormatter):
        """Leaves descriptions as they are broken, and begins the usage with a word of the operator's language."""

        def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
            super().add_usage(usage, actions, groups, prefix if prefix is not None else speech("help-usage"))

    return Formatter
