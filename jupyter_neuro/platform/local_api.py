"""``API/local/…``: what only the embedded platform has. Its state, and the accounts of its people."""

from __future__ import annotations

import os
from typing import Any, NoReturn

from .._version import __version__
from .accounts import AccountError, NoSuchUser, OwnerStays, User, UserExists
from .context import API
from .handler import PlatformHandler


class Status(PlatformHandler):
    """``local/status``."""

    def get(self) -> None:
        """Tier, owner, process and how many jobs there are."""
        platform = self.platform
        self.send_json(
            {
                "tier": platform.tier,
                "tier_notes": platform.tier_notes,
                "owner": platform.owner,
                "trust_users": platform.trust_users,
                "version": __version__,
                "pid": os.getpid(),
                "url": platform.api_url,
                "jobs": platform.jobs.counts(),
            }
        )


class OwnerOnly(PlatformHandler):
    """The accounts are the owner's business."""

    def prepare(self) -> None:
        """403 for everybody else."""
        super().prepare()
        if self.user != self.platform.owner:
            self.fail(403, f"Only {self.platform.owner}, who owns this platform, manages its users.")

    def refuse(self, problem: AccountError) -> NoReturn:
        """The answer to what `Accounts` refused."""
        if isinstance(problem, NoSuchUser):
            self.fail(404, str(problem))
        if isinstance(problem, OwnerStays):
            self.fail(409, str(problem))
        self.fail(409 if isinstance(problem, UserExists) else 400, f"name: {problem}")


class Users(OwnerOnly):
    """``local/users``."""

    def get(self) -> None:
        """All accounts."""
        self.send_json([_to_json(user) for user in self.platform.accounts.users()])

    def post(self) -> None:
        """Add one; the token is told this once."""
        body = self.json_body()
        name = body.get("name") if isinstance(body, dict) else None
        if not isinstance(name, str):
            self.fail(400, "name: say how the user is called.")
        try:
            token = self.platform.accounts.add(name)
        except AccountError as problem:
            self.refuse(problem)
        self.platform.audit.write(self.user, self.address, "add-user", name)
        self.send_json({"name": name, "token": token}, 201)


class OneUser(OwnerOnly):
    """``local/users/NAME``."""

    async def delete(self, name: str) -> None:
        """Remove the account, its tokens, shares, secrets and running jobs. Its files stay on disk."""
        try:
            self.platform.accounts.remove(name)
        except AccountError as problem:
            self.refuse(problem)
        self.platform.permissions.remove_user(name)
        self.platform.secrets.remove_project(self.platform.org, name)
        self.platform.flows.remove_project(self.platform.org, name)
        self.platform.audit.write(self.user, self.address, "remove-user", name)
        await self.platform.jobs.kill_all(name)
        self.set_status(204)


class Token(OwnerOnly):
    """``local/users/NAME/token``."""

    def post(self, name: str) -> None:
        """A new token; the old ones end."""
        try:
            token = self.platform.accounts.renew(name)
        except AccountError as problem:
            self.refuse(problem)
        self.platform.audit.write(self.user, self.address, "renew-token", name)
        self.send_json({"name": name, "token": token}, 201)


def _to_json(user: User) -> dict[str, Any]:
    return {"name": user.name, "created_at": user.created_at, "owner": user.owner}


routes: list[tuple[str, type]] = [
    (API + r"/local/status", Status),
    (API + r"/local/users", Users),
    (API + r"/local/users/([^/]+)", OneUser),
    (API + r"/local/users/([^/]+)/token", Token),
]
