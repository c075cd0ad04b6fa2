"""What every answer of ``%neuro`` is: an object with a text, an HTML and a JSON form."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ..services.neuro import Neuro

T = TypeVar("T")

JSON = "application/vnd.neuro.v1+json"
"""The type of an answer's JSON form in a notebook. Not ``application/json``: JupyterLab ranks that one above HTML and
would show a tree of keys instead of the card."""


def where(neuro: Neuro) -> str:
    """``bob · This computer``: how every card ends."""
    who = neuro.session
    return f"{who.user} · {who.title}"


def _cell() -> int | None:
    """The number of the cell that runs."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return None if shell is None else int(shell.execution_count)


class Shown:
    """One answer. Subclasses say what it looks like; this class hands that to IPython."""

    where: str
    """Who and where, as every card says at its end."""
    _seen: int | None = None

    def text(self) -> str:
        """The plain form, as a terminal shows it."""
        raise NotImplementedError

    def html(self) -> str:
        """The card."""
        raise NotImplementedError

    def json(self) -> Any:
        """The data, for programs that read notebooks; no token, no secret."""
        raise NotImplementedError

    def seen(self) -> None:
        """Mark the answer as already on the screen (its live form became this one): IPython's own display of it in
        the same cell is then left out, once."""
        self._seen = _cell()

    def _ipython_display_(self) -> None:
        seen, self._seen = self._seen, None
        if seen is None or seen != _cell():
            raise NotImplementedError  # IPython then goes on to the forms below

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {JSON: self.json()}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.text())

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()


class ShownList(Shown, list[T]):
    """An answer that is a list. ``key`` of an item lets ``answer["job-…"]`` find it."""

    def keys_of(self, item: T) -> tuple[str | None, ...]:
        """The names under which an item is found."""
        return ()

    def rows(self) -> Iterator[dict[str, Any]]:
        """One plain dictionary an item: the rows of ``df`` and of the JSON form."""
        raise NotImplementedError

    def json(self) -> Any:
        return list(self.rows())

    @property
    def df(self) -> Any:
        """The rows as a pandas ``DataFrame``. Raises :class:`ImportError` where pandas is not installed."""
        try:
            pandas = import_module("pandas")
        except ImportError as exc:
            raise ImportError("`.df` needs pandas: %pip install pandas") from exc
        return pandas.DataFrame(list(self.rows()))

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            for item in self:
                if key in self.keys_of(item):
                    return item
            raise KeyError(key)
        return super().__getitem__(key)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()


class Note(Shown):
    """An answer that is a sentence or a page of text."""

    def __init__(self, body: str, where: str, data: Any = None, *, page: bool = False) -> None:
        self.body, self.where, self._data, self._page = body, where, data, page

    def text(self) -> str:
        return self.body

    def html(self) -> str:
        from html import escape

        from . import cards

        if self._page:
            return cards.card(cards.pre(escape(self.body)), where=self.where)
        return cards.line(f'<span style="white-space:pre-line">{escape(self.body)}</span>', where=self.where)

    def json(self) -> Any:
        return {"text": self.body} if self._data is None else self._data
