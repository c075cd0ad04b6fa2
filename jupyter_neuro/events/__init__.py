"""Schemas of the events on the server's own bus. Events are hints: the page asks again for what they name."""

from pathlib import Path

JOB = "https://schema.jupyter-neuro.org/job/v1"
SESSION = "https://schema.jupyter-neuro.org/session/v1"

FILES = [Path(__file__).with_name(name) for name in ("job.yaml", "session.yaml")]
