"""P1: ``%neuro ps`` in a warm kernel, 100 jobs, beside ``apolo -q ps`` as a process. Prints figures, asserts none.

``python tests/bench/p1_ps.py [ROUNDS]``. Both list the same 100 ended jobs of the same embedded platform and take
turns. A third figure does the same from a working directory 12 folders deep, where the SDK searches longer for its
settings. Goal: ≥ 20 times faster, < 100 ms.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

JOBS = 100


def prepare(home: Path) -> None:
    """An account of its own, before anything of ours is imported."""
    for name in [name for name in os.environ if name.startswith(("JUPYTER", "APOLO", "NEURO"))]:
        del os.environ[name]
    os.environ |= {"HOME": str(home), "JUPYTER_DATA_DIR": str(home / "data"), "IPYTHONDIR": str(home / "ipython")}
    os.environ |= {"JUPYTER_NEURO_ROOT": str(home / "platform"), "NEURO_CLI_DISABLE_PYPI_VERSION_CHECK": "1"}


def submit(shell, count: int) -> None:
    """``count`` jobs, all ended."""
    shell.run_cell(
        "from jupyter_neuro import neuro\n"
        f"jobs = [neuro.run('this-computer', 'true', tag=[f'n{{n}}']) for n in range({count})]\n"
        "for job in jobs: job.wait()",
        silent=True,
    )


def measure(work, rounds: int) -> list[float]:
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return found


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    home = Path(tempfile.mkdtemp())
    prepare(home)
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from jupyter_neuro.client import embedded

    root = home / "platform"
    try:
        shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
        shell.run_line_magic("load_ext", "jupyter_neuro")
        submit(shell, JOBS)
        apolo = [str(Path(sys.executable).with_name("apolo")), "-q", "--skip-stats"]
        runtime = embedded.runtime(root)
        assert runtime is not None
        sign_in = [*apolo, "config", "login-with-token", embedded.owner_token(root), runtime.url]
        subprocess.run(sign_in, check=True, capture_output=True)

        def ours() -> None:
            answer = shell.run_line_magic("neuro", "ps -a")
            assert len(answer) == JOBS and answer._repr_html_() and answer.text()

        def theirs() -> None:
            done = subprocess.run([*apolo, "ps", "-a"], check=True, capture_output=True, text=True)
            assert len(done.stdout.split()) == JOBS, done.stdout

        ours()
        figures = {"%neuro ps -a, warm": [], "apolo -q ps -a": []}
        for _ in range(rounds):
            figures["%neuro ps -a, warm"] += measure(ours, 3)
            figures["apolo -q ps -a"] += measure(theirs, 1)
        deep = home.joinpath(*["deep"] * 12)
        deep.mkdir(parents=True)
        os.chdir(deep)
        figures["%neuro ps -a, 12 deep"] = measure(ours, rounds)
        os.chdir(home)
        report(figures)
    finally:
        os.chdir("/")
        embedded.stop(root)
        shutil.rmtree(home, ignore_errors=True)


def report(figures: dict[str, list[float]]) -> None:
    medians = {name: median(values) for name, values in figures.items()}
    for name, values in figures.items():
        spread = f"{1000 * min(values):.1f}–{1000 * max(values):.1f}, {len(values)} times, {JOBS} jobs"
        print(f"{name:<22} median {1000 * medians[name]:7.1f} ms  ({spread})")
    ours, theirs = medians["%neuro ps -a, warm"], medians["apolo -q ps -a"]
    met = ours < 0.1 and theirs / ours >= 20
    print(f"ratio {theirs / ours:.0f} : 1, goal ≥ 20 : 1 and < 100 ms: {'met' if met else 'NOT met'}")


if __name__ == "__main__":
    main()
