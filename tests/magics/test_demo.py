"""The demo: the notebook that the README opens, run from its first cell to its last without a person, twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from jupyter_neuro.client import embedded
from jupyter_neuro.demo import PROJECT, copy_to
from jupyter_neuro.magics.shown import JSON

from .conftest import environment


def test_a_copy_keeps_what_is_there(tmp_path):
    (tmp_path / "README.md").write_text("mine")
    assert copy_to(tmp_path) == tmp_path
    assert (tmp_path / "README.md").read_text() == "mine"
    (tmp_path / "modules" / "train.py").unlink()
    (tmp_path / "apt.txt").write_text("vim\n")
    copy_to(tmp_path)
    assert (tmp_path / "modules" / "train.py").read_bytes() == (PROJECT / "modules" / "train.py").read_bytes()
    assert (tmp_path / "apt.txt").read_text() == "vim\n"
    assert not [path for path in tmp_path.rglob("*") if path.name == "__pycache__" or path.suffix == ".part"]


def test_keys_and_results_stay_out_of_git(tmp_path):
    copy_to(tmp_path)
    (tmp_path / "config" / "key.json").write_text("{}")
    (tmp_path / "results" / "model.joblib").write_text("x")
    git = {"cwd": tmp_path, "check": True, "capture_output": True, "text": True}
    subprocess.run(["git", "init", "-q"], **git)
    subprocess.run(["git", "add", "-A"], **git)
    tracked = subprocess.run(["git", "ls-files"], **git).stdout.split()
    assert {"config/.gitkeep", "results/.gitkeep", ".neuro/live.yaml", "notebooks/demo.ipynb"} <= set(tracked)
    assert not {"config/key.json", "results/model.joblib"} & set(tracked)


def test_the_notebook_ships_without_outputs():
    notebook = nbformat.read(PROJECT / "notebooks" / "demo.ipynb", 4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


def test_the_training_learns_and_is_repeatable(tmp_path):
    metrics = []
    for run in ("one", "two"):
        words = ["--results", str(tmp_path / run), "--epochs", "5", "--copies", "1"]
        subprocess.run(
            [sys.executable, str(PROJECT / "modules" / "train.py"), *words], check=True, stdout=subprocess.PIPE
        )
        metrics.append(json.loads((tmp_path / run / "metrics.json").read_text()))
    history = metrics[0]["history"]
    assert history[-1]["loss"] < history[0]["loss"] / 2 and metrics[0]["valid_accuracy"] > 0.9
    assert metrics[0]["history"] == metrics[1]["history"], "the same seed learns the same"
    assert "<svg" in (tmp_path / "one" / "learning-curve.svg").read_text()
    assert (tmp_path / "one" / "model.joblib").exists()


@pytest.fixture(scope="module", params=["auto", "process"])
def runs(tmp_path_factory, request):
    """Two runs of the notebook in one fresh home, in each tier: (project, [notebook, notebook], alice's line)."""
    home = tmp_path_factory.mktemp("fresh")
    project = copy_to(home / "awesome-project")
    root = home / "data" / "neuro" / "platform"
    if request.param != "auto":
        embedded.ensure_started(root, tier=request.param)
    before = os.environ.copy()
    os.environ.clear()
    os.environ.update(environment(home))
    notebooks = []
    try:
        for _ in range(2):
            notebook = nbformat.read(project / "notebooks" / "demo.ipynb", 4)
            # beyond the notebook: the line a reader would hand to alice, for the second account below
            probe = "print(getattr(invite, 'line', ''))"
            notebook.cells.append(nbformat.v4.new_code_cell(probe))
            folder = {"metadata": {"path": str(project / "notebooks")}}
            NotebookClient(notebook, timeout=240, kernel_name="python3", resources=folder).execute()
            line = notebook.cells.pop().outputs
            notebooks.append((notebook, line[0]["text"].strip() if line else ""))
    finally:
        os.environ.clear()
        os.environ.update(before)
    yield project, [notebook for notebook, _ in notebooks], notebooks[0][1]
    embedded.stop(root)


def outputs(notebook, source: str) -> list:
    """The outputs of the one cell that begins with ``source``."""
    [cell] = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith(source)]
    return cell.outputs


def test_the_job_learns_for_real(runs):
    project, notebooks, _ = runs
    for notebook in notebooks:
        [log] = outputs(notebook, "%neuro logs -f")
        assert "epoch 30/30" in log["data"]["text/plain"] and "succeeded" in log["data"]["text/plain"]
    metrics = json.loads((project / "results" / "metrics.json").read_text())
    assert metrics["valid_accuracy"] > 0.95 and len(metrics["history"]) == 30
    [figure] = outputs(notebooks[0], "SVG(")
    assert "image/svg+xml" in figure["data"]


def test_each_run_is_a_job_of_its_own(runs):
    _, notebooks, _ = runs
    ids = {outputs(notebook, "job.wait()")[0]["data"][JSON]["id"] for notebook in notebooks}
    assert len(ids) == 2


def test_a_second_user_really_got_the_job(runs, tmp_path):
    """alice signs in with her line, through the official command line, and reads the log."""
    _, notebooks, line = runs
    grant = outputs(notebooks[0], "%neuro share")[0]["data"][JSON]
    assert grant["user"] == "alice" and grant["action"] == "read"
    url, token = line.split()
    env = environment(tmp_path) | {"NEURO_CLI_DISABLE_PYPI_VERSION_CHECK": "1"}
    apolo = [str(Path(sys.executable).with_name("apolo")), "-q", "--skip-stats"]
    subprocess.run([*apolo, "config", "login-with-token", token, url], env=env, check=True, capture_output=True)
    log = subprocess.run([*apolo, "logs", grant["uri"]], env=env, check=True, capture_output=True, text=True)
    assert "epoch 30/30" in re.sub(r"\x1b\[[0-9;]*m", "", log.stdout)


def test_no_token_is_saved_with_the_notebook(runs):
    _, notebooks, line = runs
    token = line.split()[-1]
    assert len(token) > 40
    for notebook in notebooks:
        text = nbformat.writes(notebook)
        assert token not in text and not re.search(r"eyJ[\w-]{10,}\.[\w-]{10,}\.", text)
