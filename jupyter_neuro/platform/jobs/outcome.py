"""How a job ended, in the platform's words: status, reason, sentence and exit code."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Any

LOST = (
    "The computer, or the process that watched this job, stopped before the job's result was written. "
    "It was not started again."
)


@dataclass(frozen=True)
class Outcome:
    """The last item of a job's history. ``exit_code`` is only ever what the job's process gave."""

    status: str
    reason: str
    description: str = ""
    exit_code: int | None = None


def lost() -> Outcome:
    """Begun, and nobody knows the result."""
    return Outcome("failed", "Lost", LOST)


def cannot_run(text: str, code: int | None = None) -> Outcome:
    """The job's program was never started."""
    return Outcome("failed", "ContainerCannotRun", text, code)


def of_exit(result: dict[str, Any], memory: int) -> Outcome:
    """The outcome that a supervisor recorded. ``memory`` are the bytes the job was given."""
    code = result.get("code")
    if result.get("problem"):
        return cannot_run(str(result["problem"]), code)
    if not isinstance(code, int):
        return lost()
    missing = ""
    if result.get("lost_output"):
        missing = f" {result['lost_output']} bytes of its output could not be written to the disk."
    if result.get("oom"):
        text = f"The job used more memory than its preset gives ({memory / 2**30:.1f} GiB) and was killed.{missing}"
        return Outcome("failed", "OOMKilled", text, code)
    if code == 0:
        return Outcome("succeeded", "Completed", missing.strip(), 0)
    if result.get("stopped"):
        text = f"The system asked the job to end, as it does when the computer is shut down.{missing}"
        return Outcome("failed", "Error", text, code)
    return Outcome("failed", "Error", _ended(code) + missing, code)


def _ended(code: int) -> str:
    if code > 128:
        try:
            name = signal.Signals(code - 128).name
        except ValueError:
            pass
        else:
            return f"The command was ended by signal {code - 128} ({name}): exit code {code}."
    return f"The command ended with exit code {code}."
