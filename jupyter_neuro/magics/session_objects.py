"""Who and where, as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from . import cards
from .amounts import clock, moment, number, size
from .shown import Shown, ShownList

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..schemas import Colleague, ColleagueInvite, Session

TIERS = {
    "engine": "Jobs run in containers.",
    "sandbox": "Jobs run in a sandbox: they see only what is mounted into them.",
    "process": "Jobs run as your own user and are not separated from your files.",
}


class Whoami(Shown):
    """Who I am, on which platform, in which project; ``presets`` are the machines there are."""

    def __init__(self, session: Session, where: str, *, presets: bool) -> None:
        self.session, self.where, self._presets = session, where, presets

    @property
    def user(self) -> str:
        """My name on the platform."""
        return self.session.user

    @property
    def project(self) -> str:
        """The current project."""
        return self.session.project

    def _facts(self) -> list[tuple[str, str]]:
        session, platform = self.session, self.session.platform
        facts = [("User", session.user)]
        if platform is not None:
            address = "" if platform.kind == "local" else f" ({platform.url})"
            facts += [("Platform", f"{platform.title}{address}"), ("Project", session.project)]
            facts += [("Cluster", platform.cluster), ("Organisation", platform.org)]
            facts += [("Jobs", TIERS.get(platform.tier, ""))]
        if self._presets:
            facts += [("Projects", ", ".join(project.name for project in session.projects))]
        return [(name, value) for name, value in facts if value]

    def text(self) -> str:
        lines = [f"{name + ':':<14}{value}" for name, value in self._facts()]
        if self._presets:
            lines.append("Presets:")
            lines += ["  " + "  ".join(line) for line in self._machines()]
        return "\n".join(lines)

    def _machines(self) -> list[list[str]]:
        return [
            [
                preset.name,
                f"{preset.cpu:g} CPU",
                size(preset.memory),
                f"{preset.gpu} × {preset.gpu_model or 'GPU'}" if preset.gpu else "no GPU",
                "" if preset.free is None else f"{preset.free} free",
            ]
            for preset in self.session.presets
        ]

    def html(self) -> str:
        facts = cards.table(("", ""), [(cards.faint(name), cards.mono(value)) for name, value in self._facts()])
        facts = facts.replace("<thead>", '<thead style="display:none">', 1)
        machines = ""
        if self._presets:
            rows = [[cards.strong(line[0]), *(cards.faint(cell) for cell in line[1:])] for line in self._machines()]
            machines = cards.table(["Preset", "CPU", "Memory", "GPU", "Now"], rows, right=(1, 2))
        return cards.card(facts, machines, where=self.where, framed=False)

    def json(self) -> Any:
        session = self.session
        data = {"user": session.user, "project": session.project, "platform": msgspec.to_builtins(session.platform)}
        if self._presets:
            data["presets"] = msgspec.to_builtins(session.presets)
            data["projects"] = msgspec.to_builtins(session.projects)
        return data


class Invite(Shown):
    """A new account. ``line`` (address and token) is what the colleague signs in with; no form that is saved with a
    notebook shows it, and it cannot be had a second time."""

    def __init__(self, invite: ColleagueInvite, where: str) -> None:
        self.name, self.url, self.line, self.where = invite.name, invite.url, invite.line, where

    def _masked(self) -> str:
        return f"{self.url} ••••••••"

    def text(self) -> str:
        return (
            f"{self.name} has an account on this computer now.\n"
            f"  sign-in line: {self._masked()}\n"
            "  The whole line is in .line, this once: give it to them alone. It is not saved with this notebook."
        )

    def html(self) -> str:
        return cards.card(
            cards.row(cards.strong(self.name), "<span>has an account on this computer now.</span>"),
            cards.ruled(cards.row(cards.faint("Sign-in line"), cards.mono(self._masked()))),
            where=self.where,
            foot="The whole line is in .line, this once: give it to them alone. It is not saved with this notebook.",
        )

    def json(self) -> Any:
        return {"name": self.name, "url": self.url}


class Colleagues(ShownList["Colleague"]):
    """The accounts of this computer's platform."""

    def __init__(self, people: Iterable[Colleague], where: str) -> None:
        super().__init__(people)
        self.where = where

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [person.name for person in self]

    def keys_of(self, item: Colleague) -> tuple[str | None, ...]:
        return (item.name,)

    def rows(self) -> Iterator[dict[str, Any]]:
        for person in self:
            yield msgspec.to_builtins(person)

    def text(self) -> str:
        return "\n".join(f"{person.name}{'  (owner)' if person.owner else ''}" for person in self)

    def html(self) -> str:
        rows = []
        for person in self:
            since = moment(person.created_at)
            role = cards.chip("owner") if person.owner else ""
            rows.append([cards.strong(person.name), role, cards.faint(clock(since) if since else "–")])
        table = cards.table(["User", "", "Since"], rows)
        return cards.card(table, where=self.where, foot=number(len(self), "account"), framed=False)
