"""P10: ``%load_ext jupyter_neuro``, cold, beside ``import apolo_sdk``. Prints figures, asserts none.

``python tests/bench/p10_load_ext.py [ROUNDS]``. Each figure is a fresh process; both alternate, so that a drift of
the machine's speed hits both. Goal: < 0.3 s.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from statistics import median

SHELL = "from IPython.core.interactiveshell import InteractiveShell as I; shell = I.instance(); "
TIMED = "import time; begun = time.perf_counter(); {}; print(time.perf_counter() - begun)"
WORK = {
    "%load_ext jupyter_neuro": SHELL + TIMED.format("shell.run_line_magic('load_ext', 'jupyter_neuro')"),
    "import apolo_sdk": SHELL + TIMED.format("import apolo_sdk"),
}


def seconds(code: str, home: str) -> float:
    """What the process says it took."""
    env = {"HOME": home, "IPYTHONDIR": home, "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    found: dict[str, list[float]] = {name: [] for name in WORK}
    with tempfile.TemporaryDirectory() as home:
        for code in WORK.values():
            seconds(code, home)  # byte code and the disk's cache, as after an installation
        for _ in range(rounds):
            for name, code in WORK.items():
                found[name].append(seconds(code, home))
    medians = {name: median(values) for name, values in found.items()}
    for name, values in found.items():
        print(f"{name:<26} median {medians[name]:.4f} s  ({min(values):.4f}–{max(values):.4f}, {rounds} processes)")
    ours, theirs = medians.values()
    print(f"ratio {theirs / ours:.0f} : 1, goal < 0.3 s: {'met' if ours < 0.3 else 'NOT met'}")


if __name__ == "__main__":
    main()
