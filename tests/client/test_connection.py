"""Which platform counts, and what a kernel reads."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

from jupyter_neuro.client import connection
from jupyter_neuro.client.connection import Target, local_target
from jupyter_neuro.client.paths import data_dir
from jupyter_neuro.services.connector import Connector
from jupyter_neuro.services.store import Store


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    for name in ("APOLO_CONFIG", "NEUROMATION_CONFIG", "APOLO_PASSED_CONFIG", connection.SERVER_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def store():
    found = Store(data_dir() / "state.db")
    yield found
    found.close()


def _cluster_sign_in(home):
    (home / ".apolo").mkdir(mode=0o700)
    (home / ".apolo" / "db").touch(0o600)
    return Target(kind="cluster", config=str(home / ".apolo"))


def test_entries_are_private_and_hold_no_token(home):
    connection.write_entry("a", local_target(home / "root"))
    path = data_dir() / "connection.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "token" not in path.read_text()
    assert connection.read_entry("a") == local_target(home / "root")
    assert connection.read_entry("b") is None
    assert connection.read_entry() is None
    connection.drop_entry("a")
    assert connection.read_entry("a") is None


def test_entries_of_dead_servers_go(home):
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    path = data_dir() / "connection.json"
    path.write_text(json.dumps({"old": {"pid": int(dead.stdout), "target": {"kind": "none"}}}))
    connection.write_entry("new", Target(kind="none"))
    assert set(json.loads(path.read_text())) == {"new"}


def test_a_broken_file_is_nothing(home):
    (data_dir() / "connection.json").write_text("{half")
    assert connection.read_entry("a") is None
    connection.write_entry("a", Target(kind="none"))
    assert connection.read_entry("a") == Target(kind="none")


def test_auto_is_this_computer_without_a_sign_in(store):
    assert Connector(store=store, ask=True).current()[1].kind == "local"


def test_auto_asks_about_a_cluster_once(home, store):
    cluster = _cluster_sign_in(home)
    connector = Connector(store=store, ask=True)
    assert connector.current() == ("choose", cluster)
    connector.choose(connector.local())
    assert Connector(store=store, ask=True).current() == ("ready", connector.local())
    connector.choose(cluster)
    assert Connector(store=store, ask=True).current() == ("ready", cluster)


def test_without_a_lab_auto_takes_the_cluster(home):
    cluster = _cluster_sign_in(home)
    assert Connector().current() == ("ready", cluster)


def test_local_never_takes_the_cluster_and_forgets_choices(home, store):
    cluster = _cluster_sign_in(home)
    connector = Connector("local", store=store, ask=True)
    assert connector.current()[1].kind == "local"
    connector.choose(cluster)
    assert connector.current()[1] == cluster
    assert Connector("local", store=store, ask=True).current()[1].kind == "local"


def test_a_kernel_follows_its_lab(home, monkeypatch):
    connection.write_entry("lab", local_target(home / "other"))
    monkeypatch.setenv(connection.SERVER_VARIABLE, "lab")
    assert Connector().current() == ("ready", local_target(home / "other"))
    connection.write_entry("lab", Target(kind="none"))
    assert Connector().current()[0] == "signed-out"


def test_a_sign_in_that_is_gone_does_not_count(store):
    connector = Connector(store=store, ask=True)
    store.put("platform", {"kind": "login", "url": "http://x", "config": "/nowhere"}, scope="auto")
    assert connector.current()[1].kind == "local"


def test_store_keeps_values_and_is_private(home, store):
    store.put("a", {"b": [1, None]}, scope="s")
    assert store.get("a", scope="s") == {"b": [1, None]}
    assert store.get("a") is None
    store.drop("a", scope="s")
    assert store.get("a", scope="s", default=3) == 3
    assert stat.S_IMODE(os.stat(data_dir() / "state.db").st_mode) == 0o600
