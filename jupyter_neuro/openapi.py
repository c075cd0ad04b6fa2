"""The OpenAPI 3.1 document of the routes, made from the table of routes and the wire types.

``python -m jupyter_neuro.openapi`` prints it; ``docs/openapi.json`` keeps it, and a test compares the two. The
TypeScript types of the page are generated from that file (``jlpm generate:types``).
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import msgspec

from . import schemas
from ._version import __version__
from .routes.table import ROUTES, Operation
from .schemas import ErrorBody

_REF = "#/components/schemas/{name}"


def document() -> dict[str, Any]:
    """The whole document as plain data."""
    kinds: list[Any] = [getattr(schemas, name) for name in schemas.__all__]
    for route in ROUTES:
        for operation in route.operations.values():
            kinds += [kind for kind in (operation.answer, operation.body) if kind not in (None, str)]
    unique = list(dict.fromkeys(kinds))
    references, components = msgspec.json.schema_components(unique, ref_template=_REF)
    by_kind = dict(zip(unique, references, strict=True))
    paths: dict[str, Any] = {}
    for route in ROUTES:
        names = re.findall(r"{(\w+)}", route.path)
        paths[f"/neuro/api/{route.path}"] = {
            verb: _operation(operation, names, by_kind) for verb, operation in route.operations.items()
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "jupyter_neuro", "version": __version__, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
        "security": [{"token": []}],
    }


def _operation(operation: Operation, names: list[str], by_kind: dict[Any, Any]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    parameters += [{"name": name, "in": "query", "schema": schema} for name, schema in operation.query]
    good: dict[str, Any] = {"description": operation.summary}
    if operation.answer is not None:
        schema = {"type": "string"} if operation.answer is str else by_kind[operation.answer]
        good["content"] = {operation.media: {"schema": schema}}
    bad = {"description": "What went wrong", "content": {"application/json": {"schema": by_kind[ErrorBody]}}}
    found: dict[str, Any] = {
        "summary": operation.summary,
        "responses": {str(operation.status): good, "default": bad},
    }
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        content = {"application/json": {"schema": by_kind[operation.body]}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def text() -> str:
    """The document as it is kept in the repository."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
