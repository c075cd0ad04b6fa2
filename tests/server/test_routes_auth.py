"""Every route, with every wrong way in. A route that is not in the table fails here."""

from __future__ import annotations

import pytest
from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketHandler

from jupyter_neuro.routes.table import ROUTES

PUBLIC: set[str] = set()
"""Pages for everybody (links): none yet."""

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _url(base: str, route) -> str:
    parts = ["x" if part.startswith("{") else part for part in route.path.split("/")]
    return f"{base}neuro/api/{'/'.join(parts)}"


def test_table_holds_every_registered_route(jp_web_app, jp_serverapp):
    ours = {
        rule.target
        for group in jp_web_app.wildcard_router.rules + jp_web_app.default_router.rules
        for rule in _rules(group)
        if getattr(rule.target, "__module__", "").startswith("jupyter_neuro.")
    }
    assert ours == {route.handler for route in ROUTES}


def _rules(rule):
    target = rule.target
    inner = getattr(target, "rules", None)
    if inner is None:
        return [rule]
    return [found for each in inner for found in _rules(each)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
@pytest.mark.parametrize("way", ["no token", "wrong token", "foreign cookie"])
async def test_nobody_gets_in_without_the_token(jp_fetch, jp_base_url, http_server_client, route, way, jp_serverapp):
    url = _url(jp_base_url, route)
    headers = {"wrong token": {"Authorization": "token wrong"}, "foreign cookie": {"Cookie": "username=bob"}}.get(
        way, {}
    )
    for verb in VERBS:
        body = None if verb in ("GET", "DELETE") else "{}"
        with pytest.raises(HTTPClientError) as refused:
            await http_server_client.fetch(url, method=verb, body=body, headers=headers, follow_redirects=False)
        assert refused.value.code in (401, 403, 404, 405, 302), (verb, refused.value.code)
        if verb.lower() in route.operations:
            assert refused.value.code in (401, 403, 302), (verb, refused.value.code)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_every_verb_is_authenticated_and_authorised(route):
    for verb in route.operations:
        method = getattr(route.handler, verb)
        # both decorators mark what they wrap
        assert hasattr(method, "__wrapped__"), (route.path, verb)
        names = set()
        while hasattr(method, "__wrapped__"):
            names.add(method.__code__.co_name)
            names.update(method.__code__.co_names)
            method = method.__wrapped__
        if not issubclass(route.handler, WebSocketHandler):
            assert "is_authorized" in " ".join(sorted(names)), (route.path, verb, names)


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


async def test_websocket_refuses_without_token_and_from_elsewhere(
    http_server_client, jp_base_url, jp_auth_header, jp_serverapp
):
    # a browser that is signed in, on a page from elsewhere: it sends the cookie and its own origin
    answer = await http_server_client.fetch(f"{jp_base_url}api/status", headers=jp_auth_header)
    cookie = "; ".join(each.partition(";")[0] for each in answer.headers.get_list("Set-Cookie"))
    assert "username" in cookie
    wrong = [
        {},
        {"Authorization": "token wrong"},
        {"Cookie": cookie, "Origin": "http://evil.test"},
    ]
    for headers in wrong:
        with pytest.raises(HTTPClientError) as refused:
            await http_server_client.fetch(f"{jp_base_url}neuro/api/jobs/x/logs", headers={**UPGRADE, **headers})
        assert refused.value.code in (401, 403), headers


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
async def test_a_page_from_elsewhere_cannot_write_with_the_cookie(
    http_server_client, jp_base_url, jp_auth_header, jp_serverapp, route
):
    """The browser adds the cookie to any page's request; the XSRF token it does not have."""
    answer = await http_server_client.fetch(f"{jp_base_url}api/status", headers=jp_auth_header)
    cookie = "; ".join(each.partition(";")[0] for each in answer.headers.get_list("Set-Cookie"))
    for verb in route.operations:
        if verb == "get":
            continue
        for origin in ({}, {"Origin": "http://evil.test"}):
            with pytest.raises(HTTPClientError) as refused:
                await http_server_client.fetch(
                    _url(jp_base_url, route),
                    method=verb.upper(),
                    body=None if verb == "delete" else "{}",
                    headers={"Cookie": cookie, **origin},
                )
            # jupyter_server hides its API from other origins
            assert refused.value.code == (404 if origin else 403), (verb, route.path)


async def test_authorizer_that_allows_reading_only(api, jp_serverapp, monkeypatch):
    from jupyter_server.auth import Authorizer

    class ReadOnly(Authorizer):
        def is_authorized(self, handler, user, action, resource):
            return action == "read"

    jp_serverapp.web_app.settings["authorizer"] = ReadOnly(parent=jp_serverapp)
    for verb, path in [
        ("POST", "session"),
        ("DELETE", "session"),
        ("POST", "session/local"),
        ("POST", "session/colleagues"),
        ("POST", "jobs"),
        ("DELETE", "jobs/x"),
        ("POST", "attention"),
        ("PUT", "session/project"),
    ]:
        status, _ = await api(verb, path)
        assert status == 403, (verb, path)
