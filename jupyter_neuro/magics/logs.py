"""A job's log: collected within bounds, followed live, searched."""

from __future__ import annotations

import asyncio
import codecs
import re
from collections import deque
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, TypeVar

from . import ansi, cards
from .amounts import number
from .shown import Shown

if TYPE_CHECKING:
    from ..schemas import Job

T = TypeVar("T")

MAX_LINES = 50_000
MAX_CHARACTERS = 16_000_000
SHOWN_LINES = 500
"""So many of the last lines stand in a card: outputs are saved with the notebook."""


class LogBuffer:
    """The last lines of a log, made safe to show (:mod:`.ansi`); at most 50,000 lines and 16 million characters."""

    def __init__(self) -> None:
        self.rows: deque[str] = deque()
        self.total = 0
        self._size = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._open = ""

    def add(self, chunk: bytes) -> None:
        """The next bytes, cut anywhere."""
        text = self._open + self._decoder.decode(chunk)
        complete, newline, rest = text.rpartition("\n")
        if newline:
            for row in ansi.lines(complete + "\n"):
                self._append(row)
        if len(rest) > 2 * ansi.MAX_LINE:
            start = rest.rfind("\r") + 1
            rest = rest[start : start + ansi.MAX_LINE]
        self._open = rest

    def _append(self, row: str) -> None:
        self.rows.append(row)
        self.total += 1
        self._size += len(row)
        while len(self.rows) > MAX_LINES or self._size > MAX_CHARACTERS:
            self._size -= len(self.rows.popleft())

    def tail(self, count: int) -> list[str]:
        """The last lines, the unfinished one included."""
        rows = list(self.rows)[-count:] if count else []
        return [*rows, *ansi.lines(self._open)][-count:] if count else []

    def all(self) -> list[str]:
        """Every line that was kept."""
        return [*self.rows, *ansi.lines(self._open)]


class Logs(Shown, str):
    """The text of a log: a string (without colour codes), with ``.lines`` and ``.search()``.

    ``total`` lines were written; where that is more than ``len(lines)``, the first ones are not here.
    """

    job: Job
    total: int
    _brief = False

    def __new__(cls, rows: list[str], **more: Any) -> Logs:
        return super().__new__(cls, "\n".join(ansi.plain(row) for row in rows))

    def __init__(self, rows: list[str], *, job: Job, total: int, where: str, remark: str = "") -> None:
        self._rows, self.job, self.total, self.where, self.remark = rows, job, total, where, remark

    @property
    def lines(self) -> list[str]:
        """The lines, without colour codes."""
        return str.splitlines(self)

    def search(self, pattern: str) -> list[str]:
        """The lines in which the regular expression ``pattern`` is found."""
        found = re.compile(pattern)
        return [line for line in self.lines if found.search(line)]

    def text(self) -> str:
        cut = self._rows[-SHOWN_LINES:]
        head = [self._earlier(len(cut))] if self.total > len(cut) else []
        foot = [self.remark] if self.remark else []
        return "\n".join([*head, *(ansi.plain(row) for row in cut), *foot])

    def _earlier(self, shown: int) -> str:
        return f"… {number(self.total - shown, 'earlier line')}"

    def html(self) -> str:
        from .job_cards import job_head

        cut = self._rows[-SHOWN_LINES:]
        body = log_body(cut, self.total)
        foot = self.remark or number(self.total, "line")
        return cards.card(job_head(self.job), cards.ruled(body), where=self.where, foot=foot)

    def json(self) -> Any:
        return {
            "job": self.job.id,
            "status": self.job.status,
            "lines": self.total,
            "tail": [ansi.plain(row) for row in self._rows[-20:]],
        }

    def printed(self) -> None:
        """The lines stand in the terminal already: say only how it ended, once."""
        self._brief = True

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        from .job_cards import state_text

        brief, self._brief = self._brief, False
        printer.text(
            self.remark or f"{number(self.total, 'line')}. {state_text(self.job)}." if brief else self.text()
        )

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        return str.__repr__(self)


def log_body(rows: list[str], total: int, *, tall: bool = True) -> str:
    """The HTML of some last lines of ``total``."""
    if not rows:
        return ""
    earlier = total - len(rows)
    head = cards.faint(f"… {number(earlier, 'earlier line')}") + "\n" if earlier > 0 else ""
    return cards.pre(head + ansi.to_html(rows), tall=tall)


async def close(items: AsyncIterator[Any]) -> None:
    """End a stream that is left early, so that its connection goes at once."""
    aclose = getattr(items, "aclose", None)
    if aclose is not None:
        await aclose()


async def ticking(items: AsyncIterator[T], seconds: float) -> AsyncIterator[T | None]:
    """The items, and a none whenever none came for ``seconds``: time to redraw."""
    following = asyncio.ensure_future(anext(items, _END))
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=seconds)
            if not done:
                yield None
                continue
            item = following.result()
            if item is _END:
                return
            yield item
            following = asyncio.ensure_future(anext(items, _END))
    finally:
        following.cancel()
        await asyncio.wait({following})
        await close(items)


async def so_far(
    items: AsyncIterator[bytes], *, first: float = 2.0, quiet: float = 0.3, most: float = 20.0
) -> LogBuffer:
    """What a log holds now, of a job that goes on writing: up to the first silence of ``quiet`` seconds.

    ``first`` seconds are waited for anything at all, ``most`` seconds altogether.
    """
    buffer = LogBuffer()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + most
    patience = first
    reading = ticking(items, quiet)
    silent_until = loop.time() + patience
    async for chunk in reading:
        now = loop.time()
        if chunk is not None:
            buffer.add(chunk)
            silent_until = now + quiet
        if (chunk is None and now >= silent_until) or now >= deadline:
            break
    await close(reading)
    return buffer


_END: Any = object()
