"""Tokens and users: who gets in, and who does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_neuro.platform.accounts import AccountError, Accounts, NoSuchUser, OwnerStays, UserExists, legal_name
from jupyter_neuro.platform.root import Root

from .process import PlatformProcess


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    root = Root(tmp_path / "root")
    root.ensure()
    made = Accounts(root.path)
    made.ensure_owner("bob")
    return made


def test_a_token_names_its_user(accounts: Accounts) -> None:
    assert accounts.authenticate(accounts.add("alice")) == "alice"


def test_renewing_ends_the_old_token(accounts: Accounts) -> None:
    old = accounts.add("alice")
    new = accounts.renew("alice")
    assert accounts.authenticate(old) is None
    assert accounts.authenticate(new) == "alice"


def test_removing_ends_all_tokens(accounts: Accounts) -> None:
    token, for_job = accounts.add("alice"), accounts.issue("alice", "job:job-1")
    accounts.remove("alice")
    assert accounts.authenticate(token) is None
    assert accounts.authenticate(for_job) is None


def test_a_removed_users_token_does_not_come_back_with_the_name(accounts: Accounts) -> None:
    token = accounts.add("alice")
    accounts.remove("alice")
    accounts.add("alice")
    assert accounts.authenticate(token) is None


def test_a_token_for_a_job_ends_by_its_purpose_alone(accounts: Accounts) -> None:
    person, one, other = accounts.add("alice"), accounts.issue("alice", "job:1"), accounts.issue("alice", "job:2")
    accounts.end("job:1")
    assert [accounts.authenticate(token) for token in (person, one, other)] == ["alice", None, "alice"]


def _jwt(key: bytes, head: dict[str, str], claims: dict[str, object]) -> str:
    def pack(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    text = f"{pack(json.dumps(head).encode())}.{pack(json.dumps(claims).encode())}"
    return f"{text}.{pack(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


def test_forged_tokens_are_refused(accounts: Accounts, tmp_path: Path) -> None:
    token = accounts.add("alice")
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    hs256 = {"alg": "HS256", "typ": "JWT"}
    secret = bytes.fromhex((tmp_path / "root" / "secret").read_text())
    assert accounts.authenticate(_jwt(secret, hs256, claims)) == "alice", "the forger of this test forges well"
    forged = [
        _jwt(b"neuro", hs256, claims),  # what clients of platforms without accounts sign with
        _jwt(secret, {"alg": "none", "typ": "JWT"}, claims),
        _jwt(secret, hs256, {**claims, "identity": "bob"}),
        _jwt(secret, hs256, {**claims, "jti": "x"}),
        _jwt(secret, hs256, {"identity": "alice"}),
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{head}.{body}.{signature[:-4]}AAAA",
        "",
        "....",
        "\x00.é.☃",
    ]
    assert [accounts.authenticate(text) for text in forged] == [None] * len(forged)


@pytest.mark.parametrize("name", ["", "Alice", "a b", "-a", "a-", "a--b", "a/b", "é", "a" * 41, "public", "admin"])
def test_bad_names_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError):
        accounts.add(name)
    assert [user.name for user in accounts.users()] == ["bob"]


def test_what_cannot_be_done_to_users(accounts: Accounts) -> None:
    with pytest.raises(UserExists):
        accounts.add("bob")
    with pytest.raises(OwnerStays):
        accounts.remove("bob")
    for act in (accounts.remove, accounts.renew):
        with pytest.raises(NoSuchUser):
            act("carol")


@pytest.mark.parametrize(
    ("os_name", "name"),
    [
        ("Jean.Dupont", "jean-dupont"),
        ("root", "root"),
        ("", "me"),
        ("...", "me"),
        ("ÉLODIE Šmíd", "elodie-smid"),
        ("admin", "admin-user"),
        ("DOMAIN\\user", "domain-user"),
        ("x" * 39 + ".y", "x" * 39),
    ],
)
def test_names_of_the_system_become_legal_ones(accounts: Accounts, os_name: str, name: str) -> None:
    assert legal_name(os_name) == name
    accounts.add(name)


def test_the_owners_token_file_follows_a_renewal(accounts: Accounts, tmp_path: Path) -> None:
    token = accounts.renew("bob")
    assert (tmp_path / "root" / "owner-token").read_text().strip() == token


# -- over HTTP -----------------------------------------------------------------------------------------------


def test_tokens_and_port_survive_a_restart(platform: PlatformProcess) -> None:
    alice, url = platform.add_user("alice"), platform.url
    owner = platform.owner_token
    assert platform.stop() == 0
    platform.start()
    assert platform.url == url
    assert platform.owner_token == owner
    for token in (alice, owner):
        assert platform.request("GET", "/config", token).json["authorized"] is True


def test_only_the_owner_manages_users(platform: PlatformProcess) -> None:
    alice = platform.add_user("alice")
    for method, path, body in [
        ("GET", "/local/users", None),
        ("POST", "/local/users", {"name": "carol"}),
        ("DELETE", "/local/users/bob", None),
        ("POST", "/local/users/bob/token", None),
    ]:
        assert platform.request(method, path, alice, body).status == 403
        assert platform.request(method, path, None, body).status == 401
    users = platform.request("GET", "/local/users", platform.owner_token).json
    assert [(user["name"], user["owner"]) for user in users] == [("bob", True), ("alice", False)]


def test_a_removed_user_is_out_at_once_and_keeps_nothing(platform: PlatformProcess) -> None:
    owner, alice = platform.owner_token, platform.add_user("alice")
    platform.share("storage://default/local/bob/data", "alice", "read", owner)
    platform.share("storage://default/local/alice/hers", "bob", "read", alice)
    assert platform.request("DELETE", "/local/users/alice", owner).status == 204
    assert platform.request("GET", "/local/status", alice).status == 401
    assert platform.request("GET", "/users/bob/permissions/shared", owner).json == []
    again = platform.add_user("alice")
    assert platform.request("GET", "/users/alice/permissions?uri=storage:", again).json == [
        {"uri": "storage://default/local/alice", "action": "manage"}
    ]
    assert platform.get("/local/alice/hers/x", owner).status == 404


def test_errors_of_the_users_api_say_what_is_wrong(platform: PlatformProcess) -> None:
    owner = platform.owner_token
    for body, status in [({"name": "bob"}, 409), ({"name": "B"}, 400), ({"name": 1}, 400), ([], 400)]:
        answer = platform.request("POST", "/local/users", owner, body)
        assert answer.status == status
        assert answer.error.startswith("name: ")
    assert platform.request("POST", "/local/users", owner, b"{").status == 400
    assert platform.request("DELETE", "/local/users/carol", owner).status == 404
    assert platform.request("DELETE", "/local/users/bob", owner).status == 409


def test_without_a_valid_token_there_is_nothing_and_no_cluster(platform: PlatformProcess) -> None:
    anonymous = platform.request("GET", "/config").json
    assert (anonymous["authorized"], anonymous["clusters"], anonymous["projects"]) == (False, [], [])
    for path in ["/local/status", "/storage/local/bob?op=LISTSTATUS", "/users/bob/permissions", "/nothing"]:
        answer = platform.request("GET", path)
        assert answer.status == 401
        assert "error" in answer.json
    assert platform.request("GET", "/local/status", "wrong").status == 401


def test_who_guesses_tokens_is_slowed_down_and_locks_nobody_out(platform: PlatformProcess) -> None:
    statuses = [platform.request("GET", "/local/status", f"guess{n}").status for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    refused = platform.request("GET", "/config", "guess")
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) > 0
    assert platform.request("GET", "/local/status", platform.owner_token).status == 200
    assert platform.request("GET", "/local/status").status == 401, "no token at all is not a guess"


@pytest.mark.parametrize("host", ["evil.test", "evil.test:{port}", "127.0.0.1:1", "localhost.evil.test:{port}", ""])
def test_other_names_of_this_computer_are_refused(shared_platform: PlatformProcess, host: str) -> None:
    headers = {"Host": host.format(port=shared_platform.port)}
    answer = shared_platform.request("GET", "/config", shared_platform.owner_token, headers=headers)
    assert answer.status in (400, 403)
    assert b"clusters" not in answer.body


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_the_names_of_this_computer_are_served(shared_platform: PlatformProcess, host: str) -> None:
    headers = {"Host": host.format(port=shared_platform.port)}
    assert shared_platform.request("GET", "/config", headers=headers).status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.test", "null", "http://127.0.0.1:8888", "http://127.0.0.1:{port}.evil"]
)
def test_pages_of_other_origins_are_refused(shared_platform: PlatformProcess, origin: str) -> None:
    headers = {"Origin": origin.format(port=shared_platform.port)}
    answer = shared_platform.request("GET", "/local/status", shared_platform.owner_token, headers=headers)
    assert answer.status == 403


def test_the_registry_takes_the_token_as_a_password(shared_platform: PlatformProcess) -> None:
    def basic(user: str) -> dict[str, str]:
        text = base64.b64encode(f"{user}:{shared_platform.owner_token}".encode()).decode()
        return {"Authorization": f"Basic {text}"}

    assert shared_platform.request("GET", "/v2/_catalog", headers=basic("bob"), base="").json == {"repositories": []}
    assert shared_platform.request("GET", "/v2/_catalog", headers=basic("alice"), base="").status == 401
    assert shared_platform.request("GET", "/v2/_catalog", base="").status == 401


def test_no_token_in_log_audit_or_database(make_platform: Callable[..., PlatformProcess]) -> None:
    platform = make_platform().start()
    alice, owner = platform.add_user("alice"), platform.owner_token
    for token in (alice, owner):
        platform.request("GET", f"/local/status?token={token}", token)
        platform.request("GET", f"/{token}", token)
        platform.request("DELETE", f"/local/users/{token}", owner)
    platform.stop()
    for file in platform.root.rglob("*"):
        if file.is_file() and file.name != "owner-token":
            data = file.read_bytes()
            assert alice.encode() not in data, file
            assert owner.encode() not in data, file
