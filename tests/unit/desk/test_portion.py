"""A file of changes is cut without losing, doubling or misnaming a line."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from services.desk.core.portion import portions

contents = st.lists(st.sampled_from([b"", b" ", b"{}", b'{"id": "a"}', b"x" * 40]), max_size=30).map(b"\n".join)
limits = st.tuples(st.integers(1, 5), st.integers(1, 60))


def lines(content: bytes) -> list[bytes]:
    return list(io.BytesIO(content))


@given(contents, limits)
def test_the_portions_together_are_the_file_without_its_empty_lines(content: bytes, limit: tuple[int, int]) -> None:
    cut = list(portions(lines(content), changes_max=limit[0], bytes_max=limit[1]))
    assert b"".join(portion.body for portion in cut) == b"".join(line for line in lines(content) if line.strip())
    assert all(1 <= len(portion.lines) <= limit[0] for portion in cut)
    assert all(len(portion.body) <= limit[1] or len(portion.lines) == 1 for portion in cut)


@given(contents, limits)
def test_every_change_knows_its_line(content: bytes, limit: tuple[int, int]) -> None:
    stated = content.split(b"\n")
    for portion in portions(lines(content), changes_max=limit[0], bytes_max=limit[1]):
        found = [line for line in portion.body.split(b"\n") if line.strip()]
        assert found == [stated[number - 1] for number in portion.lines]


@given(contents, limits, st.data())
def test_what_was_cut_short_goes_on_where_it_was(content: bytes, limit: tuple[int, int], data: st.DataObject) -> None:
    cut = list(portions(lines(content), changes_max=limit[0], bytes_max=limit[1]))
    if not cut:
        return
    done = data.draw(st.integers(1, len(cut)))
    last = cut[done - 1]
    rest = portions(
        lines(content[last.end_bytes :]),
        begin_bytes=last.end_bytes,
        begin_line=last.end_line,
        changes_max=limit[0],
        bytes_max=limit[1],
    )
    assert cut[:done] + list(rest) == cut
