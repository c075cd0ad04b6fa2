"""``%neuro run``: start a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from ..errors import BadRequest, JobEnded
from .call import Call
from .grammar import Argument, Option, Verb
from .job_flags import read_submit
from .job_object import Job
from .shown import Note, Shown
from .watching import wait_for

if TYPE_CHECKING:
    from ..schemas import JobSubmit

BUILT_IN = "this-computer"

# images that somebody has said yes to, in this kernel: (platform, image)
_agreed: set[tuple[str, str]] = set()


def _foreign(call: Call, image: str) -> bool:
    """An image that the embedded platform has only under another name: its built-in one."""
    name = image.rpartition("/")[2].partition(":")[0]
    return call.neuro.session.kind == "local" and not image.startswith("image:") and name != BUILT_IN


def _agree(call: Call, image: str) -> bool:
    """Ask once per name before a job runs on something else than the image it names. Without a person: go on, the
    card says it."""
    key = (call.neuro.session.title, image)
    if key in _agreed or not _foreign(call, image) or call.given.flag("yes") or not call.screen.can_ask:
        return True
    question = f"{image} is not on this computer: the job would run on the host system instead of it. Run it?"
    if not call.screen.ask(question):
        return False
    _agreed.add(key)
    return True


def _run(call: Call) -> Shown:
    given = call.given
    if given.flag("wait") and given.flag("detach"):
        raise UsageError("run: --wait and --detach contradict each other.")
    form, warnings = read_submit(given, call.cell)
    if not _agree(call, form.image):
        return Note(f"Nothing was started. On this computer there is the image {BUILT_IN}.", call.where)
    job = Job(call.neuro, _submit(call, form), extra=warnings)
    if given.flag("wait"):
        return wait_for(call.neuro, job, call.screen)
    if given.flag("wait-start"):
        _wait_for_start(call, job)
    return job


_FLAGS = {
    "preset": "-s",
    "name": "-n",
    "image": "IMAGE",
    "env": "-e",
    "life_span": "--life-span",
    "command": "-- CMD",
}


def _submit(call: Call, form: JobSubmit):  # type: ignore[no-untyped-def]
    """Submit; an error that is about one field is a mistake of the line and names its flag."""
    try:
        return call.run(call.neuro.jobs.submit(form))
    except BadRequest as exc:
        name, _, index = (exc.field or "").partition(".")
        flag = _FLAGS.get(name, {"volumes": "-v", "tags": "--tag", "share": "--share"}.get(name))
        if flag == "-v" and index.isdigit() and int(index) < len(form.volumes):
            flag = f"-v {form.volumes[int(index)].storage}:{form.volumes[int(index)].mount}"
        if flag is None:
            raise
        raise type(exc)(f"{flag}: {exc.message}", hint=exc.hint, field=exc.field) from None


def _wait_for_start(call: Call, job: Job) -> None:
    for state in call.neuro.iterate(call.neuro.jobs.wait(job.id)):
        job.learn(state)
        if state.status != "pending":
            break
    if job.status in {"failed", "lost"}:
        from .logs import LogBuffer
        from .watching import raise_for_end

        try:
            raise_for_end(job.data, LogBuffer())
        except JobEnded as exc:
            raise exc from None


def _not_here(what: str) -> str:
    return f"{what} is not supported by %neuro yet. `apolo run` has it."


RUN = Verb(
    "run",
    "Start a job",
    _run,
    arguments=(Argument("image", complete="image"),),
    command=True,
    options=(
        Option(
            ("-s", "--preset"), "Size of the machine (%neuro config show lists them)", "PRESET", complete="preset"
        ),
        Option(("-n", "--name"), "Name of the job; other runs may have the same", "NAME"),
        Option(
            ("-v", "--volume"),
            "Storage folder to mount: storage:data:/project/data:ro (or :rw, which is what no word means)",
            "MOUNT",
            many=True,
            complete="volume",
        ),
        Option(("-e", "--env"), "Environment variable", "VAR=VAL", many=True),
        Option(("--env-file",), "File with environment variables", "PATH", many=True, complete="path"),
        Option(("--tag",), "Tag", "TAG", many=True),
        Option(("-d", "--description"), "Description", "TEXT"),
        Option(("-w", "--workdir"), "Working directory in the job", "PATH"),
        Option(("--life-span",), "Stop it after that time, 1d unless said otherwise, 0 = never", "TIME"),
        Option(
            ("--share",),
            "Share the job with a user: USER = write, as in the command line; USER:read for read only",
            "USER[:LEVEL]",
            many=True,
            complete="user",
        ),
        Option(("--wait",), "Show the log until the end; a job that fails raises JobFailed here", ours=True),
        Option(("--shell",), "Let bash run the command (a %%neuro cell's body always is run so)", ours=True),
        Option(("-y", "--yes"), "Do not ask", ours=True),
        Option(("--detach",), "Return once the platform accepted the job (what happens anyway)"),
        Option(
            ("--wait-start",),
            "Return when the job has left the queue",
            off=("--no-wait-start",),
        ),
        Option(("-t", "--tty"), "", off=("-T", "--no-tty"), refused=_not_here("a terminal")),
        Option(("-x", "--extshm"), "No effect: /dev/shm is as the platform gives it", off=("-X", "--no-extshm")),
        Option(("--pass-config",), "", off=("--no-pass-config",), refused=_not_here("passing the sign-in on")),
        Option(("--wait-for-seat",), "", off=("--no-wait-for-seat",), refused=_not_here("waiting for a seat")),
        Option(("--http-auth",), "", off=("--no-http-auth",), refused=_not_here("a web page of a job")),
        Option(("--http-port",), "", "PORT", refused=_not_here("a web page of a job")),
        Option(("--browse",), "", refused=_not_here("a web page of a job")),
        Option(("--port-forward",), "", "PORTS", many=True, refused=_not_here("port forwarding")),
        Option(("--entrypoint",), "", "TEXT", refused=_not_here("an entry point")),
        Option(("--restart",), "", "POLICY", refused=_not_here("restarting"), harmless=("never",)),
        Option(("--schedule-timeout",), "", "TIME", refused=_not_here("a time limit in the queue")),
        Option(("--priority",), "", "LEVEL", refused=_not_here("a priority"), harmless=("normal",)),
        Option(("--privileged",), "", refused=_not_here("privileged mode")),
        Option(("--energy-schedule",), "", "NAME", refused=_not_here("an energy schedule")),
        Option(("--cluster",), "", "NAME", refused=_not_here("another cluster for one job")),
        Option(("--org",), "", "NAME", refused=_not_here("another organisation for one job")),
        Option(("-p", "--project"), "", "NAME", refused="switch first: %neuro config switch-project NAME"),
    ),
    examples=(
        "%neuro run this-computer -- python -c 'print(6 * 7)'",
        "%neuro run --wait -s cpu-small -n train -v storage:data:/project/data:ro this-computer -- python train.py",
    ),
    details=(
        "Returns the job once the platform accepted it. No shell runs the command. Variables ($name, {expression})\n"
        "are put in before --, and nothing is touched after it."
    ),
)
