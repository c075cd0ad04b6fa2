"""Where answers appear while they are being made: a notebook's output, or a terminal.

In a notebook a live answer is one output that is rewritten in place, at most twice a second; in a terminal log lines
go straight to standard output and progress rewrites its own line.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from .shown import JSON, Shown

INTERVAL = 0.5
"""Seconds between two updates of a live answer."""
IDLE = 2.0
"""The same while only its clock goes on."""


class Screen:
    """The user's side of one IPython shell."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    @property
    def rich(self) -> bool:
        """True in a kernel, where outputs can be rewritten; false in a terminal."""
        return getattr(self._shell, "kernel", None) is not None

    @property
    def can_ask(self) -> bool:
        """Is a person there who could answer? False in a notebook run without one (``jupyter execute``, a job)."""
        kernel = getattr(self._shell, "kernel", None)
        if kernel is not None:
            # the front end says with every cell whether it can answer; the kernel keeps that here
            return bool(getattr(kernel, "_allow_stdin", False))
        try:
            return sys.stdin is not None and sys.stdin.isatty()
        except ValueError:
            return False

    def ask(self, question: str) -> bool:
        """Ask for a yes; only where :attr:`can_ask`."""
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes", "д", "да"}

    def secret(self, prompt: str) -> str:
        """Ask for something that must not be seen. Raises :class:`UsageError` where nobody can answer."""
        from getpass import getpass

        from IPython.core.error import UsageError

        if not self.can_ask:
            raise UsageError("nobody is here to type the token. Sign in from the sidebar, or in an interactive cell.")
        return getpass(prompt)

    def live(self) -> Live:
        """A place for one live answer."""
        return RichLive() if self.rich else TerminalLive()


def current_screen() -> Screen:
    """The screen of the shell that runs, or plain standard output."""
    from IPython.core.getipython import get_ipython

    return Screen(get_ipython())


class Live:
    """One answer while it is being made."""

    def show(self, answer: Shown, *, idle: bool = False) -> None:
        """Show the answer as it stands; calls that come too fast are left out. ``idle``: only time has passed."""

    def write(self, text: str) -> None:
        """In a terminal: pass on text that has just come (control sequences already filtered)."""

    def done(self, answer: Shown) -> None:
        """Show the answer for good."""


class RichLive(Live):
    """An output of a notebook, rewritten in place."""

    def __init__(self) -> None:
        self._id: str | None = None
        self._at = 0.0

    def show(self, answer: Shown, *, idle: bool = False) -> None:
        now = time.monotonic()
        if now - self._at >= (IDLE if idle else INTERVAL):
            self._at = now
            self._publish(answer)

    def done(self, answer: Shown) -> None:
        self._publish(answer)
        answer.seen()

    def _publish(self, answer: Shown) -> None:
        from IPython.display import publish_display_data

        update = self._id is not None
        self._id = self._id or uuid4().hex
        data = {"text/plain": answer.text(), "text/html": answer.html(), JSON: answer.json()}
        publish: Callable[..., None] = publish_display_data
        publish(data, transient={"display_id": self._id}, update=update)


class TerminalLive(Live):
    """A terminal: progress on one line that is rewritten, logs as they come."""

    def __init__(self) -> None:
        self._at = 0.0
        self._width = 0

    def show(self, answer: Shown, *, idle: bool = False) -> None:
        now = time.monotonic()
        if now - self._at < INTERVAL:
            return
        self._at = now
        text = answer.text().splitlines()[0]
        sys.stdout.write(f"\r{text:<{self._width}}")
        self._width = len(text)
        sys.stdout.flush()

    def write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def done(self, answer: Shown) -> None:
        if self._width:
            sys.stdout.write("\r" + " " * self._width + "\r")
            sys.stdout.flush()
