"""``share``, ``acl ls``, ``acl grant``, ``acl revoke``."""

from __future__ import annotations

from IPython.core.error import UsageError

from ..errors import AmbiguousJob, NoSuchUser
from .call import Call
from .grammar import Argument, Option, Verb
from .job_cards import short_id
from .sharing_objects import Given, Grants

_LEVELS = ("read", "write", "manage")


def _job_name(uri: str) -> str | None:
    """The name in a job's address; none for an ID, for ``job:`` (all jobs) and for other things."""
    if not uri.startswith("job:"):
        return None
    name = uri.removeprefix("job:").rpartition("/")[2]
    return None if not name or name.startswith("job-") else name


def _target(call: Call, uri: str) -> tuple[str, str]:
    """The address to share and a sentence about it: a name that several runs have is not taken for one of them."""
    given = call.given
    if given.flag("latest") and given.flag("every-run"):
        raise UsageError(f"{given.verb.name}: --latest and --every-run contradict each other.")
    if _job_name(uri) is None or given.flag("every-run"):
        return uri, ""
    runs = call.run(call.neuro.jobs.find(uri))
    if given.flag("latest"):
        return runs[0].uri, f"This is the newest of {len(runs)}: {short_id(runs[0].id)}."
    if len(runs) > 1:
        listed = ", ".join(f"{short_id(job.id)} ({job.status})" for job in runs[:5])
        more = f" and {len(runs) - 5} more" if len(runs) > 5 else ""
        raise AmbiguousJob(
            f"{len(runs)} runs are called {_job_name(uri)!r}: {listed}{more}.",
            jobs=[job.id for job in runs],
            hint="Use an ID, --latest, or --every-run for all of them and those to come.",
        )
    return uri, ""


def _share(call: Call) -> Given:
    given = call.given
    target, remark = _target(call, given.word("uri"))
    try:
        grant = call.run(call.neuro.sharing.share(target, given.word("user"), given.word("level")))
    except NoSuchUser as exc:
        if call.neuro.session.kind != "local":
            raise
        hint = f"Check the name. On this computer, add a colleague first: %neuro user add {given.word('user')}"
        raise NoSuchUser(exc.message, hint=hint, field="user") from None
    return Given(call.neuro, grant, extra=remark)


def _acl_ls(call: Call) -> Grants:
    given = call.given
    mine = given.flag("shared")
    uri = given.text("uri") or ""
    scheme, _, path = uri.partition(":")
    if uri and ":" not in uri:
        raise UsageError(f"acl ls: {uri!r}: write a kind of object, like storage: or job:, or an address.")
    sharing = call.neuro.sharing
    grants = call.run(sharing.given(scheme or None) if mine else sharing.reachable(scheme or None))
    if path.strip("/"):
        resolve = call.neuro.storage.resolve_uri if scheme == "storage" else call.neuro.jobs.resolve_uri
        prefix = (call.run(resolve(uri)) if scheme in {"storage", "job"} else uri).rstrip("/")
        grants = [grant for grant in grants if grant.uri == prefix or grant.uri.startswith(prefix + "/")]
    return Grants(call.neuro, grants, mine=mine)


def _revoke(call: Call) -> Given:
    grant = call.run(call.neuro.sharing.revoke(call.given.word("uri"), call.given.word("user")))
    return Given(call.neuro, grant, taken=True)


_URI = Argument("uri", complete="shareable")
_USER = Argument("user", complete="user")
_SHARE = (_URI, _USER, Argument("level", choices=_LEVELS))
_RUNS = (
    Option(("--latest",), "Of a job's name with several runs the newest run", ours=True),
    Option(("--every-run",), "Every run of a job's name, future ones too", ours=True),
)
_EXAMPLES = (
    "%neuro share storage:data alice read",
    "%neuro share job:train alice read",
    "%neuro share job: alice read      # all jobs of the project, future ones too",
)

VERBS = (
    Verb("share", "Give a user a right", _share, arguments=_SHARE, options=_RUNS, examples=_EXAMPLES),
    Verb("acl grant", "The same as share", _share, arguments=_SHARE, options=_RUNS, examples=_EXAMPLES[:1]),
    Verb(
        "acl ls",
        "List what I can reach, or what I gave",
        _acl_ls,
        arguments=(Argument("uri", optional=True, complete="shareable"),),
        options=(
            Option(("--shared",), "What I gave, instead of what I can reach"),
            Option(("--full-uri",), "No effect: URIs are shown in full"),
            Option(("-u",), "", "USER", refused="%neuro lists your own rights. `apolo acl ls -u` has others'."),
        ),
        examples=("%neuro acl ls", "%neuro acl ls --shared job:"),
    ),
    Verb(
        "acl revoke",
        "Take a right back",
        _revoke,
        arguments=(_URI, _USER),
        examples=("%neuro acl revoke storage:data alice",),
    ),
)
