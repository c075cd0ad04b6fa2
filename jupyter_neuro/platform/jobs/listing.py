"""The filters of the job list, from query to SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .invalid import Invalid

STATUSES = ("pending", "suspended", "running", "succeeded", "failed", "cancelled")
MAX_VALUES = 500


class Filters:
    """What to list: SQL ``conditions`` with their ``values``, ``newest_first``, and ``limit`` (``None``: all)."""

    def __init__(self, many: Callable[[str], list[str]]) -> None:
        """``many`` gives all values of a query parameter. Raises `Invalid`."""
        self.conditions: list[str] = []
        self.values: list[Any] = []
        self._many = many
        self._one_of("status", "status")
        self._one_of("owner", "owner")
        self._one_of("org_name", "org")
        self._one_of("project_name", "project")
        for tag in self._given("tag"):
            self._add("seq IN (SELECT seq FROM job_tags WHERE tag = ?)", tag)
        for name in self._given("name")[:1]:
            self._add("name = ?", name)
        for parameter, comparison in (("since", ">="), ("until", "<=")):
            for text in self._given(parameter)[:1]:
                self._add(f"created {comparison} ?", moment(text, parameter))
        if self._flag("being_dropped") or self._flag("logs_removed"):
            self.conditions.append("0")  # nothing is ever dropped here
        self.newest_first = self._flag("reverse")
        self.limit = self._limit()

    def _given(self, parameter: str) -> list[str]:
        values = [value for value in self._many(parameter) if value]
        if len(values) > MAX_VALUES:
            raise Invalid(parameter, f"at most {MAX_VALUES} values")
        return values

    def _one_of(self, parameter: str, column: str) -> None:
        values = self._given(parameter)
        if parameter == "status" and not set(values) <= set(STATUSES):
            raise Invalid("status", f"choose from {', '.join(STATUSES)}")
        if values:
            self._add(f"{column} IN ({', '.join('?' * len(values))})", *values)

    def _add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values

    def _flag(self, parameter: str) -> bool:
        return any(value.lower() in ("1", "true", "yes") for value in self._given(parameter))

    def _limit(self) -> int | None:
        for text in self._given("limit")[:1]:
            if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**31:
                raise Invalid("limit", "a whole number above 0 is needed")
            return int(text)
        return None


def moment(text: str, field: str) -> float:
    """Seconds since the epoch of an ISO 8601 time; one without an offset is in UTC. Raises `Invalid`."""
    try:
        # a plus sign that was not quoted arrives as a space
        value = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return value.timestamp() if value.tzinfo else datetime.fromisoformat(f"{value.isoformat()}+00:00").timestamp()
    except (ValueError, OverflowError):
        raise Invalid(field, f"{text!r} is not a time in the form of ISO 8601") from None
