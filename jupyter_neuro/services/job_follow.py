"""A job's log as one stream, whatever happens to the connection under it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime

from ..client.session import PlatformSession
from ..errors import NeuroError, translate

SETTLE = 3.0
"""Seconds between the end of a log and the end of its job that are no broken connection."""
GIVE_UP = 60.0
"""Seconds without the platform after which the stream ends with an error."""


async def follow(
    session: PlatformSession, job_id: str, since: datetime | None, timestamps: bool
) -> AsyncGenerator[bytes, None]:
    """Bytes of the log until the job ends.

    The platform's stream also ends when the platform itself does; then it is opened again and what was already
    given is skipped. Raises the :class:`NeuroError` of a refusal at once, of a lost platform after 60 s.
    """
    loop = asyncio.get_running_loop()
    seen = 0
    lost_at: float | None = None
    while True:
        skip = seen
        try:
            client = await session.client()
            async with client.jobs.monitor(job_id, since=since, timestamps=timestamps) as chunks:
                async for chunk in chunks:
                    lost_at = None
                    fresh = chunk[skip:]
                    skip = max(0, skip - len(chunk))
                    seen += len(fresh)
                    if fresh:
                        yield fresh
            if await _ended(session, job_id):
                return
            lost_at = None
        except Exception as exc:
            error = exc if isinstance(exc, NeuroError) else translate(exc, action="Reading the log")
            if not error.retryable:
                raise error from exc
            lost_at = lost_at or loop.time()
            if loop.time() - lost_at > GIVE_UP:
                raise error from exc
            await asyncio.sleep(0.5)


async def _ended(session: PlatformSession, job_id: str) -> bool:
    """Whether the job ends with its log; False when it goes on, and the stream was cut."""
    deadline = asyncio.get_running_loop().time() + SETTLE
    while True:
        client = await session.client()
        if (await client.jobs.status(job_id)).status.is_finished:
            return True
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.1)
