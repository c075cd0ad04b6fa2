"""What a job runs: the words of its command, and the image it asks for."""

from __future__ import annotations

import re
import shlex
from typing import Any

from ..executors.work import IMAGE
from .invalid import Invalid

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,511}")
MAX_COMMAND = 64 * 1024
"""Characters of a command or entry point. Far under what Linux allows for an argument, and splitting takes the square
of it: a longer program belongs into a file."""


def argv(entrypoint: Any, command: Any) -> list[str]:
    """Entry point and command, each split as a shell splits words, without a shell. Raises `Invalid`."""
    words: list[str] = []
    for field, text in (("entrypoint", entrypoint), ("command", command)):
        if text is None:
            continue
        if not isinstance(text, str) or "\0" in text:
            raise Invalid(field, "it has to be a text")
        if len(text) > MAX_COMMAND:
            raise Invalid(field, f"it is longer than {MAX_COMMAND} characters: put the program into a file")
        try:
            found = shlex.split(text)
        except ValueError as problem:
            raise Invalid(field, f"it cannot be split into words: {str(problem).lower()}") from None
        words += found
    if not words or not words[0]:
        raise Invalid("command", f"say what to run: the image {IMAGE} has no command of its own")
    return words


def image(asked: Any, port: int) -> tuple[str, str | None]:
    """The image's name as asked for, and a note where something else is run. Raises `Invalid`.

    Without a container engine there is one image, the host itself; names of public registries are mapped to it.
    Names of this platform's own registry (on ``port``) mean an image that was built or pushed here.
    """
    if not isinstance(asked, str) or not asked:
        raise Invalid("image", f"an image is needed; {IMAGE} is always there")
    short = asked.removesuffix(":latest")
    name = short.partition(":")[0]
    if name == IMAGE:
        return asked, None
    own = (f"127.0.0.1:{port}/", f"localhost:{port}/", f"[::1]:{port}/", "image:")
    if asked.startswith(own):
        raise Invalid("image", f"there is no image {short!r} on this platform; {IMAGE} is always there")
    if not REFERENCE.fullmatch(asked):
        raise Invalid("image", f"{asked[:200]!r} is not the name of an image")
    return asked, f"host system instead of {short}"
