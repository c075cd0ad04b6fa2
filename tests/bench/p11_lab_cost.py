"""P11: what the extension costs JupyterLab: server start, page load, first bundle. Prints figures, asserts none.

``python tests/bench/p11_lab_cost.py [ROUNDS]``. With and without alternate, so that a drift of the machine's speed
hits both. Goals: start < 50 ms more, page load < 5 % more, first bundle < 60 kB compressed.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@contextlib.contextmanager
def lab(home: Path, enabled: bool) -> Iterator[tuple[str, float]]:
    """A JupyterLab of its own; yields its address with the token, and the seconds until it answered."""
    config = home / "config"
    (config / "labconfig").mkdir(parents=True, exist_ok=True)
    overrides = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    (config / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(overrides))
    off = {} if enabled else {"disabledExtensions": {"jupyter-neuro": True}}
    (config / "labconfig" / "page_config.json").write_text(json.dumps(off))
    settings = {"ServerApp": {"jpserver_extensions": {"jupyter_neuro": enabled}}}
    (config / "jupyter_server_config.json").write_text(json.dumps(settings))
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    token = secrets.token_hex(16)
    names = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}
    env = {**os.environ, "HOME": str(home), **{f"JUPYTER_{name}": str(home / part) for name, part in names.items()}}
    words = ["--no-browser", "--allow-root", f"--port={port}", f"--ServerApp.root_dir={home}"]
    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *words, f"--IdentityProvider.token={token}"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{base}/api/status?token={token}", timeout=2).close()
                break
            except OSError:
                time.sleep(0.01)
        yield f"{base}/lab?token={token}", time.perf_counter() - started
    finally:
        server.terminate()
        server.wait(20)
        root = home / "data" / "neuro" / "platform"
        if root.exists():
            from jupyter_neuro.client import embedded

            embedded.stop(root)


def page_load(browser: Browser, url: str) -> tuple[float, int, int]:
    """Seconds until the launcher stands, and the bytes of our files, plain and compressed."""
    context = browser.new_context()
    page = context.new_page()
    bodies: list[bytes] = []
    ours = "/lab/extensions/jupyter-neuro/"

    def loaded(response: object) -> None:
        if ours in response.url and response.ok:  # type: ignore[attr-defined]
            with contextlib.suppress(Exception):
                bodies.append(response.body())  # type: ignore[attr-defined]

    page.on("response", loaded)
    started = time.perf_counter()
    page.goto(url)
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    page.wait_for_selector(".jp-Launcher")
    seconds = time.perf_counter() - started
    page.wait_for_load_state("networkidle")
    context.close()
    return seconds, sum(map(len, bodies)), sum(len(gzip.compress(body, 9)) for body in bodies)


def main(rounds: int) -> None:
    starts: dict[bool, list[float]] = {True: [], False: []}
    loads: dict[bool, list[float]] = {True: [], False: []}
    sizes = (0, 0)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as top, sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=chromium, args=FLAGS)
        for turn in range(rounds + 1):
            for enabled in (True, False) if turn % 2 else (False, True):
                with lab(Path(top) / f"{enabled}", enabled) as (url, start):
                    load, plain, compressed = page_load(browser, url)
                if turn == 0:  # warms the caches of the disk
                    continue
                starts[enabled].append(start)
                loads[enabled].append(load)
                if enabled:
                    sizes = (plain, compressed)
        browser.close()
    with_, without = median(starts[True]), median(starts[False])
    more = 1000 * (with_ - without)
    print(f"P11 server start   with {with_:.2f} s, without {without:.2f} s: {more:+.0f} ms (goal < 50)")
    with_, without = median(loads[True]), median(loads[False])
    share = 100 * (with_ / without - 1)
    print(f"P11 page load      with {with_:.2f} s, without {without:.2f} s: {share:+.1f} % (goal < 5)")
    print(f"P11 first bundle   {sizes[0] / 1000:.1f} kB, compressed {sizes[1] / 1000:.1f} kB (goal < 60)")
    print(f"    medians of {rounds} alternating rounds")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
