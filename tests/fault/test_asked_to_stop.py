"""Ctrl-C in the terminal of a demo, while it starts and while it feeds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from deploy.embedded.postgres import EmbeddedPostgres

_ROOT = Path(__file__).parents[2]
_DEMO = ("-m", "deploy.demo", "--scale", "0.001", "--voters", "270", "--pace", "60")
_STOPPED_SECONDS_MAX = 60
"""On a machine that is busy with other tests; a demo alone takes two or three."""


@pytest.mark.parametrize("moment", ["bringing schema and topics", "starting 5 service processes", "addresses and keys"])
def test_a_demo_that_is_asked_to_stop_ends_cleanly(moment: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("demo")
    folder.chmod(0o755)
    folder.parent.chmod(0o755)  # PostgreSQL may run as another user
    command = [sys.executable, *_DEMO, "--folder", str(folder)]
    demo = subprocess.Popen(  # noqa: S603
        command, stderr=subprocess.PIPE, text=True, cwd=_ROOT, start_new_session=True
    )
    try:
        assert demo.stderr is not None
        said = _until(moment, demo.stderr)
        # As a terminal does: to the demo and to whatever stands in the foreground with it.
        os.killpg(demo.pid, signal.SIGINT)
        _, rest = demo.communicate(timeout=_STOPPED_SECONDS_MAX)
    finally:
        demo.kill()
        demo.wait()
        still_there = sorted(str(file.relative_to(folder)) for file in folder.rglob("pid"))
        EmbeddedPostgres(folder / "postgres").remove()
    assert demo.returncode == 0, said + rest
    assert "stopping everything; data stay" in rest
    assert "Traceback" not in rest
    assert still_there == [], "a server that is stopped leaves no pid"


def _until(moment: str, lines: IO[str]) -> str:
    said = ""
    for line in lines:
        said += line
        if moment in line:
            return said
    pytest.fail(f"the demo ended before it said {moment!r}:\n{said}")
