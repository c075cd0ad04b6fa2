"""The platform's job loop: starts what waits, watches what runs, records what ended.

It may be killed at any moment. So it writes down what it is about to do before it does it (stage ``starting``
before the supervisor is started), and decides what happened from the files of a job's directory alone. The one who
makes the file ``started`` runs the job; nobody else ever does.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..executors.work import CannotRun
from . import lifespan, outcome, remains
from .files import Finding, State, examine, forbid, supervisor_pid
from .ledger import Ledger
from .live import Live
from .outcome import Outcome
from .resources import machine
from .store import ENDED, KILLING, PENDING, RUNNING, STARTING, Job, Store
from .watcher import spawn, watch_end
from .workplace import Workplace

log = logging.getLogger("jupyter_neuro.platform.jobs")

SHOWN_RUNNING = 0.5
"""Seconds from telling that a job runs to telling its end: the client polls each 0.2 s, and shows no log unless it
saw the job run."""
START_AGAIN = 3.0
"""Seconds after which a supervisor that was perhaps started, and did not begin, will not begin any more."""
MAX_STARTS = 5
TICK = 1.0
SOON = 0.05


class Controller:
    """One for each platform process."""

    def __init__(self, store: Store, workplace: Workplace) -> None:
        self._store = store
        self._ledger = Ledger(store)
        self._workplace = workplace
        self._live: dict[str, Live] = {}
        self._machine = machine()
        self._tick: asyncio.Task[None] | None = None
        self._background: set[asyncio.Future[Any]] = set()
        self._stopping = False

    # -- life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Take over the jobs of an earlier process, then start what waits."""
        for job in self._store.unfinished():
            self._live[job.id] = Live(job)
        for live in list(self._live.values()):
            if live.job.stage != PENDING:
                self._settle(live)
        self._schedule()
        self._tick = asyncio.create_task(self._ticking())

    async def stop(self) -> None:
        """Let go of everything; jobs run on."""
        self._stopping = True
        if self._tick:
            self._tick.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._tick
        for live in self._live.values():
            live.let_go()

    async def _ticking(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            try:
                self._look_around()
            except Exception:
                # one bad moment (a full disk, a broken entry) must not end the watch over all jobs
                log.exception("the job loop failed once")

    def _look_around(self) -> None:
        self._ledger.retry()
        self._schedule()
        for live in list(self._live.values()):
            end = lifespan.overdue(live.job, time.time())
            if end and not live.told_end and not live.over:
                self._end_early(live, end)

    # -- what the service asks -------------------------------------------------------------------------------

    def add(self, job: Job) -> None:
        """A job that was just recorded: it is started next, or when there is room."""
        self._live[job.id] = Live(job)
        asyncio.get_running_loop().call_soon(self._schedule)

    def kill(self, job_id: str, end: Outcome) -> None:
        """End a job. Nothing happens to one that is over. Raises ``sqlite3.Error``: then nothing was done."""
        live = self._live.get(job_id)
        if live is not None and not live.over and not live.told_end:
            self._end_early(live, end)

    def change_life(self, job_id: str, minutes: int) -> bool:
        """Set the life span of a job; ``False`` for one that is over. Raises ``sqlite3.Error``."""
        live = self._live.get(job_id)
        if live is None or live.over or live.told_end:
            return False
        job = replace(live.job, life_minutes=minutes)
        self._ledger.write(job)
        live.job = job
        return True

    def expects_output(self, job_id: str) -> bool:
        """Whether the job may still print something."""
        live = self._live.get(job_id)
        return live is not None and not live.over

    def holding(self) -> list[Job]:
        """Jobs that have a share of the computer now."""
        return [live.job for live in self._live.values() if live.job.stage != PENDING and not live.over]

    def unfinished(self) -> list[Job]:
        """Jobs whose end is not told yet."""
        return [live.job for live in self._live.values() if not live.told_end]

    # -- starting --------------------------------------------------------------------------------------------

    def _schedule(self) -> None:
        if self._stopping:
            return
        waiting = [live for live in self._live.values() if live.waits]
        waiting.sort(key=lambda live: (-live.job.priority, live.job.seq))
        for number, live in enumerate(waiting):
            if not live.waits:
                continue  # one before it ended at once, and this one's turn came in that moment
            holding = self.holding()
            missing = self._machine.left(holding).missing(live.job)
            if missing and holding:
                # strictly in turn: a large job is not overtaken for ever by small ones
                self._wait(live, f"Waiting for free {' and '.join(missing)}: other jobs have it.")
                for behind in waiting[number + 1 :]:
                    self._wait(behind, "Waiting for jobs that came before.")
                return
            self._launch(live)

    def _wait(self, live: Live, why: str) -> None:
        if live.waiting_for != why:
            live.waiting_for = why
            self._ledger.tell_waiting(live.job, why)

    def _launch(self, live: Live) -> None:
        job = live.job
        live.starts += 1
        try:
            directory = self._workplace.prepare(job)
            # durable before a supervisor can exist: from here on a job is only started by looking at its files
            starting = replace(job, stage=STARTING, stage_since=time.time())
            self._ledger.write(starting)
        except CannotRun as problem:
            self._refuse(live, str(problem), problem.code)
            return
        except (OSError, sqlite3.Error) as problem:
            log.warning("%s cannot be started yet: %s", job.id, problem)
            if job.stage == PENDING:
                self._wait(live, f"Waiting: {problem}.")
            else:
                live.later(START_AGAIN, lambda: self._settle(live))
            return
        live.job = starting
        try:
            live.supervision = spawn(directory, lambda: self._begun(live), lambda: self._settle(live))
        except OSError as problem:
            log.warning("%s: no supervisor could be started: %s", job.id, problem)
            live.later(START_AGAIN, lambda: self._settle(live))

    def _refuse(self, live: Live, text: str, code: int | None) -> None:
        """A job that can never run: say why, in its log as well."""
        self._workplace.log_line(live.job, text)
        self._finish(live, outcome.cannot_run(text, code), time.time())

    # -- watching --------------------------------------------------------------------------------------------

    def _begun(self, live: Live) -> None:
        started = examine(self._workplace.directory(live.job)).started
        self._show_running(live, float(started["time"]) if started else time.time())

    def _show_running(self, live: Live, since: float) -> None:
        if live.job.stage == STARTING:
            live.job.stage, live.job.stage_since = RUNNING, time.time()
            self._ledger.tell(live.job, Outcome(RUNNING, ""), since)
            live.shown_at = asyncio.get_running_loop().time()

    def _settle(self, live: Live) -> None:
        """Find out from the files where a job stands, and do what follows."""
        if self._stopping or live.over or self._live.get(live.job.id) is not live:
            return
        live.let_go()
        finding = examine(self._workplace.directory(live.job))
        if finding.state is State.BEGINNING:
            live.later(SOON, lambda: self._settle(live))
        elif finding.state is State.RUNNING:
            self._follow(live, finding)
        elif finding.state is State.EXITED:
            assert finding.exit is not None
            if not finding.exit.get("problem"):
                self._show_running(live, float((finding.started or finding.exit)["time"]))
            self._finish(live, outcome.of_exit(finding.exit, live.job.memory), float(finding.exit["time"]))
        elif finding.state is State.LOST:
            self._in_background(remains.kill, live.job.id)
            self._show_running(live, float((finding.started or {}).get("time", time.time())))
            self._finish(live, outcome.lost(), time.time())
        else:
            self._not_begun(live)

    def _follow(self, live: Live, finding: Finding) -> None:
        """A supervisor has the job: watch it, whoever started it."""
        if finding.started is not None:
            self._show_running(live, float(finding.started["time"]))
        pid = supervisor_pid(finding.started)
        if pid is None:
            # it ended this very moment, or its record is being written: look again
            live.later(SOON, lambda: self._settle(live))
            return
        live.stop_watching = watch_end(pid, lambda: self._settle(live))
        if live.job.stage == KILLING:
            self._ask_to_end(live)

    def _not_begun(self, live: Live) -> None:
        """Perhaps no supervisor was ever started: begin again when none can come any more."""
        directory = self._workplace.directory(live.job)
        left = live.job.stage_since + START_AGAIN - time.time()
        if live.job.stage != KILLING and 0 < left <= START_AGAIN:
            live.later(left, lambda: self._settle(live))
        elif live.job.stage != KILLING and live.starts < MAX_STARTS:
            self._launch(live)
        elif not forbid(directory):
            live.later(SOON, lambda: self._settle(live))
        elif live.job.stage == KILLING:
            self._close(live)
        else:
            said = self._workplace.last_words(live.job) or "it gave no reason"
            self._refuse(live, f"The job's supervisor could not begin: {said}", None)

    # -- ending ----------------------------------------------------------------------------------------------

    def _end_early(self, live: Live, end: Outcome) -> None:
        """Tell the end at once, as clusters do, then end the processes."""
        live.job = self._ledger.ended_early(live.job, end)
        if live.job.stage == ENDED:
            self._forget(live)
            self._schedule()
        else:
            self._ask_to_end(live)

    def _ask_to_end(self, live: Live) -> None:
        """Its supervisor is asked; without one, the job is forbidden to begin."""
        finding = examine(self._workplace.directory(live.job))
        pid = supervisor_pid(finding.started) if finding.state is State.RUNNING else None
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        elif finding.state is not State.EXITED:
            # it is about to begin, or never will: `_settle` knows which, and asks again
            live.later(SOON, lambda: self._settle(live))

    def _finish(self, live: Live, end: Outcome, at: float) -> None:
        """The job's processes are gone. Its end is told once ``running`` was to be seen for a moment."""
        live.let_go()
        live.over = True
        loop = asyncio.get_running_loop()
        wait = 0.0 if live.shown_at is None else live.shown_at + SHOWN_RUNNING - loop.time()
        if live.told_end:
            self._close(live)
        elif wait > 0:
            live.later(wait, lambda: self._tell_end(live, end, at))
        else:
            self._tell_end(live, end, at)
        # what it held is free, told or not
        loop.call_soon(self._schedule)

    def _tell_end(self, live: Live, end: Outcome, at: float) -> None:
        live.job.stage, live.job.finished = ENDED, at
        self._ledger.tell(live.job, end, at)
        self._forget(live)

    def _close(self, live: Live) -> None:
        """Nothing is left of a job whose end was told before."""
        live.job.stage, live.job.stage_since = ENDED, time.time()
        self._ledger.save(live.job)
        self._forget(live)
        asyncio.get_running_loop().call_soon(self._schedule)

    def _forget(self, live: Live) -> None:
        live.let_go()
        live.over = True
        self._live.pop(live.job.id, None)
        self._in_background(self._workplace.clean, live.job)

    def _in_background(self, work: Callable[..., object], *arguments: object) -> None:
        task = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
