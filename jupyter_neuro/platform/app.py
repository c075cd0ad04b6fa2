"""Puts the platform together and runs it until it is told to stop. Jobs go on without it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from dataclasses import dataclass

from tornado.httpserver import HTTPServer
from tornado.web import Application

from .._version import __version__
from . import (
    config_api,
    disks_api,
    flow_api,
    jobs_api,
    local_api,
    minimum,
    monitoring,
    secrets_api,
    storage_api,
    users_api,
)
from .accounts import Accounts
from .audit import Audit
from .context import Platform
from .db import connect
from .disks import Disks
from .executors.detect import detect
from .flow import Flows
from .handler import NotFound
from .jobs.service import JobService
from .log import log_request
from .permissions import Permissions
from .root import CLUSTER, ORG, Root, process_start_time
from .secrets import Secrets
from .storage import Storage

log = logging.getLogger("jupyter_neuro.platform")
# of a request that is not an upload to the storage
MAX_BODY = 16 * 2**20


@dataclass(frozen=True)
class Options:
    """How the platform was started."""

    root: Root
    owner: str
    port: int | None = None
    tier: str = "auto"
    trust_users: bool = False


def make_platform(options: Options, port: int) -> Platform:
    """The context on an open root. Raises `AccountError` for an owner's name that cannot be."""
    root = options.root
    db = connect(root.database)
    accounts = Accounts(root.path, db)
    owner = accounts.ensure_owner(options.owner)
    for user in accounts.users():
        root.project_dir(user.name)
    Storage(root.storage, root.incoming).clean()
    tier, notes = detect(options.tier)
    log.info("owner %s, tier %s: %s", owner, tier, "; ".join(notes) or "nothing to add")
    platform = Platform(
        root=root,
        db=db,
        accounts=accounts,
        permissions=Permissions(db, CLUSTER, ORG),
        secrets=Secrets(root, db),
        disks=Disks(root, db),
        flows=Flows(db),
        audit=Audit(root.audit_file),
        port=port,
        tier=tier,
        tier_notes=notes,
        trust_users=options.trust_users,
    )
    platform.jobs = JobService(platform)
    return platform


def make_application(platform: Platform) -> Application:
    """The routes of all parts."""
    parts = (
        config_api,
        users_api,
        storage_api,
        jobs_api,
        monitoring,
        secrets_api,
        disks_api,
        flow_api,
        local_api,
        minimum,
    )
    return Application(
        [route for part in parts for route in part.routes],
        platform=platform,
        default_handler_class=NotFound,
        log_function=log_request,
        compress_response=False,
        websocket_ping_interval=20,
    )


async def serve(options: Options, listener: socket.socket) -> None:
    """Serve on the bound socket until SIGTERM or SIGINT."""
    port = int(listener.getsockname()[1])
    platform = make_platform(options, port)
    server = HTTPServer(make_application(platform), max_body_size=MAX_BODY, chunk_size=256 * 1024)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    # jobs of an earlier process are adopted before anybody can ask for them
    await platform.jobs.start()
    for gone in platform.jobs.owners() - {user.name for user in platform.accounts.users()}:
        # removed by the command line while no platform ran
        await platform.jobs.kill_all(gone)
    server.add_socket(listener)
    options.root.write_runtime(
        {
            "pid": os.getpid(),
            "start_time": process_start_time(os.getpid()),
            "url": platform.api_url,
            "port": port,
            "tier": platform.tier,
            "trust_users": platform.trust_users,
            "owner": platform.owner,
            "org": platform.org,
            "cluster": platform.cluster,
            "version": __version__,
        }
    )
    log.info("serving at %s", platform.api_url)
    housekeeping = asyncio.create_task(disks_api.keep_house(platform))
    try:
        await stopping.wait()
    finally:
        log.info("stopping; running jobs go on")
        with contextlib.suppress(FileNotFoundError):
            options.root.runtime_file.unlink()
        housekeeping.cancel()
        server.stop()
        await platform.jobs.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.close_all_connections(), 5)
        platform.disk.shutdown(wait=True, cancel_futures=True)
        platform.audit.close()
        platform.db.close()
