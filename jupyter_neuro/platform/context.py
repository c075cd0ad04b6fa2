"""What every part of the running platform shares."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .accounts import Accounts
from .audit import Audit
from .disks import Disks
from .flow import Flows
from .permissions import Permissions
from .rate_limit import FailedSignIns
from .root import CLUSTER, ORG, Root
from .secrets import Secrets

if TYPE_CHECKING:
    from .jobs.service import JobService

API = "/api/v1"
STORAGE = f"{API}/storage"
MONITORING = f"{API}/monitoring"
SECRETS = f"{API}/secrets"
DISKS = f"{API}/disks"
BUCKETS = f"{API}/buckets"
VCLUSTER = f"{API}/vcluster"


@dataclass
class Platform:
    """The context of one platform process; handlers reach it as ``self.platform``."""

    root: Root
    db: sqlite3.Connection
    accounts: Accounts
    permissions: Permissions
    secrets: Secrets
    disks: Disks
    flows: Flows
    audit: Audit
    port: int
    tier: str
    tier_notes: list[str]
    trust_users: bool = False
    cluster: str = CLUSTER
    org: str = ORG
    sign_ins: FailedSignIns = field(default_factory=FailedSignIns)
    disk: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "storage"))
    """Threads of the storage: slow disks delay transfers, never the loop or the jobs."""
    jobs: JobService = field(init=False)

    @property
    def url(self) -> str:
        """Origin, ``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """What clients are given, ``http://127.0.0.1:PORT/api/v1``."""
        return self.url + API

    @property
    def owner(self) -> str:
        """The user who owns this platform."""
        return self.accounts.owner
