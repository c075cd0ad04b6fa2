"""Log text made safe (SEC17): colours stay, everything else that steers a terminal or breaks a page goes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_neuro.magics import ansi
from jupyter_neuro.magics.logs import LogBuffer

ESC = "\x1b"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (f"{ESC}[31mred{ESC}[0m", "red"),
        (f"{ESC}]0;title\x07x", "x"),
        (f"{ESC}]8;;https://evil.test{ESC}\\link{ESC}]8;;{ESC}\\", "link"),
        (f"{ESC}]52;c;aGk=\x07x", "x"),
        (f"{ESC}]0;never ended\nnext", "\nnext"),
        (f"{ESC}P1$r0m{ESC}\\x", "x"),
        (f"a{ESC}[2Jb{ESC}[1;1Hc{ESC}[?25ld", "abcd"),
        ("a\x9b31mb", "a31mb"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("10%\r50%\r100%\ndone", "100%\ndone"),
        ("win\r\ndows", "win\ndows"),
        ("a\x08\x00\x7fb", "ab"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_only_text_is_left(text, plain):
    assert ansi.plain(text) == plain


def test_colours_become_spans_and_text_is_escaped():
    html = ansi.to_html(ansi.lines(f"{ESC}[1;32m<b>{ESC}[0m & {ESC}[38;5;208mx{ESC}[38;2;1;2;3my"))
    assert html == (
        '<span style="font-weight:bold;color:#00a250">&lt;b&gt;</span> &amp; '
        '<span style="color:#ff8700">x</span><span style="color:#010203">y</span>'
    )


def test_a_long_line_is_cut():
    assert len(ansi.lines("x" * 1_000_000)[0]) == ansi.MAX_LINE


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}


PIECES = st.sampled_from(
    [ESC, "[", "]", "31", "m", ";", "38", "5", "\x07", "\r", "\n", "<script>", "&", '"', "\u202e", "x"]
)


@given(st.lists(PIECES | st.text(max_size=5)).map("".join))
def test_no_text_escapes_its_place(text):
    """Whatever a job writes: no control sequence in the plain form, only spans with a style in the HTML."""
    plain = ansi.plain(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain)
    page = _Tags()
    page.feed(ansi.to_html(ansi.lines(text)))
    assert page.tags <= {"span"} and page.names <= {"style"}


@given(st.binary(), st.integers(1, 7))
def test_a_log_is_the_same_however_it_is_cut(data, size):
    whole, parts = LogBuffer(), LogBuffer()
    whole.add(data)
    for start in range(0, len(data), size):
        parts.add(data[start : start + size])
    assert whole.all() == parts.all()


def test_a_log_is_bounded_and_says_what_is_missing():
    log = LogBuffer()
    for start in range(0, 60_000, 1000):
        log.add("".join(f"line {number}\n" for number in range(start, start + 1000)).encode())
    assert log.total == 60_000 and len(log.all()) == 50_000 and log.all()[-1] == "line 59999"
    log.add(b"half")
    assert log.tail(2) == ["line 59999", "half"]


def test_an_endless_line_does_not_fill_the_memory():
    log = LogBuffer()
    for _ in range(200):
        log.add(b"x" * 65_536)
    assert len(log.all()[0]) <= ansi.MAX_LINE
