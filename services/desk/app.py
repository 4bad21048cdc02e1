"""Composes the desk from its parts, runs one command and tells how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import cast

from services.desk.adapters.arguments import parser
from services.desk.adapters.link import RefusedError, UnreachableError
from services.desk.adapters.screen import Screen
from services.desk.adapters.workplace import Workplace
from services.desk.core.ending import Ending
from services.desk.core.figures import LANGUAGES, Language
from services.desk.core.misuse import MisuseError
from services.desk.core.speech import Speech
from services.desk.settings import read_settings


def run(argv: Sequence[str], environ: Mapping[str, str]) -> Ending:
    """Run the command that ``argv`` names."""
    speech = Speech(_language(argv, environ))
    given = parser(speech).parse_args(argv)
    try:
        settings = read_settings(environ, vars(given))
    except MisuseError as error:
        Screen(speech, machine=False).remark(error.text, **error.values)
        return Ending.USAGE
    speech = Speech(cast("Language", settings.lang))
    screen = Screen(speech, machine=getattr(given, "json", False))
    with ExitStack() as opened:
        try:
            place = Workplace(
                speech=speech,
                screen=screen,
                opened=opened,
                ingest_url=settings.ingest,
                gateway_url=settings.gateway,
                office_code=settings.office,
                key_file=settings.key_file,
                patience_seconds=settings.patience,
                config=settings.config,
                state=settings.state,
            )
            return Ending(given.run(place, given))
        except MisuseError as error:
            screen.remark(error.text, **error.values)
            return Ending.USAGE
        except UnreachableError as error:
            screen.remark("unreachable", why=str(error))
            screen.answer({"error": "unreachable", "why": str(error)})
            return Ending.UNREACHABLE
        except RefusedError as error:
            _say(screen, error)
            return Ending.KEY_REFUSED if error.code in {"KEY-MISSING", "KEY-UNKNOWN"} else Ending.REFUSED
        except KeyboardInterrupt:
            screen.remark("interrupted")
            return Ending.INTERRUPTED


def _say(screen: Screen, error: RefusedError) -> None:
    problem = error.problem
    screen.remark(
        "refused",
        code=error.code or str(error.status),
        title=screen.speech.of(problem, "judul", "title"),
        detail=problem.get("detail", ""),
        fix=screen.speech.of(problem, "saran", "fix"),
    )
    screen.answer({"error": error.code or error.status, "problem": dict(problem)})


def _language(argv: Sequence[str], environ: Mapping[str, str]) -> Language:
    """Return in which language to describe the command line itself, before it has been read."""
    words = " ".join(argv).replace("--lang ", "--lang=").split()
    for word in words:
        if word.startswith("--lang=") and word.removeprefix("--lang=") in LANGUAGES:
            return cast("Language", word.removeprefix("--lang="))
    try:
        return cast("Language", read_settings(environ, {}).lang)
    except MisuseError:
        return "id"
