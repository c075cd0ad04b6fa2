"""What only the embedded platform can: its tier and its accounts (``API/local/…``).

The SDK has no calls for these. A platform without them (a cluster) answers 404, and that is how the two are told
apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import BadRequest, Conflict, Forbidden, NeuroError, NotFound, Offline, PlatformError

if TYPE_CHECKING:
    import apolo_sdk

_STATUS: dict[int, type[NeuroError]] = {400: BadRequest, 403: Forbidden, 404: NotFound, 409: Conflict}


async def call(client: apolo_sdk.Client, method: str, path: str, body: Any = None) -> Any:
    """One request to ``API/local/{path}`` as the client's user; the answer's JSON, or none.

    Raises the :class:`NeuroError` of the answer's status.
    """
    import aiohttp

    url = client.config.api_url / "local"
    for part in path.split("/"):
        url = url / part
    headers = {"Authorization": f"Bearer {await client.config.token()}"}
    timeout = aiohttp.ClientTimeout(total=30)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http:
            async with http.request(method, url, json=body, headers=headers) as answer:
                if answer.status >= 400:
                    raise await _error(answer)
                return await answer.json() if answer.status != 204 else None
    except (aiohttp.ClientConnectionError, TimeoutError) as exc:
        raise Offline("The platform of this computer cannot be reached.", upstream=str(exc)) from exc
    except (aiohttp.ClientError, ValueError) as exc:
        raise PlatformError("The platform gave an answer that cannot be read.", upstream=str(exc)) from exc


async def _error(answer: Any) -> NeuroError:
    try:
        text = (await answer.json()).get("error", "")
    except Exception:
        text = ""
    kind = _STATUS.get(answer.status, PlatformError)
    field, _, rest = text.partition(": ")
    if rest and field.isidentifier():
        return kind(rest[:1].upper() + rest[1:], field=field, upstream=text)
    return kind(text or f"The platform answered {answer.status}.", upstream=text)


async def status(client: apolo_sdk.Client) -> dict[str, Any] | None:
    """``{tier, tier_notes, owner, trust_users, version, pid, jobs}``, or none where this is a cluster."""
    try:
        found = await call(client, "GET", "status")
    except NotFound:
        return None
    except (BadRequest, Forbidden, PlatformError):
        return None
    return found if isinstance(found, dict) else None
