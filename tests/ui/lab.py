"""A JupyterLab process on the demo project, with a home of its own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from jupyter_neuro.client import embedded
from jupyter_neuro.demo.launch import lab_command

NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}


class Lab:
    """``tier`` is that of the embedded platform; the Lab may be killed and started again on the same port."""

    def __init__(self, home: Path, project: Path, tier: str) -> None:
        self.home, self.project, self.tier = home, project, tier
        self.token = secrets.token_hex(16)
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = sock.getsockname()[1]
        self.root = home / "data" / "neuro" / "platform"
        # no "official Jupyter news?" question over the page
        (home / "config" / "labconfig").mkdir(parents=True)
        (home / "config" / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(NO_NEWS))
        self._log = (home / "lab.log").open("a")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        places = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("APOLO", "NEURO", "JPY_"))},
            "HOME": str(self.home),
            **{f"JUPYTER_{name}_DIR": str(self.home / part) for name, part in places.items()},
            "JUPYTERLAB_SETTINGS_DIR": str(self.home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.home / "workspaces"),
            "IPYTHONDIR": str(self.home / "ipython"),
            "NEURO_TIER": self.tier,
        }
        words = [
            "--no-browser",
            f"--port={self.port}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.expose_app_in_browser=True",
        ]
        self._process = subprocess.Popen(
            lab_command(self.project, words), env=env, stdout=self._log, stderr=subprocess.STDOUT, cwd=self.home
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/api/status?token={self.token}", timeout=2).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise RuntimeError((self.home / "lab.log").read_text()) from None
                time.sleep(0.1)

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> None:
        if self._process is None:
            return
        self._process.send_signal(sig)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def close(self) -> None:
        self.stop()
        embedded.stop(self.root)
        self._log.close()

    def cli(self, *words: str) -> str:
        """``jupyter neuro …`` on this Lab's platform; its standard output."""
        command = [sys.executable, "-m", "jupyter_neuro.cli", *words, "--root", str(self.root)]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
