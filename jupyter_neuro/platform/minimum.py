"""The parts of the API of which this platform has only the empty minimum: clients get clean answers."""

from __future__ import annotations

from .context import API, BUCKETS, VCLUSTER
from .handler import NotSupported, PlatformHandler


class RegistryRoot(PlatformHandler):
    """``/v2/``: the registry speaks this version."""

    def get(self) -> None:
        """Yes."""
        self.send_json({})


class Catalog(PlatformHandler):
    """``/v2/_catalog``."""

    def get(self) -> None:
        """No image has been built or pushed here."""
        self.send_json({"repositories": []})


class RegistryItem(PlatformHandler):
    """Everything else below ``/v2/``."""

    def prepare(self) -> None:
        """Looking finds nothing; changing is not supported."""
        super().prepare()
        if self.request.method in ("GET", "HEAD"):
            self.fail(404, "There is no such image.", errors=[{"code": "NAME_UNKNOWN", "message": "no such image"}])
        self.fail(400, "Not supported by this platform yet")


routes: list[tuple[str, type]] = [
    (BUCKETS + r"(?:/.*)?", NotSupported),
    (API + r"/service_accounts(?:/.*)?", NotSupported),
    (API + r"/clusters(?:/.*)?", NotSupported),
    (API + r"/apps(?:/.*)?", NotSupported),
    (VCLUSTER + r"(?:/.*)?", NotSupported),
    (r"/apis/.*", NotSupported),
    (r"/v2/?", RegistryRoot),
    (r"/v2/_catalog", Catalog),
    (r"/v2/.+", RegistryItem),
]
