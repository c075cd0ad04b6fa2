"""How jobs look: one line, one card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ansi, cards
from .amounts import between, moment, span
from .logs import log_body

if TYPE_CHECKING:
    from ..schemas import Job

ACTIVE = frozenset({"pending", "running", "suspended"})
_SIGNS = {
    "pending": "○",
    "running": "●",
    "succeeded": "✓",
    "failed": "!",
    "cancelled": "⊘",
    "suspended": "‖",
    "lost": "?",
}
# words of the platform that say less than its sentence
_SAID_BY_MESSAGE = frozenset({"Error", "UserRequested", "Completed", "Lost"})


def short_id(job_id: str) -> str:
    """``job-7f2c91d4``: enough to find it again."""
    return job_id[:12] if job_id.startswith("job-") else job_id


def sign(status: str) -> str:
    """The state as one character of text."""
    return _SIGNS.get(status, "·")


def run_time(job: Job) -> float | None:
    """Seconds it has run, or waited while it is pending; none where that is not known."""
    if job.status == "pending":
        return between(job.created_at, None)
    return between(job.started_at, job.finished_at)


def state_text(job: Job) -> str:
    """``Running 12 min 20 s``, ``Succeeded in 8 min 2 s``, ``Failed after 3 s, exit code 1``, ``Killed``."""
    word = cards.state_word(job.status)
    seconds = run_time(job)
    if seconds is None:
        time = ""
    elif job.status in ACTIVE:
        time = f" {span(seconds, exact=True)}"
    else:
        time = f" {'in' if job.status == 'succeeded' else 'after'} {span(seconds, exact=True)}"
    code = f", exit code {job.exit_code}" if job.status == "failed" and job.exit_code is not None else ""
    return f"{word}{time}{code}"


def ends_in(job: Job) -> str:
    """``ends in 23 h``: when the life span ends; nothing where it has none or the job is over."""
    started = moment(job.started_at)
    if job.status != "running" or not job.life_span or started is None:
        return ""
    gone = between(job.started_at, None) or 0.0
    return f"ends in {span(max(job.life_span - gone, 0))}"


def job_head(job: Job) -> str:
    """State, name, ID, chip, preset, owner if it is not me, end."""
    more = " · ".join(part for part in (job.preset or "", "" if job.mine else job.owner, ends_in(job)) if part)
    return cards.row(
        cards.state_icon(job.status),
        cards.strong(job.name or short_id(job.id)),
        f'<span title="{_attribute(job.id)}">{cards.mono(short_id(job.id))}</span>' if job.name else "",
        cards.state_chip(job.status, state_text(job)),
        cards.faint(more) if more else "",
    )


def _attribute(text: str) -> str:
    from html import escape

    return escape(text, quote=True)


def remarks(job: Job) -> list[str]:
    """Sentences about a job that one should not miss: why it waits or ended, what image it really has."""
    found = []
    if job.image_note:
        found.append(f"It runs on the {job.image_note}.")
    if job.status in {"failed", "lost", "pending", "cancelled", "suspended"}:
        reason = "" if job.message and job.reason in _SAID_BY_MESSAGE else job.reason
        text = " – ".join(part for part in (reason, job.message) if part)
        if text:
            found.append(text)
    return found


def job_details(job: Job) -> list[tuple[str, str]]:
    """What ``status`` says beyond the head."""
    volumes = ", ".join(
        f"{v.storage} → {v.mount} ({'read only' if v.read_only else 'read and write'})" for v in job.volumes
    )
    env = ", ".join([*sorted(job.env), *(f"{name} (secret)" for name in sorted(job.secret_env))])
    shown = [
        ("ID", job.id),
        ("URI", job.uri),
        ("Owner", job.owner),
        ("Image", job.image),
        ("Command", job.command or ""),
        ("Volumes", volumes),
        ("Environment", env),
        ("Tags", ", ".join(job.tags)),
        ("Description", job.description or ""),
        ("Life span", span(job.life_span) if job.life_span else "no end"),
        ("Restarts", str(job.restarts) if job.restarts else ""),
        ("Web page", job.http_url or ""),
    ]
    return [(name, value) for name, value in shown if value]


def job_card(
    job: Job,
    rows: list[str],
    total: int,
    *,
    where: str,
    as_of: str,
    details: bool = False,
    tall: bool = False,
    extra: list[str] | None = None,
) -> str:
    """The card of a job with some last lines of its log."""
    color = {"failed": cards.RED, "pending": cards.GREY, "cancelled": cards.GREY}.get(job.status, cards.AMBER)
    notes = "".join(cards.note(text, color) for text in remarks(job))
    notes += "".join(cards.note(text, cards.AMBER) for text in extra or [])
    table = ""
    if details:
        table = cards.table(
            ("", ""), [(cards.faint(name), cards.mono(value)) for name, value in job_details(job)]
        ).replace("<thead>", '<thead style="display:none">', 1)
    return cards.card(
        job_head(job),
        notes,
        cards.ruled(table),
        cards.ruled(log_body(rows, total, tall=tall)),
        where=where,
        foot=as_of,
    )


def job_text(job: Job, rows: list[str], total: int, *, details: bool = False, extra: list[str] | None = None) -> str:
    """``Job train job-7f2c91d4 running 12 min on gpu-small`` and the last log lines."""
    name = f"{job.name} " if job.name else ""
    on = f" on {job.preset}" if job.preset else ""
    state = state_text(job)
    lines = [f"Job {name}{short_id(job.id)} {state[:1].lower()}{state[1:]}{on}"]
    lines += [f"  {text}" for text in [*remarks(job), *(extra or [])]]
    if details:
        lines += [f"  {key + ':':<13}{value}" for key, value in job_details(job)]
    if total > len(rows) and rows:
        lines.append(f"  … {total - len(rows)} earlier lines")
    lines += [f"  {ansi.plain(row)}" for row in rows]
    return "\n".join(lines)
