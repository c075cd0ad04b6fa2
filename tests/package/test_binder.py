"""binder/: its context prepares the demo, and a server started as a hub would start it opens it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from jupyter_neuro.client import embedded

TOP = Path(__file__).parents[2]


def _get(url, token):
    request = urllib.request.Request(url, headers={"Authorization": f"token {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_context_names_this_project():
    assert (TOP / "binder" / "requirements.txt").read_text().strip() == ".[demo]"
    assert (TOP / "binder" / "runtime.txt").read_text().strip() == "python-3.11"


def test_post_build_and_a_server_on_the_demo(tmp_path):
    bin_dir = Path(sys.executable).parent
    env = {
        **os.environ,
        "PATH": f"{bin_dir}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "JUPYTER_CONFIG_DIR": str(tmp_path / ".jupyter"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "NEURO_TIER": "process",
    }
    subprocess.run(["sh", str(TOP / "binder" / "postBuild")], check=True, env=env, cwd=TOP, timeout=120)
    assert (tmp_path / "awesome-project" / "notebooks" / "demo.ipynb").exists()
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    token = secrets.token_hex(16)
    log = (tmp_path / "lab.log").open("w")
    words = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *words, f"--IdentityProvider.token={token}"],
        env=env,
        cwd=tmp_path,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    root = tmp_path / "data" / "neuro" / "platform"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                contents = _get(f"http://127.0.0.1:{port}/api/contents/notebooks/demo.ipynb?content=0", token)
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None and time.monotonic() < deadline, (tmp_path / "lab.log").read_text()
                time.sleep(0.2)
        assert contents["type"] == "notebook"
        session = _get(f"http://127.0.0.1:{port}/neuro/api/session", token)
        assert session["state"] == "ready", session
        assert (session["platform"]["kind"], session["platform"]["tier"]) == ("local", "process")
        assert session["folder"]["is_project"] is True
    finally:
        server.terminate()
        server.wait(20)
        embedded.stop(root)
        log.close()
