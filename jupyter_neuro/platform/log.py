"""The platform's log: one line an event, secrets masked where lines are formatted."""

from __future__ import annotations

import logging
import re
import sys
from pathlib import Path

from tornado.web import RequestHandler

_ROTATE_AT = 8 * 2**20
_SECRETS = (
    re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+"),
    re.compile(r"(?i)(?<=bearer )\S+|(?<=basic )\S+|(?<=token=)[^\s&]+"),
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),
)


def mask(text: str) -> str:
    """``text`` without tokens, passwords in addresses and Authorization values."""
    for pattern in _SECRETS:
        text = pattern.sub("[hidden]", text)
    return text


class MaskingFormatter(logging.Formatter):
    """Masks the finished text, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return mask(super().format(record))


def set_up(level: int = logging.INFO) -> None:
    """Log to standard error, which is ``platform.log`` when the platform runs by itself."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def rotate(path: Path) -> None:
    """Keep one older log beside a new one when it has grown large."""
    try:
        if path.stat().st_size > _ROTATE_AT:
            path.replace(path.with_name(path.name + ".1"))
    except OSError:
        return


def log_request(handler: RequestHandler) -> None:
    """Only what failed, and only its path: queries hold names of people's things."""
    status = handler.get_status()
    if status >= 500:
        request = handler.request
        logging.getLogger("jupyter_neuro.platform").error("%d %s %s", status, request.method, request.path)
