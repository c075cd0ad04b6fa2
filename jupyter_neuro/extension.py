"""The server extension: settings, life cycle, wiring."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from jupyter_server.extension.application import ExtensionApp
from tornado.ioloop import IOLoop
from traitlets import Unicode

from ._version import __version__
from .client.connection import SERVER_VARIABLE
from .events import FILES, JOB, SESSION


class NeuroExtension(ExtensionApp):
    """The Neu.ro / Apolo platform in JupyterLab."""

    name = "jupyter_neuro"
    extension_url = "/lab"
    load_other_extensions = True
    version = __version__
    description = __doc__

    platform = Unicode(
        "auto",
        config=True,
        help="""Which platform to use: 'auto' (the command line's sign-in to a cluster where there is one, asked
        about once; else this computer), 'local' (always the embedded platform of this computer), or the API's
        address of a cluster.""",
    )
    root = Unicode(
        "",
        config=True,
        help="Directory of the embedded platform; empty: neuro/platform in the user's Jupyter data directory.",
    )
    _kinds: ClassVar[dict[str, str]] = {"job": JOB, "session": SESSION}

    def initialize_settings(self) -> None:
        from .services.lab import Lab, server_key

        assert self.serverapp is not None
        assert self.serverapp.event_logger is not None
        for path in FILES:
            self.serverapp.event_logger.register_event_schema(path)
        key = server_key(self.serverapp.port)
        # the kernels that this server starts inherit it, and so find their entry in connection.json
        os.environ[SERVER_VARIABLE] = key
        folder = Path(self.serverapp.root_dir)
        self.lab = Lab(self.platform, self.root, folder, key, self._emit)
        self.lab.publish()

    def initialize_handlers(self) -> None:
        from .routes.table import ROUTES

        for route in ROUTES:
            self.handlers.append((f"/neuro/api/{route.pattern}", route.handler, {"lab": self.lab}))

    def _emit(self, kind: str, data: dict[str, Any]) -> None:
        """Put an event on the server's bus, from any thread."""
        assert self.serverapp is not None
        logger, loop = self.serverapp.event_logger, self._loop()
        if loop is not None and logger is not None:
            emit = partial(logger.emit, schema_id=self._kinds[kind], data=data)
            loop.add_callback(emit)

    def _loop(self) -> IOLoop | None:
        return getattr(self.serverapp, "io_loop", None)

    async def stop_extension(self) -> None:
        """The server ends; jobs and the embedded platform go on."""
        self.lab.stop()
