"""Signing in, configuration, sharing, roles, secrets and disks."""

from __future__ import annotations

import json
import os
import signal
from urllib.parse import urlsplit

from ..platform.jobs import DEADLINE, eventually
from .table import Scenario, Stage, refuse


def config(stage: Stage) -> None:
    """What the configuration shows, and switching."""
    bob, alice, table = stage.bob, stage.alice, stage.table
    shown = bob.lines("config", "show")
    assert "User Name bob" in shown and f"API URL {stage.platform.url}" in shown
    capacity = stage.platform.request("GET", "/monitoring/capacity", bob.token).json
    for preset in stage.platform.request("GET", "/config", bob.token).json["clusters"][0]["resource_presets"]:
        assert any(line.startswith(f"{preset['name']} ") and line.endswith(" 0") for line in shown)
        assert capacity[preset["name"]] >= 1
    assert any("default" in line for line in bob.lines("config", "get-clusters"))
    assert bob.lines("config", "show-token") == [bob.token]
    bob("config", "aliases")
    bob("config", "switch-cluster", "default")
    refuse(bob, ["config", "switch-cluster", "other"], "doesn't exist")
    bob("config", "switch-org", "local")
    refuse(bob, ["config", "switch-org", "other"], "is not valid")
    refuse(alice, ["config", "switch-project", "bob"], "doesn't exist")
    for scheme, level in (("storage", "write"), ("job", "write")):
        bob("acl", "grant", f"{scheme}:", "alice", level)
    alice("config", "get-clusters")  # this fetches the configuration again
    alice("config", "switch-project", "bob")
    bob("mkdir", "storage:of-bob")
    assert "of-bob" in alice.lines("ls", "storage:")
    alice("config", "switch-project", "alice")
    assert "of-bob" not in alice.lines("ls", "storage:")
    for scheme in ("storage", "job"):
        bob("acl", "revoke", f"{scheme}:", "alice")
    for command in ("aliases", "show-token", "switch-cluster", "switch-org", "switch-project"):
        table.works(f"apolo config {command}")
    table.works(
        "apolo config show", "apolo config get-clusters", remark="presets cut from this machine; credits are 0"
    )
    bob("config", "docker")
    written = json.loads((bob.home / ".docker" / "config.json").read_text())
    assert "127.0.0.1" in str(written)
    table.differs("apolo config docker", "the client leaves out the port, which a Docker client would need here")
    assert "Usage: apolo run" in bob("help", "run").stdout
    assert "_NEURO_COMPLETE" in bob("completion", "generate", "bash").stdout
    bob("completion", "patch", "zsh")
    assert "_NEURO_COMPLETE" in (bob.home / ".zshrc").read_text()
    table.works("apolo help", "apolo completion generate", "apolo completion patch")


def sign_in(stage: Stage) -> None:
    """With a token it works; the browser is sent to a page that says so."""
    dora, table = stage.sign_in("dora"), stage.table
    opened, browser = dora.home / "opened", dora.home / "tools" / "browser"
    browser.write_text(f"#!/bin/sh\nprintf %s \"$1\" > '{opened}'\n")
    browser.chmod(0o700)
    dora.env["BROWSER"] = f"{browser} %s"
    dora("logout")
    _sign_in_page(stage, opened.read_text())
    refuse(dora, ["ls"], "Please login")
    dora("config", "login-with-token", dora.token, stage.platform.url)
    dora("config", "logout")
    dora.log_in()
    refuse(dora, ["config", "login-with-token", dora.token[:-6] + "AAAAAA", stage.platform.url], "authorize")
    table.works("apolo logout", "apolo config logout", "apolo config login-with-token")
    for command in ("login", "config login"):
        opened.unlink(missing_ok=True)
        waiting = dora.start(*command.split(), stage.platform.url)
        try:
            eventually(lambda: opened.exists() and opened.read_text(), "a browser")
            _sign_in_page(stage, opened.read_text())
        finally:
            waiting.send_signal(signal.SIGINT)
            _, said = waiting.communicate(timeout=DEADLINE)
        assert waiting.returncode not in (0, -signal.SIGKILL) and "Traceback" not in said, said
        table.ran(f"apolo {command}", waiting.returncode)
        table.differs(f"apolo {command}", "the page that opens says to use `config login-with-token`")
    refuse(dora, ["config", "login-headless", stage.platform.url], "Aborting")
    table.differs("apolo config login-headless", "the page it names says to use `config login-with-token`")


def _sign_in_page(stage: Stage, address: str) -> None:
    split = urlsplit(address)
    page = stage.platform.request("GET", f"{split.path}?{split.query}", base="")
    assert (page.status, b"login-with-token" in page.body) == (200, True), page.body


def sharing(stage: Stage) -> None:
    """Grants, roles that give all they have, ``public``; what goes is gone for everybody."""
    bob, alice, table = stage.bob, stage.alice, stage.table
    bob("mkdir", "-p", "storage:given/deep")
    full = "storage://default/local/bob/given"
    alice("ls", full, code=None)
    bob("share", "storage:given", "alice", "read")
    assert alice.lines("ls", full) == ["deep"]
    assert "storage:given read alice" in bob.lines("acl", "ls", "--shared")
    assert bob.lines("acl", "list", "--shared") == bob.lines("acl", "ls", "--shared")
    bob("acl", "revoke", "storage:given", "alice")
    alice("ls", full, code=None)
    bob("acl", "grant", "storage:given", "public", "read")
    assert alice.lines("ls", full) == ["deep"]
    bob("acl", "revoke", "storage:given", "public")
    bob("acl", "add-role", "bob/roles/team")
    assert bob.lines("acl", "list-roles") == ["bob/roles/team"]
    bob("acl", "grant", "storage:given", "bob/roles/team", "write")
    bob("secret", "add", "of-team", "value")
    bob("acl", "grant", "secret:of-team", "bob/roles/team", "read")
    refuse(alice, ["acl", "grant", "role://bob/roles/team", "alice", "read"], "manage on")
    bob("acl", "grant", "role://bob/roles/team", "alice", "read")
    alice("mkdir", f"{full}/hers")
    assert "value" in alice("secret", "get", "--project", "bob", "of-team").stdout
    refuse(alice, ["acl", "remove-role", "bob/roles/team"], "manage on")
    bob("acl", "remove-role", "bob/roles/team")
    alice("ls", full, code=None)
    assert bob.lines("acl", "list-roles") == []
    bob("acl", "add-role", "bob/roles/team")
    alice("ls", full, code=None)
    bob("acl", "remove-role", "bob/roles/team")
    bob("secret", "rm", "of-team")
    for command in ("add-role", "grant", "list", "list-roles", "ls", "remove-role", "revoke"):
        table.works(f"apolo acl {command}")
    table.works("apolo share")


def secrets(stage: Stage) -> None:
    """Added from the command line and from a file, shared, replaced, removed."""
    bob, alice, table = stage.bob, stage.alice, stage.table
    content = os.urandom(300)
    bob("secret", "add", "word", "swordfish")
    bob("secret", "add", "file", f"@{bob.file('content', content)}")
    assert [line.split()[0] for line in bob.lines("secret", "ls")[2:]] == ["secret:file", "secret:word"]
    assert bob.lines("secret", "get", "word") == ["swordfish"]
    bob("secret", "get", "file", "-f", "got")
    assert (bob.home / "got").read_bytes() == content
    refuse(alice, ["secret", "get", "--project", "bob", "word"], "read on secret://default/local/bob/word is needed")
    bob("share", "secret:word", "alice", "read")
    assert alice.lines("secret", "get", "--project", "bob", "word") == ["swordfish"]
    assert any("word " in line for line in alice.lines("secret", "ls", "--all-projects"))
    refuse(alice, ["secret", "rm", "--project", "bob", "word"], "write on")
    bob("secret", "add", "word", "changed")
    assert alice.lines("secret", "get", "--project", "bob", "word") == ["changed"]
    bob("secret", "rm", "word")
    bob("secret", "rm", "file")
    refuse(bob, ["secret", "get", "word"], "Secret 'word' not found")
    for said in (b"swordfish", b"changed"):
        for file in ("platform.log", "audit.log", "platform.db"):
            assert said not in (stage.platform.root / file).read_bytes()
    for command in ("add", "get", "ls", "rm"):
        table.works(f"apolo secret {command}")


def disks(stage: Stage) -> None:
    """Made, told of, shared and removed, by name and by ID."""
    bob, alice, table = stage.bob, stage.alice, stage.table
    bob("disk", "create", "1M", "--name", "cache", "--timeout-unused", "2h")
    made = bob.lines("disk", "get", "cache")
    ident = next(line.split()[1] for line in made if line.startswith("Id "))
    assert "Status Ready" in made and "Timeout unused 2h" in made
    assert any(ident in line for line in bob.lines("disk", "ls"))
    refuse(bob, ["disk", "create", "1M", "--name", "cache"], "already a disk named")
    refuse(alice, ["disk", "get", f"disk://default/local/bob/{ident}"], "not found")
    bob("share", f"disk:{ident}", "alice", "read")
    assert "Owner bob" in alice.lines("disk", "get", f"disk://default/local/bob/{ident}")
    refuse(alice, ["disk", "rm", f"disk://default/local/bob/{ident}"], "write on disk://")
    bob("disk", "rm", "cache")
    refuse(bob, ["disk", "get", ident], "not found")
    table.differs("apolo disk create", "the size is told, not enforced: a disk is a directory of this computer")
    for command in ("get", "ls", "rm"):
        table.works(f"apolo disk {command}")


SCENARIOS = [
    Scenario(
        "configuration",
        (
            *(f"apolo config {c}" for c in ("aliases", "docker", "get-clusters", "show", "show-token")),
            *(f"apolo config switch-{what}" for what in ("cluster", "org", "project")),
            *("apolo help", "apolo completion generate", "apolo completion patch"),
        ),
        config,
    ),
    Scenario(
        "signing in",
        (
            *(f"apolo config {c}" for c in ("login", "login-headless", "login-with-token", "logout")),
            *("apolo login", "apolo logout"),
        ),
        sign_in,
    ),
    Scenario(
        "sharing",
        (
            *(f"apolo acl {c}" for c in ("add-role", "grant", "list", "list-roles", "ls", "remove-role", "revoke")),
            "apolo share",
        ),
        sharing,
    ),
    Scenario("secrets", tuple(f"apolo secret {c}" for c in ("add", "get", "ls", "rm")), secrets),
    Scenario("disks", tuple(f"apolo disk {c}" for c in ("create", "get", "ls", "rm")), disks),
]
