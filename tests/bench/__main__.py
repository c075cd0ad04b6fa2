"""``python -m tests.bench``: P1, P3, P10 and P11 of one machine, each beside its peer, in one run."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors", flush=True)
    failed = 0
    for program in sorted(HERE.glob("p[0-9]*.py"), key=lambda path: int(path.stem.partition("_")[0][1:])):
        print(f"\n-- {program.name}", flush=True)
        failed += subprocess.run([sys.executable, str(program)]).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
