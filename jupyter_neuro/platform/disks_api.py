"""Disks over HTTP: ``disks_url`` and ``disks_url/ID-or-NAME``; and the round that ends those whose time is over."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .context import DISKS
from .disks import NAME, NAME_LENGTH, Disk, DiskError, NameTaken, used_bytes
from .permissions import Action
from .project_items import ProjectItems
from .uri import BadURI, Resource, decode, parse

if TYPE_CHECKING:
    from .context import Platform

log = logging.getLogger("jupyter_neuro.platform")

ROUND = 60.0
"""Seconds between two looks for disks whose life span is over."""
_MAX_NUMBER = 2**62


class DiskHandler(ProjectItems):
    """What the handlers below share."""

    scheme = "disk"

    def uris(self, disk: Disk) -> list[Resource]:
        """The addresses by which a right on a disk can be held: its ID and its name."""
        names = [disk.id, *([disk.name] if disk.name else [])]
        return [self.resource(disk.project, name) for name in names]

    def level(self, disk: Disk) -> Action:
        """What the user may do with a disk."""
        access = self.platform.permissions.access(self.user)
        return max(access.action(uri) or Action.DENY for uri in self.uris(disk))

    async def json(self, disk: Disk) -> dict[str, Any]:
        """A disk as the API tells it."""
        disks, loop = self.platform.disks, asyncio.get_running_loop()
        used = await loop.run_in_executor(self.platform.disk, used_bytes, disks.directory(disk))
        return {
            "id": disk.id,
            "name": disk.name,
            "storage": disk.storage,
            "used_bytes": used,
            "life_span": disk.life_span,
            "owner": disk.owner,
            "org_name": disk.org,
            "project_name": disk.project,
            "status": disks.status(disk),
            "created_at": _iso(disk.created),
            "last_usage": None if disk.last_usage is None else _iso(disk.last_usage),
        }


class Disks(DiskHandler):
    """``disks``: looking and making."""

    async def get(self) -> None:
        """The disks that the user may read."""
        org, project = self.asked_for()
        found = [disk for disk in self.platform.disks.list(org, project) if self.level(disk) >= Action.READ]
        self.send_json([await self.json(disk) for disk in found])

    async def post(self) -> None:
        """Make one."""
        body = self.object_body()
        project = self.project_of(body)
        self.require(self.resource(project), Action.WRITE)
        storage, life = body.get("storage"), body.get("life_span")
        if not isinstance(storage, int) or isinstance(storage, bool) or not 0 < storage < _MAX_NUMBER:
            self.fail(400, "storage: a number of bytes above 0 is needed.")
        if life is not None and (
            not isinstance(life, int | float) or isinstance(life, bool) or not 0 < life < _MAX_NUMBER
        ):
            self.fail(400, "life_span: a number of seconds above 0 is needed, or none for a disk that stays.")
        name = body.get("name")
        if name is not None and (
            not isinstance(name, str) or len(name) not in NAME_LENGTH or not NAME.fullmatch(name)
        ):
            self.fail(400, "name: use 3 to 40 small letters, digits and single hyphens, a letter first.")
        try:
            disk = self.platform.disks.create(
                self.platform.org, project, self.user, storage, None if life is None else math.ceil(life), name
            )
        except NameTaken as problem:
            self.fail(409, str(problem))
        except DiskError as problem:
            self.fail(400, str(problem))
        self.platform.audit.write(self.user, self.address, "create-disk", str(self.resource(project, disk.id)))
        self.send_json(await self.json(disk), 201)


class OneDisk(DiskHandler):
    """``disks/ID-or-NAME``."""

    async def get(self, segment: str) -> None:
        """Tell it."""
        self.send_json(await self.json(self._find(segment, Action.READ)))

    async def delete(self, segment: str) -> None:
        """Remove it with its content, and who it was shared with. A disk that a job has mounted stays."""
        disk = self._find(segment, Action.WRITE)
        job = mounted(self.platform).get(disk.id)
        if job:
            self.fail(409, f"{disk.name or disk.id} is in use by {job}; end that job first.")
        remove(self.platform, disk)
        self.platform.audit.write(self.user, self.address, "remove-disk", str(self.resource(disk.project, disk.id)))
        await asyncio.get_running_loop().run_in_executor(self.platform.disk, self.platform.disks.clean)
        self.set_status(204)

    def _find(self, segment: str, action: Action) -> Disk:
        project, ident = self.named_in_query(), decode(segment)
        disks = self.platform.disks
        # clients name their current project beside the ID of a disk of another one
        disk = disks.by_id(ident) or disks.find(self.platform.org, project, ident)
        level = Action.DENY if disk is None else self.level(disk)
        if disk is None or level < Action.READ:
            # the same answer whether it exists or not, for those who have no right there
            self.require(self.resource(project, ident), action)
            self.fail(404, f"Disk {ident!r} not found")
        if level < action:
            self.require(self.resource(disk.project, ident), action)
        return disk


def remove(platform: Platform, disk: Disk) -> None:
    """Remove a disk and every grant on it."""
    platform.disks.remove(disk)
    for name in filter(None, (disk.id, disk.name)):
        platform.permissions.forget(Resource("disk", (platform.cluster, disk.org, disk.project, name)))


def mounted(platform: Platform) -> dict[str, str]:
    """ID of each disk that a waiting or running job mounts → that job."""
    found = {}
    for job in platform.jobs.unfinished():
        for volume in job.request["container"].get("disk_volumes") or ():
            try:
                parts = parse(volume["src_disk_uri"]).parts
            except BadURI:
                continue
            disk = platform.disks.find(parts[1], parts[2], parts[3]) if len(parts) == 4 else None
            if disk is not None:
                found[disk.id] = job.id
    return found


async def keep_house(platform: Platform) -> None:
    """End disks whose time is over, for as long as the platform runs."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            for disk in platform.disks.expire(mounted(platform).keys(), time.time()):
                remove(platform, disk)
                log.info("%s was not used for its life span and is removed", disk.id)
            await loop.run_in_executor(platform.disk, platform.disks.clean)
        except Exception:
            # a full disk or a busy database: the next round comes
            log.exception("looking for disks whose time is over failed")
        await asyncio.sleep(ROUND)


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


routes: list[tuple[str, type]] = [(DISKS + r"/?", Disks), (DISKS + r"/([^/]+)", OneDisk)]
