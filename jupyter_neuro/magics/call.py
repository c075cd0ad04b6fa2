"""What a verb gets to work with: what was said, who says it, and where the answer goes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from .grammar import Given
from .screen import Screen
from .shown import where

if TYPE_CHECKING:
    from ..services.neuro import Neuro

T = TypeVar("T")

latest: list[Neuro] = []
"""The platform of the last call, for completion: pressing Tab never starts or signs in to one."""


def _connect() -> Neuro:
    from ..services.kernel import connect

    return connect()


@dataclass
class Call:
    """One call of a verb."""

    given: Given
    screen: Screen
    cell: str | None = None
    """The body of a ``%%neuro`` cell."""
    connect: Callable[[], Neuro] = _connect
    _neuro: Neuro | None = field(default=None, init=False)

    @property
    def neuro(self) -> Neuro:
        """The platform; connects at first use, so that ``help`` needs none."""
        if self._neuro is None:
            self._neuro = self.connect()
            latest[:] = [self._neuro]
        return self._neuro

    @property
    def where(self) -> str:
        """``bob · This computer``."""
        return where(self.neuro)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Wait for a service. Ctrl-C ends the waiting, never a job."""
        return self.neuro.call(coroutine)
