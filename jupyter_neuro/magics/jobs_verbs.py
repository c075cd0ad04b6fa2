"""``ps``, ``status``, ``logs``, ``kill``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from IPython.core.error import UsageError

from ..errors import NeuroError
from ..schemas.job import Status
from .amounts import number, read_moment
from .call import Call
from .grammar import Argument, Option, Verb
from .job_cards import short_id
from .job_object import Job
from .jobs_objects import Jobs
from .logs import Logs
from .run_verb import RUN
from .shown import Note, Shown
from .watching import follow_logs, read_logs

if TYPE_CHECKING:
    from ..schemas import Job as JobData
    from ..schemas import JobPage
    from ..services.jobs import JobFilter
    from ..services.sharing import Grant

_ACTIVE: tuple[Status, ...] = ("pending", "running", "suspended")
_STATUSES = ("pending", "suspended", "running", "succeeded", "failed", "cancelled", "lost")


async def _list(call: Call, wanted: JobFilter) -> tuple[JobPage, list[Grant]]:
    """The page, and beside it what I gave; a platform that does not tell the latter still gives the former."""
    grants = asyncio.ensure_future(call.neuro.sharing.given("job"))
    try:
        page = await call.neuro.jobs.list(wanted)
    except BaseException:
        grants.cancel()
        raise
    try:
        return page, await grants
    except NeuroError:
        return page, []


def _filter(call: Call) -> JobFilter:
    from ..services.jobs import JobFilter

    given = call.given
    statuses = tuple(cast(Status, status) for status in given.many("status"))
    if not statuses and not given.flag("all"):
        statuses = _ACTIVE
    since = given.text("since")
    everywhere = given.flag("shared") or given.flag("all-projects")
    return JobFilter(
        owner="shared" if given.flag("shared") else "mine" if given.many("owner") == ["ME"] else "all",
        statuses=statuses,
        name=given.text("name"),
        tags=tuple(given.many("tag")),
        since=read_moment(since, "ps: --since") if since else None,
        limit=1000,
        project=None if everywhere else given.text("project") or call.neuro.session.project,
    )


def _ps(call: Call) -> Jobs:
    given = call.given
    page, grants = call.run(_list(call, _filter(call)))
    jobs = page.items
    owners = {call.neuro.session.user if owner == "ME" else owner for owner in given.many("owner")}
    if owners:
        jobs = [job for job in jobs if job.owner in owners]
    if (description := given.text("description")) is not None:
        jobs = [job for job in jobs if job.description == description]
    if (until := given.text("until")) is not None:
        end = read_moment(until, "ps: --until").isoformat()
        jobs = [job for job in jobs if job.created_at <= end]
    if given.flag("distinct"):
        names: set[str] = set()
        jobs = [job for job in jobs if not job.name or not (job.name in names or names.add(job.name))]  # type: ignore[func-returns-value]
    if given.values.get("recent-first") is False:
        jobs = jobs[::-1]
    narrowed = len(jobs) != len(page.items)
    empty = "No jobs." if given.flag("all") else "No job runs or waits. %neuro ps -a lists the ended ones too."
    if page.hidden and given.many("status"):
        empty = f"No job fits this filter. {page.hidden} are hidden by it."
    return Jobs(call.neuro, jobs, total=len(jobs) if narrowed else page.total, grants=grants, empty=empty)


def _found(call: Call, ref: str) -> tuple[JobData, list[str]]:
    """The job of a reference; of a name with several runs the active one, else the newest, and a line saying so."""
    runs = call.run(call.neuro.jobs.find(ref))
    active = [job for job in runs if job.status in _ACTIVE]
    job = (active or runs)[0]
    if len(runs) < 2:
        return job, []
    which = "the one that is active" if len(active) == 1 else "the newest"
    return job, [f"{len(runs)} runs are called {ref}. This is {which}: {short_id(job.id)}."]


def _status(call: Call) -> Job:
    job, notes = _found(call, call.given.word("job"))
    return Job(call.neuro, job, details=True, extra=notes)


def _logs(call: Call) -> Logs:
    given = call.given
    job, notes = _found(call, given.word("job"))
    since_text = given.text("since")
    since = read_moment(since_text, "logs: --since") if since_text else None
    timestamps = given.flag("timestamps")
    if given.flag("follow"):
        logs = follow_logs(call.neuro, Job(call.neuro, job, extra=notes), call.screen, since, timestamps)
    else:
        logs = read_logs(call.neuro, job, since, timestamps)
        logs.remark = " ".join([*notes, *([logs.remark] if logs.remark else [])])
    pattern = given.text("grep")
    return logs if pattern is None else _grep(logs, pattern)


def _grep(logs: Logs, pattern: str) -> Logs:
    import re

    try:
        re.compile(pattern)
    except re.error as exc:
        raise UsageError(f"logs: --grep {pattern!r} is not a regular expression: {exc}.") from None
    found = logs.search(pattern)
    remark = f"{number(len(found), 'line')} of {logs.total} with {pattern!r}. {logs.remark}".strip()
    return Logs(found, job=logs.job, total=len(found), where=logs.where, remark=remark)


def _kill(call: Call) -> Shown:
    given = call.given
    refs = given.many("jobs")
    names, tags = given.text("name"), given.many("tag")
    by_filter = bool(names or tags or given.flag("all"))
    if by_filter == bool(refs):
        raise UsageError("kill: name jobs (IDs or names), or a filter (--name, -t, --all), not both.")
    if by_filter:
        return _kill_by_filter(call)
    # every reference is looked up before anything is stopped
    jobs = [call.run(call.neuro.jobs.only(ref, latest=given.flag("latest"))) for ref in refs]
    return _stop(call, jobs)


def _kill_by_filter(call: Call) -> Shown:
    from ..services.jobs import JobFilter

    given = call.given
    wanted = JobFilter(
        owner="mine", statuses=_ACTIVE, name=given.text("name"), tags=tuple(given.many("tag")), limit=1000
    )
    jobs = call.run(call.neuro.jobs.list(wanted)).items
    if not jobs:
        return Note("None of your running or waiting jobs fits. Nothing was done.", call.where, {"killed": []})
    plan = f"{number(len(jobs), 'job')}: {', '.join(_named(job) for job in jobs[:8])}{' …' if len(jobs) > 8 else ''}"
    if not given.flag("yes"):
        if not call.screen.can_ask:
            raise UsageError(f"kill: this would stop {plan}. Nothing done. Repeat with -y.")
        if not call.screen.ask(f"Kill {plan}?"):
            return Note("Nothing done.", call.where, {"killed": []})
    return _stop(call, jobs)


async def _ended(call: Call, job: JobData) -> JobData:
    """The job once it has ended; after 10 s as it is then."""
    try:
        async with asyncio.timeout(10):
            async for state in call.neuro.jobs.wait(job.id, interval=0.1):
                job = state
    except TimeoutError:
        pass
    return job


def _named(job: JobData) -> str:
    return f"{job.name} ({short_id(job.id)})" if job.name else short_id(job.id)


def _stop(call: Call, jobs: list[JobData]) -> Jobs:
    async def stop() -> list[JobData]:
        stopped = []
        for job in jobs:
            await call.neuro.jobs.kill(job.id)
        for job in jobs:
            stopped.append(await _ended(call, job))
        return stopped

    return Jobs(call.neuro, call.run(stop()))


_JOB = Argument("job", complete="job")

VERBS = (
    RUN,
    Verb(
        "ps",
        "List jobs",
        _ps,
        options=(
            Option(("-a", "--all"), "All jobs, also those that have ended"),
            Option(
                ("-s", "--status"),
                "Only jobs in that state",
                "STATE",
                many=True,
                choices=_STATUSES,
                complete="choice",
            ),
            Option(("-n", "--name"), "Only jobs of that name", "NAME", complete="job"),
            Option(("-t", "--tag"), "Only jobs with that tag", "TAG", many=True),
            Option(("-o", "--owner"), "Only jobs of that user; ME = mine", "USER", many=True, complete="user"),
            Option(("--shared",), "Jobs of others that are shared with me", ours=True),
            Option(("--since",), "Only jobs made after that date, or in the last 1d2h3m", "DATE"),
            Option(("--until",), "Only jobs made before that", "DATE"),
            Option(("-d", "--description"), "Only jobs with exactly that description", "TEXT"),
            Option(("-p", "--project"), "Jobs of that project instead of the current one", "PROJECT"),
            Option(("--all-projects",), "Jobs of all projects"),
            Option(("--distinct",), "Of jobs with one name only the first"),
            Option(("--recent-first",), "Newest first (what happens anyway)", off=("--recent-last",)),
            Option(("-w", "--wide"), "No effect: nothing is cut here"),
            Option(("--full-uri",), "No effect: .uri of a job gives it"),
            Option(("--format",), "", "COLUMNS", refused="the answer is a list with all columns: see its .df"),
            Option(("--cluster",), "", "NAME", refused="%neuro shows the cluster you are signed in to"),
            Option(("--org",), "", "NAME", refused="%neuro shows the organisation you are signed in to"),
            Option(("--all-orgs",), "", refused="%neuro shows the organisation you are signed in to"),
        ),
        examples=("%neuro ps -a -s failed --since 1d", "jobs = %neuro ps"),
    ),
    Verb(
        "status",
        "Show one job",
        _status,
        arguments=(_JOB,),
        options=(Option(("--full-uri",), "No effect: URIs are shown in full"),),
        examples=("%neuro status train", "%neuro status job-7f2c91d4"),
    ),
    Verb(
        "logs",
        "Show what a job wrote",
        _logs,
        arguments=(_JOB,),
        options=(
            Option(("-f", "--follow"), "Until the job ends; Ctrl-C stops watching, not the job", ours=True),
            Option(("--since",), "Only lines after that date, or of the last 1d2h3m", "DATE"),
            Option(("--timestamps",), "With the time of each line"),
            Option(("--grep",), "Only lines that fit a regular expression", "RE", ours=True),
        ),
        examples=("%neuro logs -f train", "log = %neuro logs train"),
    ),
    Verb(
        "kill",
        "Stop jobs",
        _kill,
        arguments=(Argument("jobs", many=True, optional=True, complete="job"),),
        options=(
            Option(("--latest",), "Of a name with several runs the newest", ours=True),
            Option(("--name",), "All my running and waiting jobs of that name", "NAME", complete="job", ours=True),
            Option(("-t", "--tag"), "All my running and waiting jobs with that tag", "TAG", many=True, ours=True),
            Option(("--all",), "All my running and waiting jobs", ours=True),
            Option(("-y", "--yes"), "Do not ask", ours=True),
        ),
        examples=("%neuro kill job-7f2c91d4", "%neuro kill --all"),
    ),
)
