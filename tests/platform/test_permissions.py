"""The permission tree against a small oracle, at random; and its rules by example."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from jupyter_neuro.platform.db import connect
from jupyter_neuro.platform.permissions import Action, Permissions
from jupyter_neuro.platform.uri import BadURI, parse, split_path

USERS = ["ann", "bob", "cy", "dee"]
SCHEMES = ["storage", "job", "secret", "disk"]
ROLES = ["ann/roles/team", "ann/roles/team/inner", "bob/roles/x"]
LEVELS = [Action.LIST, Action.READ, Action.WRITE, Action.MANAGE]
# siblings whose names begin alike are where comparing strings would go wrong
URIS = [
    f"{scheme}://default/local/{user}" + (f"/{name}" if name else "")
    for scheme in SCHEMES
    for user in USERS[:2]
    for name in ("a", "ab", "a/b", "ab/b", "a/b/c", "a%20b/c", "%C3%A9", "")
] + ["storage://default", "storage://default/local", "storage://default/local/bo", "job://default/local/cy/x"]

users, roles = st.sampled_from(USERS), st.sampled_from(ROLES)
principals = st.sampled_from([*USERS, *ROLES, "public"])


class Oracle:
    """The rules again, by plain search: no caching, no levels by prefix, no closure table."""

    def __init__(self) -> None:
        self.grants: dict[tuple[str, str], Action] = {}
        self.roles: set[str] = set()

    @staticmethod
    def below(uri: str, top: str) -> bool:
        return uri == top or uri.startswith(top + "/")

    def has(self, principal: str, seen: frozenset[str] = frozenset()) -> list[tuple[str, Action]]:
        if principal in seen:
            return []
        found = [(uri, level) for (who, uri), level in self.grants.items() if who == principal]
        for uri, level in list(found):
            if uri.startswith("role://") and level >= Action.READ:
                for role in self.roles:
                    if self.below(role, uri.removeprefix("role://")):
                        found += self.has(role, seen | {principal})
        return found

    def action(self, user: str, uri: str) -> Action | None:
        own = [(f"{s}://default/local/{user}", Action.MANAGE) for s in SCHEMES]
        everything = [*own, (f"role://{user}", Action.MANAGE), *self.has(user), *self.has("public")]
        covering = [level for top, level in everything if self.below(uri, top)]
        if covering:
            return max(covering)
        return Action.LIST if any(self.below(top, uri) for top, _ in everything) else None


class Tree(RuleBasedStateMachine):
    """Grants, revocations, roles coming and going, users leaving; after each step all levels agree."""

    @initialize()
    def make(self) -> None:
        self.dir = tempfile.TemporaryDirectory()
        self.db = connect(Path(self.dir.name) / "db")
        # what is random here is the order of changes, not the power supply
        self.db.execute("PRAGMA synchronous=OFF")
        self.real = Permissions(self.db, "default", "local")
        self.oracle = Oracle()

    def teardown(self) -> None:
        self.db.close()
        self.dir.cleanup()

    @rule(who=principals, uri=st.sampled_from(URIS), level=st.sampled_from(LEVELS))
    def grant(self, who: str, uri: str, level: Action) -> None:
        given = self.real.grant(who, uri, level, by="bob")
        self.oracle.grants[who, uri] = max(level, self.oracle.grants.get((who, uri), level))
        own = [lv for (w, top), lv in self.oracle.grants.items() if w == who and Oracle.below(uri, top)]
        assert given == (uri, max(own))

    @rule(who=principals, role=roles, level=st.sampled_from(LEVELS))
    def grant_role(self, who: str, role: str, level: Action) -> None:
        self.grant(who, f"role://{role}", level)

    @rule(who=principals, uri=st.sampled_from(URIS))
    def revoke(self, who: str, uri: str) -> None:
        had = self.oracle.grants.pop((who, uri), None)
        assert self.real.revoke(who, uri) is (had is not None)

    @rule(who=principals, role=roles)
    def revoke_role(self, who: str, role: str) -> None:
        self.revoke(who, f"role://{role}")

    @rule(uri=st.sampled_from(URIS))
    def remove_thing(self, uri: str) -> None:
        self.real.forget(uri)
        for who, granted in list(self.oracle.grants):
            if Oracle.below(granted, uri):
                del self.oracle.grants[who, granted]

    @rule(role=roles)
    def add_role(self, role: str) -> None:
        assert self.real.add_role(role, by="ann") is (role not in self.oracle.roles)
        self.oracle.roles.add(role)

    @rule(role=roles)
    def remove_role(self, role: str) -> None:
        self.real.remove_role(role)
        for name in [role, *(r for r in self.oracle.roles if Oracle.below(r, role))]:
            self.oracle.roles.discard(name)
            self._forget(name, [f"role://{name}"])

    @rule(user=users)
    def remove_user(self, user: str) -> None:
        for role in [r for r in self.oracle.roles if Oracle.below(r, user)]:
            self.remove_role(role)
        self.real.remove_user(user)
        self._forget(user, [*(f"{s}://default/local/{user}" for s in SCHEMES), f"role://{user}"])

    def _forget(self, who: str, tops: list[str]) -> None:
        for key in list(self.oracle.grants):
            if key[0] == who or any(Oracle.below(key[1], top) for top in tops):
                del self.oracle.grants[key]

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "real"):
            return
        for user in USERS:
            for uri in [*URIS, *(f"role://{role}" for role in ROLES)]:
                assert self.real.action(user, uri) == self.oracle.action(user, uri), (user, uri)


Tree.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestTree = Tree.TestCase


@pytest.fixture
def tree(tmp_path: Path) -> Permissions:
    return Permissions(connect(tmp_path / "db"), "default", "local")


DATA = "storage://default/local/bob/data"


def test_whole_components(tree: Permissions) -> None:
    tree.grant("alice", DATA, Action.READ, by="bob")
    assert tree.action("alice", DATA + "/x/y") == Action.READ
    assert tree.action("alice", DATA + "2") is None
    assert tree.action("alice", "storage://default/local/bob") == Action.LIST
    assert tree.action("alice", "storage://default/local/bobby") is None
    assert tree.action("alice", "job://default/local/bob/data") is None


def test_encoded_and_plain_name_the_same_thing(tree: Permissions) -> None:
    tree.grant("alice", "storage://default/local/bob/a%20b%C3%A9", Action.READ, by="bob")
    assert tree.action("alice", "storage://default/local/bob/a bé") == Action.READ
    assert tree.list("alice", "storage://default/local/bob")[0].uri == "storage://default/local/bob/a%20b%C3%A9"


def test_what_one_has_below_something(tree: Permissions) -> None:
    tree.grant("alice", DATA, Action.WRITE, by="bob")
    assert tree.list("alice", DATA + "/deep") == [(DATA + "/deep", Action.WRITE)]
    assert tree.list("alice", "storage://default/local") == [
        ("storage://default/local/alice", Action.MANAGE),
        (DATA, Action.WRITE),
    ]
    assert {p.uri.partition(":")[0] for p in tree.list("alice", "job:")} == {"job"}


def test_shared_tells_of_what_one_manages_whoever_granted_it(tree: Permissions) -> None:
    tree.grant("alice", DATA, Action.MANAGE, by="bob")
    tree.grant("carol", DATA + "/x", Action.READ, by="alice")
    assert tree.shared("bob") == [("alice", DATA, Action.MANAGE), ("carol", DATA + "/x", Action.READ)]
    assert tree.shared("alice") == [("carol", DATA + "/x", Action.READ)]
    assert tree.shared("carol") == []
    assert tree.shared("bob", DATA + "/x") == [("carol", DATA + "/x", Action.READ)]


def test_topmost_roots(tree: Permissions) -> None:
    tree.grant("alice", DATA, Action.WRITE, by="bob")
    tree.grant("alice", DATA + "/below", Action.READ, by="bob")
    tree.grant("alice", "storage://default/local/carol", Action.LIST, by="carol")
    assert tree.visible_roots("alice", "storage") == [
        ("storage://default/local/alice", Action.MANAGE),
        (DATA, Action.WRITE),
    ]


def test_another_connections_change_is_seen(tree: Permissions, tmp_path: Path) -> None:
    tree.grant("alice", DATA, Action.READ, by="bob")
    assert tree.action("alice", DATA) == Action.READ
    Permissions(connect(tmp_path / "db"), "default", "local").remove_user("alice")
    assert tree.action("alice", DATA) is None


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "nonsense",
        "http://default/local",
        "storage:data",
        "storage:///x",
        "storage://default/a/../b",
        "storage://default/a/%2e%2e/b",
        "storage://default/a%2Fb",
        "storage://default/%00",
        "storage://default/%ff",
        "storage://user@default/x",
        "storage://default:80/x",
        "storage://default/x?y",
        "storage://default/x#y",
        "storage://default/" + "x" * 10_000,
        "storage://[x/y",
    ],
)
def test_what_is_no_uri(uri: str) -> None:
    with pytest.raises(BadURI):
        parse(uri)


def test_paths_keep_their_components() -> None:
    assert split_path("/a//b%20c/%25/") == ("a", "b c", "%")
