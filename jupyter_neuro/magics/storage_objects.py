"""Files on storage, and copies of them, as objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from . import cards
from .amounts import clock, moment, number, size
from .shown import Shown, ShownList

if TYPE_CHECKING:
    from ..services.storage import FileInfo, Progress, TransferResult


class Listing(ShownList["FileInfo"]):
    """What lies in a folder; ``listing["train.csv"]`` finds one."""

    def __init__(self, items: Iterable[FileInfo], *, folder: str, where: str) -> None:
        super().__init__(items)
        self.folder, self.where = folder, where

    def _neuro_words_(self) -> list[str]:
        return [item.uri for item in self]

    def keys_of(self, item: FileInfo) -> tuple[str | None, ...]:
        return item.name, item.uri

    def rows(self) -> Iterator[dict[str, Any]]:
        for item in self:
            yield {
                "name": item.name,
                "uri": item.uri,
                "is_dir": item.is_dir,
                "size": None if item.is_dir else item.size,
                "modified_at": item.modified_at,
                "access": item.access,
            }

    def _line(self, item: FileInfo) -> tuple[str, str, str]:
        changed = moment(item.modified_at)
        return (
            item.name + ("/" if item.is_dir else ""),
            "" if item.is_dir else size(item.size),
            clock(changed) if changed else "–",
        )

    def text(self) -> str:
        if not self:
            return f"{self.folder} is empty."
        lines = [self._line(item) for item in self]
        name_width = max(len(line[0]) for line in lines)
        size_width = max(len(line[1]) for line in lines)
        return "\n".join(f"{name:<{name_width}}  {count:>{size_width}}  {time}" for name, count, time in lines)

    def html(self) -> str:
        head = cards.row(cards.mono(self.folder))
        if not self:
            return cards.card(head, cards.row(cards.faint("This folder is empty.")), where=self.where, framed=False)
        rows = []
        for item in self:
            name, count, time = self._line(item)
            shown = cards.strong(name) if item.is_dir else cards.mono(name)
            rows.append([shown, cards.faint(count), cards.faint(time), cards.faint(item.access)])
        files = [item for item in self if not item.is_dir]
        foot = f"{number(len(self), 'entry', 'entries')} · {size(sum(item.size for item in files))} in files here"
        table = cards.table(["Name", "Size", "Changed", "Access"], rows, right=(1,))
        return cards.card(head, table, where=self.where, foot=foot, framed=False)


class Transfer(Shown):
    """A copy between this machine and storage; ``files`` and ``bytes`` say how much of it is done."""

    def __init__(self, sources: list[str], target: str, where: str) -> None:
        self.sources, self.target, self.where = sources, target, where
        self.files = 0
        self.bytes = 0
        self.skipped = 0
        self.seconds = 0.0
        self.done = False
        self._files_total: int | None = None
        self._bytes_total: int | None = None

    def learn(self, progress: Progress, seconds: float) -> None:
        """Take over how far it is after ``seconds``."""
        self.files, self.bytes, self.seconds = progress.files_done, progress.bytes_done, seconds
        self._files_total, self._bytes_total = progress.files_total, progress.bytes_total

    def finish(self, result: TransferResult) -> None:
        """It is done."""
        self.files, self.bytes, self.skipped = result.files, result.bytes, result.skipped
        self.seconds, self.done = result.seconds, True

    @property
    def _part(self) -> float | None:
        if self.done:
            return 1.0
        if not self._bytes_total:
            return None
        return self.bytes / self._bytes_total

    def _what(self) -> str:
        return f"{', '.join(self.sources)} → {self.target}"

    def _numbers(self) -> str:
        speed = f" · {size(self.bytes / self.seconds)}/s" if self.seconds > 0.5 and self.bytes else ""
        if self.done:
            if not self.files:
                skipped = f", {number(self.skipped, 'file')} left out" if self.skipped else ""
                return f"nothing to copy{skipped}"
            skipped = f" · {number(self.skipped, 'file')} left out" if self.skipped else ""
            return f"{number(self.files, 'file')} · {size(self.bytes)}{speed}{skipped}"
        files = (
            f"{self.files} of {number(self._files_total, 'file')}"
            if self._files_total
            else number(self.files, "file")
        )
        total = f" of {size(self._bytes_total)}" if self._bytes_total else ""
        return f"{files} · {size(self.bytes)}{total}{speed}"

    def text(self) -> str:
        part = self._part
        percent = f"  {part:.0%}" if part is not None and not self.done else ""
        return f"{self._what()}{percent}  {self._numbers()}"

    def html(self) -> str:
        bar = "" if self.done else cards.bar(self._part, self._numbers())
        mark = f'<span style="color:{cards.GREEN}">✓</span>' if self.done else ""
        return cards.line(mark, cards.mono(self._what()), bar, cards.faint(self._numbers()), where=self.where)

    def json(self) -> Any:
        return {
            "sources": self.sources,
            "target": self.target,
            "files": self.files,
            "bytes": self.bytes,
            "skipped": self.skipped,
            "seconds": round(self.seconds, 3),
            "done": self.done,
        }
