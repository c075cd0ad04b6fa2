"""What is installed: a wheel from this source, in a fresh environment on a machine without node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


def test_lock_file_names_no_registry():
    text = (TOP / "yarn.lock").read_text()
    assert "://" not in text and "__archiveUrl" not in text


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(out), str(TOP)], check=True, timeout=600
    )
    [found] = out.glob("*.whl")
    return found


@pytest.mark.slow
def test_wheel_brings_page_server_and_demo(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    data = [name.partition(".data/data/")[2] for name in names]
    assert "share/jupyter/labextensions/jupyter-neuro/package.json" in data
    assert "etc/jupyter/jupyter_server_config.d/jupyter_neuro.json" in data
    assert any(name.endswith("demo/project/notebooks/demo.ipynb") for name in names)
    assert any(name.endswith("demo/project/.neuro/live.yaml") for name in names)
    assert any(name.endswith("events/job.yaml") for name in names)
    assert not [name for name in names if "node_modules" in name or name.startswith("tests/")]


@pytest.mark.slow
def test_wheel_installs_without_node_and_enables_itself(wheel, tmp_path):
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    path = os.pathsep.join(
        place for place in os.environ["PATH"].split(os.pathsep) if not (Path(place) / "node").exists()
    )
    env = {**os.environ, "PATH": path, "HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(venv),
            "install",
            "-q",
            "--no-warn-script-location",
            str(wheel),
        ],
        check=True,
        env=env,
        timeout=900,
    )
    python = str(venv / "bin" / "python")

    def run(*words):
        done = subprocess.run([python, "-m", *words], env=env, capture_output=True, text=True, timeout=120)
        return done.stdout + done.stderr

    assert "jupyter_neuro" in run("jupyter", "server", "extension", "list")
    found = run("jupyter", "server", "extension", "list")
    assert "OK" in found[found.index("jupyter_neuro") :]
    assert "jupyter-neuro" in (lab := run("jupyter", "labextension", "list")), lab
    assert "OK" in lab[lab.index("jupyter-neuro") :].splitlines()[0]
    assert json.loads((TOP / "package.json").read_text())["version"] in run("jupyter", "neuro", "--version")
