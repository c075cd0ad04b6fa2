"""Who and where I am; signing in; colleagues; whether anyone looks."""

from __future__ import annotations

import msgspec
from jupyter_server.auth.decorator import authorized
from tornado import web

from ..schemas import Colleague, ColleagueAdd, SignIn, SwitchProject
from .handler import RESOURCE, NeuroHandler


class Attention(msgspec.Struct, forbid_unknown_fields=True):
    """A page says whether its panel can be seen."""

    visible: bool


class Colleagues(msgspec.Struct):
    """The accounts of this computer's platform."""

    items: list[Colleague]


class SessionHandler(NeuroHandler):
    _track_activity = False

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self) -> None:
        self.answer(await self.lab.session())

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self) -> None:
        self.answer(await self.lab.sign_in(self.decode(SignIn)))

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def delete(self) -> None:
        self.answer(await self.lab.sign_out())


class LocalHandler(NeuroHandler):
    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self) -> None:
        self.answer(await self.lab.use_local())


class ClusterHandler(NeuroHandler):
    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self) -> None:
        self.answer(await self.lab.use_cluster())


class ProjectHandler(NeuroHandler):
    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def put(self) -> None:
        self.answer(await self.lab.switch_project(self.decode(SwitchProject).project))


class ColleaguesHandler(NeuroHandler):
    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self) -> None:
        self.answer(Colleagues(await self.lab.worker.run(self.lab.neuro().accounts.colleagues())))

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self) -> None:
        name = self.decode(ColleagueAdd).name
        self.answer(await self.lab.worker.run(self.lab.neuro().accounts.add_colleague(name)), 201)


class ColleagueHandler(NeuroHandler):
    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def delete(self, name: str) -> None:
        await self.lab.worker.run(self.lab.neuro().accounts.remove_colleague(name))
        self.set_status(204)
        self.finish()


class AttentionHandler(NeuroHandler):
    _track_activity = False

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self) -> None:
        self.lab.attend(self.decode(Attention).visible)
        self.set_status(204)
        self.finish()
