"""Times and sizes, read from words and written for people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from IPython.core.error import UsageError

# the command line's own form of a time span (apolo_cli.parse_utils), weeks left out there as well
_SPAN = re.compile(r"(?:(?P<d>\d+)d)?(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?")


def read_span(text: str, flag: str) -> int:
    """Seconds of ``1d2h3m4s`` (parts may be missing) or ``0``. Raises :class:`UsageError`."""
    match = _SPAN.fullmatch(text.strip())
    if text.strip() == "0":
        return 0
    if not text.strip() or match is None:
        raise UsageError(f"{flag} {text!r}: write a time span like 1d, 2h30m or 45s.")
    days, hours, minutes, seconds = (int(match[unit] or 0) for unit in "dhms")
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def read_moment(text: str, flag: str) -> datetime:
    """A date (ISO 8601, local time where it has no offset) or a span back from now. Raises :class:`UsageError`."""
    if _SPAN.fullmatch(text) and text:
        return datetime.now(UTC) - timedelta(seconds=read_span(text, flag))
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise UsageError(f"{flag} {text!r}: write a date (2026-11-22) or how long ago (1d, 2h, 10m).") from None


def moment(text: str | None) -> datetime | None:
    """The time of an ISO 8601 text; none stays none."""
    return datetime.fromisoformat(text) if text else None


def between(start: str | None, end: str | None) -> float | None:
    """Seconds from ``start`` to ``end`` (now, where there is no end); none where there is no start."""
    first = moment(start)
    if first is None:
        return None
    last = moment(end) or datetime.now(UTC)
    return max((last - first).total_seconds(), 0.0)


def span(seconds: float | None, *, exact: bool = False) -> str:
    """``40 s``, ``12 min`` (exact: ``12 min 20 s``), ``3 h 04 min``, ``2 d 3 h``; unknown is ``–``, never 0."""
    if seconds is None:
        return "–"
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes == 0:
        return f"{seconds:.1f} s" if exact and seconds < 10 else f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if hours == 0:
        return f"{minutes} min {rest} s" if exact else f"{minutes} min"
    days, hours = divmod(hours, 24)
    if days and not hours:
        return f"{days} d"
    return f"{days} d {hours} h" if days else f"{hours} h {minutes:02} min"


def size(count: float | None) -> str:
    """``412 B``, ``9.8 kB``, ``12.4 GB`` (powers of 1000, as storage is sold); unknown is ``–``."""
    if count is None:
        return "–"
    if count < 1000:
        return f"{int(count)} B"
    for unit in ("kB", "MB", "GB", "TB"):
        count /= 1000
        if count < 1000 or unit == "TB":
            return f"{count:.1f} {unit}"
    raise AssertionError


def clock(time: datetime) -> str:
    """``18:33:50`` here, today; with the date on other days."""
    local = time.astimezone()
    today = datetime.now().astimezone().date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%Y-%m-%d %H:%M")


def number(count: int, one: str, many: str | None = None) -> str:
    """``1 file``, ``3 files``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}".replace(",", " ")
