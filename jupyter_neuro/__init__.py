"""The Neu.ro / Apolo platform inside JupyterLab.

Entry points only. Nothing heavy is imported here: ``%load_ext jupyter_neuro`` has to stay far under the time
that ``import apolo_sdk`` alone takes.
"""

from __future__ import annotations

from typing import Any

from ._version import __version__

__all__ = ["__version__", "load_ipython_extension"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-neuro"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from .extension import NeuroExtension

    return [{"module": "jupyter_neuro", "app": NeuroExtension}]


def __getattr__(name: str) -> Any:
    if name == "neuro":  # ``from jupyter_neuro import neuro``: the verbs of ``%neuro`` for Python code
        from .magics.api import neuro

        return neuro
    raise AttributeError(name)


def load_ipython_extension(ipython: Any) -> None:
    """Register ``%neuro`` and ``%%neuro`` (``%load_ext jupyter_neuro``)."""
    from .magics.magics import register

    register(ipython)
