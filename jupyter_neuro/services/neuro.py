"""One platform as one user, with everything that can be done there: what routes and magics hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, Literal, TypeVar

import msgspec

from ..client import local_api
from ..client.connection import Target
from ..client.session import PlatformSession
from ..client.worker import Worker
from ..errors import translate
from ..schemas import Platform
from .accounts import SessionService
from .connector import Connector
from .jobs import JobsService
from .rights import Rights
from .sharing import SharingService
from .storage import StorageService

T = TypeVar("T")


class Who(msgspec.Struct, frozen=True):
    """Who and where: the line at the end of every card."""

    user: str
    project: str
    cluster: str
    org: str
    title: str
    kind: Literal["local", "cluster"]
    platform: Platform


class Neuro:
    """Services for ``target``; their coroutines run on ``worker``'s loop."""

    def __init__(self, target: Target, worker: Worker, connector: Connector) -> None:
        self.target = target
        self.worker = worker
        self.platform_session = PlatformSession(target)
        self.rights = Rights()
        self.jobs = JobsService(self.platform_session, self.rights)
        self.storage = StorageService(self.platform_session)
        self.sharing = SharingService(self.platform_session, self.jobs)
        self.accounts = SessionService(self, connector)
        self._who: tuple[object, Who] | None = None
        self._asking: asyncio.Lock | None = None

    async def who(self) -> Who:
        """Signs in if need be. Asked once a client's life."""
        if self._asking is None:
            self._asking = asyncio.Lock()
        async with self._asking:
            client = await self.platform_session.client()
            if self._who is not None and self._who[0] is client:
                return self._who[1]
            config = client.config
            try:
                local = await local_api.status(client)
                user, project = config.username, config.project_name or ""
            except Exception as exc:
                raise translate(exc) from exc
            here = local is not None
            platform = Platform(
                kind="local" if here else "cluster",
                url=str(config.api_url),
                title="This computer" if here else config.cluster_name,
                cluster=config.cluster_name,
                org=config.org_name or "",
                tier=local.get("tier", "") if local else "",
                owner=bool(local and local.get("owner") == user),
                trust_users=bool(local and local.get("trust_users")),
            )
            who = Who(
                user=user,
                project=project,
                cluster=platform.cluster,
                org=platform.org,
                title=platform.title,
                kind=platform.kind,
                platform=platform,
            )
            self._who = (client, who)
            return who

    @property
    def session(self) -> Who:
        """:meth:`who` for a plain thread (magics)."""
        return self.call(self.who())

    def call(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run a service's coroutine from a plain thread. Ctrl-C ends the waiting, never a job."""
        return self.worker.call(coroutine, timeout)

    def iterate(self, items: AsyncIterator[T]) -> Iterator[T]:
        """Iterate over a service's stream from a plain thread."""
        return self.worker.iterate(items)

    async def close(self) -> None:
        await self.platform_session.close()
