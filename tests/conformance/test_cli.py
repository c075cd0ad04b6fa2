"""``apolo config``, storage and sharing, as two users who see of each other exactly what was shared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ..platform.process import PlatformProcess
from .conftest import Apolo


def tree(folder: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_sign_in_and_show(bob: Apolo, alice: Apolo, platform: PlatformProcess) -> None:
    for apolo in (bob, alice):
        shown = apolo.lines("config", "show")
        for line in (f"User Name {apolo.user}", f"Current Project {apolo.user}", f"API URL {platform.url}"):
            assert line in shown
        assert any(line.startswith("cpu-micro ") for line in shown)
    assert bob.lines("config", "get-clusters")


def test_a_wrong_token_is_refused(bob: Apolo, platform: PlatformProcess, tmp_path: Path) -> None:
    stranger = Apolo(tmp_path / "home", platform, "bob", bob.token[:-6] + "AAAAAA")
    refused = stranger("config", "login-with-token", stranger.token, platform.url, code=None)
    assert "authorize" in refused.stderr
    assert "sign-in" not in stranger("ls", code=None).stdout


def test_a_renewed_token_ends_the_old_sign_in(platform: PlatformProcess, sign_in: object) -> None:
    carol = sign_in("carol")  # type: ignore[operator]
    carol("ls", "storage:")
    token = platform.request("POST", "/local/users/carol/token", platform.owner_token).json["token"]
    carol("ls", "storage:", code=None)
    carol.token = token
    carol.log_in()
    carol("ls", "storage:")


def test_folders_go_up_and_come_down(bob: Apolo) -> None:
    content = {"a.txt": b"a", "empty": b"", "sub/big": os.urandom(3 * 2**20 + 5), "sub/ü b#%25.txt": b"odd name"}
    for name, data in content.items():
        bob.file(f"data/{name}", data)
    bob("cp", "-r", "data", "storage:data")
    assert bob.lines("ls", "storage:data") == ["a.txt", "empty", "sub"]
    bob("cp", "-r", "storage:data", "back")
    assert tree(bob.home / "back") == content
    bob("cp", "data/a.txt", "storage:data/again.txt")
    bob("cp", "storage:data/again.txt", "one.txt")
    assert (bob.home / "one.txt").read_bytes() == b"a"
    (bob.home / "globbed").mkdir()
    bob("cp", "storage:data/sub/*", "globbed/")
    assert tree(bob.home / "globbed") == {name[4:]: data for name, data in content.items() if name[:4] == "sub/"}
    bob.file("data/a.txt", b"changed")
    bob("cp", "-r", "--update", "data", "storage:data")
    bob("cp", "-r", "--continue", "storage:data", "back")
    long = bob.lines("ls", "-l", "storage:data/sub")
    assert any(line.startswith("-m 3145733 ") for line in long)
    assert "again.txt" in bob("storage", "tree", "storage:data").stdout
    bob("storage", "df")


def test_folders_are_made_moved_and_removed(bob: Apolo) -> None:
    bob("mkdir", "storage:one")
    assert "exists" in bob("mkdir", "storage:one", code=None).stderr
    assert "No such directory" in bob("mkdir", "storage:two/deep", code=None).stderr
    bob("mkdir", "-p", "storage:two/deep")
    bob("mkdir", "-p", "storage:two/deep")
    bob("cp", str(bob.file("x", b"x")), "storage:one/x")
    bob("mv", "storage:one/x", "storage:one/y")
    bob("mv", "storage:one", "storage:two")
    assert bob.lines("ls", "storage:two") == ["deep", "one"]
    assert bob.lines("ls", "storage:two/one") == ["y"]
    refused = bob("rm", "storage:two", code=None)
    assert "Is a directory" in refused.stderr or "Target is a directory" in refused.stderr
    bob("rm", "-r", "storage:two")
    assert "two" not in bob.lines("ls", "storage:")
    for command in (
        ("ls", "storage:two"),
        ("rm", "storage:two"),
        ("cp", "storage:two/x", "x"),
        ("mv", "storage:two", "storage:3"),
    ):
        bob(*command, code=None)


@pytest.mark.parametrize("word", ["share", "acl grant"])
def test_a_share_gives_exactly_what_it_names(bob: Apolo, alice: Apolo, word: str) -> None:
    bob("cp", "-r", "-T", str(bob.file("shared/x", b"for alice").parent), "storage:shared")
    bob("cp", str(bob.file("private", b"not for alice")), "storage:shared2")
    full, sibling = "storage://default/local/bob/shared", "storage://default/local/bob/shared2"
    alice("ls", full, code=None)
    bob(*word.split(), "storage:shared", "alice", "read")
    assert alice.lines("ls", full) == ["x"]
    assert alice.lines("ls", "storage://default/local/bob") == ["shared"]
    alice("cp", f"{full}/x", "got")
    assert (alice.home / "got").read_bytes() == b"for alice"
    alice("cp", sibling, "nope", code=None)
    assert not (alice.home / "nope").exists()
    refused = alice("cp", str(alice.file("mine", b"overwritten")), f"{full}/x", code=None)
    assert "write on" in refused.stderr
    for command in (("rm", f"{full}/x"), ("mkdir", f"{full}/d"), ("mv", f"{full}/x", "storage:stolen")):
        alice(*command, code=None)
    assert bob.lines("ls", "storage:shared") == ["x"]
    assert f"{full} read" in alice.lines("acl", "ls", "--full-uri")
    assert "storage:shared read alice" in bob.lines("acl", "ls", "--shared")
    alice("acl", "grant", full, "carol", "read", code=None)
    bob("acl", "revoke", "storage:shared", "alice")
    alice("ls", full, code=None)
    assert not any("shared" in line for line in alice.lines("acl", "ls", "--full-uri"))
    assert "no effect" in bob("acl", "revoke", "storage:shared", "alice", code=None).stderr


def test_levels_rise_and_are_told(bob: Apolo, alice: Apolo) -> None:
    full = "storage://default/local/bob/rising"
    bob("mkdir", "storage:rising")
    bob("share", "storage:rising", "alice", "read")
    bob("share", "storage:rising", "alice", "write")
    alice("cp", str(alice.file("hers", b"hers")), f"{full}/hers")
    bob("cp", "storage:rising/hers", "from-alice")
    assert (bob.home / "from-alice").read_bytes() == b"hers"
    told = bob("-v", "share", "storage:rising", "alice", "read")
    assert "higher permission" in told.stdout + told.stderr
    bob("share", "storage:rising", "alice", "manage")
    alice("acl", "revoke", full, "alice")
    alice("ls", full, code=None)


def test_everything_of_a_kind(bob: Apolo, alice: Apolo) -> None:
    bob("share", "job:", "alice", "read")
    assert "job://default/local/bob read" in alice.lines("acl", "ls", "job:", "--full-uri")
    assert not any(line.startswith("storage") for line in alice.lines("acl", "ls", "job:"))
    bob("acl", "revoke", "job:", "alice")


def test_sharing_with_nobody(bob: Apolo) -> None:
    refused = bob("share", "storage:data", "nobody-here", "read", code=None)
    assert 'user "nobody-here" was not found' in refused.stderr


def test_roles(bob: Apolo, alice: Apolo) -> None:
    bob("mkdir", "storage:for-role")
    bob("acl", "add-role", "bob/roles/team")
    assert bob.lines("acl", "list-roles") == ["bob/roles/team"]
    bob("acl", "grant", "storage:for-role", "bob/roles/team", "read")
    bob("acl", "grant", "role://bob/roles/team", "alice", "read")
    alice("ls", "storage://default/local/bob/for-role")
    bob("acl", "remove-role", "bob/roles/team")
    alice("ls", "storage://default/local/bob/for-role", code=None)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("image ls", ""),
        ("blob lsbucket", "Not supported by this platform"),
        ("service-account ls", "Not supported by this platform"),
    ],
)
def test_what_there_is_not_is_said_in_a_sentence(bob: Apolo, command: str, said: str) -> None:
    done = bob(*command.split(), code=None if said else 0)
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_every_change_was_recorded(bob: Apolo) -> None:
    acts = {entry["act"] for entry in bob.audit()}
    assert {"grant", "revoke", "delete", "rename", "add-user", "add-role", "remove-role", "renew-token"} <= acts
