"""Rights as objects: who can reach what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from . import cards
from .amounts import number
from .shown import Shown, ShownList, where

if TYPE_CHECKING:
    from ..services.neuro import Neuro
    from ..services.sharing import Grant

_CAN = {
    "read": "see and read it",
    "write": "see, read, change and delete it",
    "manage": "see, read, change and delete it, and share it with others",
}
_CAN_WITH_JOBS = {
    "read": "see it and read its log",
    "write": "see it, read its log, enter and stop it",
    "manage": "see it, read its log, enter and stop it, and share it with others",
}
_COLORS = {"read": cards.GREEN, "write": cards.AMBER, "manage": cards.RED}


class Given(Shown):
    """A right that was given; ``revoke()`` takes it back."""

    def __init__(self, neuro: Neuro, grant: Grant, *, taken: bool = False, extra: str = "") -> None:
        self._neuro, self.grant, self._taken, self._extra = neuro, grant, taken, extra
        self.where = where(neuro)

    @property
    def user(self) -> str:
        """Who has it."""
        return self.grant.user

    @property
    def uri(self) -> str:
        """On what."""
        return self.grant.uri

    @property
    def action(self) -> str:
        """read, write or manage."""
        return self.grant.action

    def revoke(self) -> Given:
        """Take it back."""
        taken = self._neuro.call(self._neuro.sharing.revoke(self.uri, self.user))
        self._taken = True
        return Given(self._neuro, taken, taken=True)

    def _effect(self) -> str:
        if self._taken:
            return ""
        covers = f"It covers {self.grant.covers}. " if self.grant.covers else ""
        words = _CAN_WITH_JOBS if self.uri.startswith("job:") else _CAN
        can = f"{self.user} can {words.get(self.action, self.action)}."
        return f"{covers}{can}"

    def text(self) -> str:
        if self._taken:
            return f"{self.user}: the right on {self.uri} is taken back"
        lines = [f"{self.user}: {self.action} on {self.uri}", f"  {self._effect()}"]
        lines += [f"  {text}" for text in (self.grant.warning, self._extra) if text]
        return "\n".join(lines)

    def html(self) -> str:
        if self._taken:
            head = cards.row(
                "<span>Taken back from</span>",
                cards.strong(self.user),
                "<span>the right on</span>",
                cards.mono(self.uri),
            )
            return cards.card(head, where=self.where)
        head = cards.row(
            cards.strong(self.user),
            "<span>can now</span>",
            cards.chip(self.action, _COLORS.get(self.action, cards.GREY)),
            cards.mono(self.uri),
        )
        warnings = "".join(cards.note(text) for text in (self.grant.warning, self._extra) if text)
        effect = cards.ruled(cards.row(cards.faint(self._effect())))
        return cards.card(head, effect, warnings, where=self.where, foot="_.revoke() takes it back")

    def json(self) -> Any:
        return {
            "user": self.user,
            "uri": self.uri,
            "action": None if self._taken else self.action,
            "covers": self.grant.covers,
            "warning": self.grant.warning,
        }


class Grants(ShownList["Grant"]):
    """Rights as a table: objects × people (``mine`` given: what I gave; else what I can reach)."""

    def __init__(self, neuro: Neuro, grants: Iterable[Grant], *, mine: bool) -> None:
        super().__init__(sorted(grants, key=lambda grant: (grant.uri, grant.user)))
        self._neuro, self._mine = neuro, mine
        self.where = where(neuro)

    def keys_of(self, item: Grant) -> tuple[str | None, ...]:
        return item.uri, item.user

    def rows(self) -> Iterator[dict[str, Any]]:
        for grant in self:
            yield {"uri": grant.uri, "user": grant.user, "action": grant.action}

    def _empty(self) -> str:
        return "You have shared nothing." if self._mine else "There is nothing that you can reach here."

    def text(self) -> str:
        if not self:
            return self._empty()
        width = max(len(grant.uri) for grant in self)
        if not self._mine:
            return "\n".join(f"{grant.uri:<{width}}  {grant.action}" for grant in self)
        return "\n".join(f"{grant.uri:<{width}}  {grant.user}:{grant.action}" for grant in self)

    def html(self) -> str:
        if not self:
            return cards.card(cards.row(cards.faint(self._empty())), where=self.where, framed=False)
        if not self._mine:
            rows = [[cards.mono(grant.uri), self._level(grant.action)] for grant in self]
            foot = f"{number(len(self), 'right')}: what I can reach. --shared lists what I gave."
            return cards.card(cards.table(["Object", "I may"], rows), where=self.where, foot=foot, framed=False)
        users = sorted({grant.user for grant in self})
        table: dict[str, dict[str, str]] = {}
        for grant in self:
            table.setdefault(grant.uri, {})[grant.user] = grant.action
        rows = [
            [cards.mono(uri), *(self._level(levels.get(user)) for user in users)] for uri, levels in table.items()
        ]
        foot = f"{number(len(self), 'right')}: what I gave. Without --shared: what I can reach."
        return cards.card(cards.table(["Object", *users], rows), where=self.where, foot=foot, framed=False)

    @staticmethod
    def _level(action: str | None) -> str:
        return cards.chip(action, _COLORS.get(action, cards.GREY)) if action else cards.faint("–")
