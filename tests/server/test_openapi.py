from __future__ import annotations

import json
from pathlib import Path

from jupyter_neuro import __version__
from jupyter_neuro.openapi import text

TOP = Path(__file__).parents[2]


def test_kept_document_is_the_generated_one():
    assert (TOP / "docs" / "openapi.json").read_text() == text(), "run: python -m jupyter_neuro.openapi"


def test_one_version():
    assert json.loads((TOP / "package.json").read_text())["version"] == __version__
