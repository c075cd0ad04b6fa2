"""Who am I: sign in and out, projects, presets, colleagues on this computer."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._version import __version__
from ..client import local_api
from ..client.connection import Target, login_target
from ..client.session import PlatformSession, sign_in
from ..errors import BadRequest, Forbidden, NeuroError, NotFound, NotSignedIn, translate
from ..schemas import Colleague, ColleagueInvite, Folder, Preset, Project, Session, SignIn
from .connector import Connector

if TYPE_CHECKING:
    import apolo_sdk

    from .neuro import Neuro

PATIENCE = 45.0
"""Seconds that a page waits to hear who and where; the start of the embedded platform falls into it."""

_URL = re.compile(r"https?://[^\s'\"<>]+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}")


def read_line(form: SignIn) -> tuple[str, str]:
    """Address and token of a sign-in, from one pasted line or from two fields.

    Raises :class:`BadRequest` naming the field that is wrong.
    """
    url, token = form.url.strip(), form.token.strip()
    line = form.line.strip()
    if line:
        without = line
        found_url = _URL.search(line)
        if found_url:
            url = found_url[0]
            without = line.replace(url, " ")
        found_token = _TOKEN.search(without)
        if found_token:
            token = found_token[0]
    field = "line" if line else None
    if not url:
        raise BadRequest(
            "The address of the platform is missing.",
            field=field or "url",
            hint="It begins with http:// or https://.",
        )
    if not _URL.fullmatch(url):
        raise BadRequest(f"'{url}' is not an address.", field=field or "url", hint="It begins with https://.")
    if not token:
        raise BadRequest("The token is missing.", field=field or "token", hint="Copy the whole line again.")
    if not _TOKEN.fullmatch(token):
        raise BadRequest(
            "This is not a whole token.", field=field or "token", hint="It has three parts with dots between them."
        )
    return url.rstrip("/"), token


class SessionService:
    """Who and where, for one :class:`Neuro`."""

    def __init__(self, neuro: Neuro, connector: Connector) -> None:
        self._neuro = neuro
        self._connector = connector

    async def info(self, folder: Path | None = None) -> Session:
        """Everything the page's header needs. Starts the embedded platform where it is the one.

        What cannot be had is said in ``state`` and ``message``; this raises nothing that a platform can cause.
        """
        state, target = self._connector.current()
        answer = Session(state=state, version=__version__, folder=_folder(folder or Path.cwd()))
        cluster = self._connector.cluster()
        answer.cluster_login = await _describe(cluster) if cluster else ""
        if state != "ready" or target.kind == "none":
            return answer
        try:
            await asyncio.wait_for(self._fill(answer), PATIENCE)
        except TimeoutError:
            answer.state, answer.message = "failed", "The platform did not answer in time."
            answer.hint = "Try again in a moment."
        except NotSignedIn as exc:
            answer.state, answer.message, answer.hint = "signed-out", exc.message, exc.hint or ""
        except NeuroError as exc:
            answer.state, answer.message, answer.hint = "failed", exc.message, exc.hint or ""
        return answer

    async def _fill(self, answer: Session) -> None:
        who = await self._neuro.who()
        client = await self._neuro.platform_session.client()
        answer.platform, answer.user, answer.project = who.platform, who.user, who.project
        answer.projects = [
            Project(name=item.name, org=item.org_name, cluster=item.cluster_name, role=item.role)
            for item in client.config.projects.values()
        ]
        answer.presets = await self._presets(client)
        answer.images = ["this-computer"] if who.kind == "local" else await self._images(client)

    async def _presets(self, client: apolo_sdk.Client) -> list[Preset]:
        free: dict[str, int] = {}
        try:
            free = dict(await client.jobs.get_capacity())
        except Exception as exc:
            if translate(exc).status in (409, 503):
                raise translate(exc) from exc
        presets = []
        for name, item in client.config.presets.items():
            gpu = item.nvidia_gpu or item.amd_gpu or item.intel_gpu
            presets.append(
                Preset(
                    name=name,
                    cpu=item.cpu,
                    memory=item.memory,
                    gpu=gpu.count if gpu else 0,
                    gpu_model=(gpu.model or "") if gpu else "",
                    credits_per_hour=str(item.credits_per_hour),
                    free=free.get(name),
                )
            )
        return presets

    async def _images(self, client: apolo_sdk.Client) -> list[str]:
        """Images of the project's registry; a registry that does not answer must not keep anyone from working."""
        try:
            return [f"image:{image.name}" for image in await client.images.list()][:100]
        except Exception:
            return []

    async def sign_in(self, form: SignIn) -> Target:
        """Sign in and make that platform the one that counts.

        Raises :class:`BadRequest`, :class:`BadToken` or :class:`NotAPlatform`; the platform before stays then.
        """
        url, token = read_line(form)
        target = login_target(url)
        try:
            await sign_in(target.config_dir(), url, token)
        except NeuroError as exc:
            if form.line:
                exc.details.field = "line"
            raise
        self._connector.choose(target)
        return target

    async def sign_out(self) -> None:
        """Forget the sign-in of the page or ``%neuro login``; the official client's own and this computer's stay."""
        _, target = self._connector.current()
        if target.kind == "login":
            for name in ("db", "db-wal", "db-shm", "signed-in"):
                (target.config_dir() / name).unlink(missing_ok=True)
        self._connector.choose(Target(kind="none"))

    def use_local(self) -> Target:
        """This computer counts from now on."""
        target = self._connector.local()
        self._connector.choose(target)
        return target

    def use_cluster(self) -> Target:
        """The official client's sign-in counts from now on. Raises :class:`NotSignedIn` where there is none."""
        target = self._connector.cluster()
        if target is None:
            raise NotSignedIn("No sign-in of the command line was found on this account.")
        self._connector.choose(target)
        return target

    async def switch_project(self, name: str) -> None:
        """Make another project of the cluster the current one. Raises :class:`NotFound` for an unknown one."""
        client = await self._neuro.platform_session.client()
        names = sorted({key.project_name for key in client.config.projects})
        if name not in names:
            raise NotFound(
                f"There is no project '{name}' that you may use.", field="project", hint=f"Yours: {', '.join(names)}."
            )
        try:
            await client.config.switch_project(name)
        except Exception as exc:
            raise translate(exc) from exc

    async def colleagues(self) -> list[Colleague]:
        """The accounts of this computer's platform. Raises :class:`Forbidden` for all but its owner."""
        rows: list[dict[str, Any]] = await self._local("GET", "users")
        return [Colleague(name=row["name"], created_at=row["created_at"], owner=row["owner"]) for row in rows]

    async def add_colleague(self, name: str) -> ColleagueInvite:
        """A new account. The line holds address and token and cannot be had a second time.

        Raises :class:`BadRequest` or :class:`Conflict` naming the field ``name``.
        """
        name = name.strip()
        try:
            row = await self._local("POST", "users", {"name": name})
        except NeuroError as exc:
            if exc.status in (400, 409):
                exc.details.field = "name"
            if exc.status == 409:
                exc.hint = f"A lost line can be renewed in a terminal: jupyter neuro user token {name}"
            raise
        client = await self._neuro.platform_session.client()
        url = str(client.config.api_url)
        return ColleagueInvite(name=row["name"], url=url, line=f"{url} {row['token']}")

    async def remove_colleague(self, name: str) -> None:
        """End an account: its tokens stop working. Raises :class:`NotFound`."""
        await self._local("DELETE", f"users/{name}")

    async def _local(self, method: str, path: str, body: Any = None) -> Any:
        who = await self._neuro.who()
        if who.kind != "local":
            raise Forbidden("Accounts of a cluster are kept by its administrators.")
        if not who.platform.owner:
            raise Forbidden("Only the owner of this computer's platform may see and add accounts.")
        client = await self._neuro.platform_session.client()
        return await local_api.call(client, method, path, body)


async def _describe(cluster: Target) -> str:
    """ "alice on default (https://…)" of the command line's sign-in, or its folder where it cannot be read."""
    session = PlatformSession(cluster)
    try:
        config = (await session.client()).config
        return f"{config.username} on {config.cluster_name} ({config.api_url})"
    except NeuroError:
        return cluster.config
    finally:
        await session.close()


def _folder(path: Path) -> Folder:
    found = None
    for place in (path, *path.parents):
        if any((place / name).is_dir() for name in (".neuro", ".apolo")) and any(
            (place / name / f"live.{end}").is_file() for name in (".neuro", ".apolo") for end in ("yaml", "yml")
        ):
            found = place
            break
    shown = found or path
    return Folder(name=shown.name or str(shown), path=str(shown), is_project=found is not None)
