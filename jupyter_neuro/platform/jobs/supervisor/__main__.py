"""Entry: ``python -I -S <this directory> JOBDIR [NOTIFY-FD]``."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from .watch import supervise
else:
    from watch import supervise

sys.exit(supervise(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None))
