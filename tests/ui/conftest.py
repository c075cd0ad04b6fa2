"""JupyterLab on loopback and Debian's Chromium, one of each (and tier) for the whole run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from jupyter_neuro.demo import copy_to

from .lab import Lab

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session", params=["sandbox", "process"])
def lab(request, tmp_path_factory):
    """JupyterLab on a copy of the demo project, in both tiers."""
    home = tmp_path_factory.mktemp(f"home-{request.param}")
    found = Lab(home, copy_to(home / "awesome-project"), request.param)
    try:
        found.start()
        yield found
    finally:
        found.close()


@pytest.fixture(scope="session")
def chromium():
    exe = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not exe:
        if os.environ.get("CI"):
            pytest.fail("no chromium: apt-get install --no-install-recommends chromium")
        pytest.skip("no chromium")
    with sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=exe, headless=True, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_lab(chromium, lab, request):
    """Opens a page of the Lab in a workspace of its own; errors on a page are failures."""
    contexts, errors = [], []

    def run(path: str = "", *, width: int = 1400, height: int = 900):
        context = chromium.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        workspace = "".join(sign if sign.isalnum() else "-" for sign in request.node.name) + str(len(contexts))
        page.goto(f"{lab.url}/lab/workspaces/{workspace}{path}?token={lab.token}")
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        page.wait_for_selector(".jp-Launcher, .jp-NotebookPanel")
        return page

    yield run
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def shot(request, tmp_path):
    """Takes a screenshot into SHOTS (a folder), where that is set."""
    folder = Path(os.environ.get("SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)

    def run(page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return run
