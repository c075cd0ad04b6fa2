"""Checking a submit, in both forms the client sends: from a preset (flat) and with its own resources (nested)."""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Any

from ..uri import Resource
from . import command, volumes
from .invalid import Forbidden, Invalid
from .presets import presets
from .store import PENDING, Job

if TYPE_CHECKING:
    from ..context import Platform
    from ..executors.work import Executor

NAME = re.compile(r"[a-z](-?[a-z0-9])*")
NAME_LENGTH = range(3, 41)
ENV_NAME = re.compile(r"[A-Za-z_.-][A-Za-z0-9_.-]*")
SUBMIT_TAG = "neuro-submit:"
"""A tag with this prefix is unique for each user: a submit that is repeated with it gives the first one's job."""
MAX_TAGS, MAX_TAG = 100, 256
MAX_TEXT = 4096
MAX_VARIABLES = 1000
MAX_ENV = 256 * 1024
"""Bytes of all variables together. A job's record goes into every list that shows it, and clients read one job as one
line of bounded length."""
# what Linux allows for one argument or variable of a program
MAX_ARGUMENT = 128 * 1024 - 1
PRIORITIES = {"low": 0, "normal": 1, "high": 2}
LATER = {
    "secret_env": "secrets are not supported by this platform yet",
    "secret_volumes": "secrets are not supported by this platform yet",
    "disk_volumes": "disks are not supported by this platform yet",
}


def check(platform: Platform, executor: Executor, user: str, body: Any) -> Job:
    """The job that a request describes, not recorded yet. Raises `Invalid` or `Forbidden`."""
    if not isinstance(body, dict):
        raise Invalid("", "The request's body is not a job.")
    nested = "container" in body
    container = body["container"] if nested else body
    if not isinstance(container, dict):
        raise Invalid("container", "it has to be an object")
    project = _place(platform, user, body)
    for key, why in LATER.items():
        if container.get(key):
            raise Invalid(key, why)
    for key in ("pass_config", "privileged"):
        if body.get(key):
            raise Invalid(key, "not supported by this platform yet")
    if body.get("restart_policy") not in (None, "never"):
        raise Invalid("restart_policy", "this platform does not start a job again by itself yet: use never")
    priority = body.get("priority") or "normal"
    if not isinstance(priority, str) or priority not in PRIORITIES:
        raise Invalid("priority", f"choose one of {', '.join(PRIORITIES)}")
    preset, cpu, memory, gpu = _resources(body, container)
    image, note = command.image(container.get("image"), platform.port)
    words = command.argv(container.get("entrypoint"), container.get("command"))
    tags = _tags(body.get("tags"))
    submit_tags = [tag for tag in tags if tag.startswith(SUBMIT_TAG)]
    if len(submit_tags) > 1:
        raise Invalid("tags", f"only one tag may begin with {SUBMIT_TAG}")
    # to the microsecond, as it is told: a client that asks for jobs since the moment it was told gets this one
    now = round(time.time(), 6)
    request: dict[str, Any] = {
        "argv": words,
        "container": {
            "image": image,
            **{key: container[key] for key in ("entrypoint", "command") if container.get(key)},
            "env": _env(container.get("env")),
            "volumes": volumes.check(platform, executor, user, container.get("volumes")),
            "tty": _flag(container.get("tty"), "tty"),
            "resources": {"cpu": cpu, "memory": memory, "shm": True, **({"nvidia_gpu": gpu} if gpu else {})},
        },
        "preset_name": preset,
        "description": _text(body.get("description"), "description"),
        "tags": tags,
        "priority": priority,
        "schedule_timeout": _number(body.get("schedule_timeout"), "schedule_timeout"),
        "image_note": note,
    }
    port = _http(container.get("http"))
    if port:
        request["container"]["http"] = port
    directory = container.get("working_dir")
    if directory is not None:
        request["container"]["working_dir"] = volumes.absolute(directory, "working_dir")
    return Job(
        id=f"job-{uuid.uuid4()}",
        owner=user,
        org=platform.org,
        project=project,
        name=_name(body.get("name")),
        submit_tag=submit_tags[0] if submit_tags else None,
        stage=PENDING,
        status=PENDING,
        statuses=[{"status": PENDING, "time": now, "reason": "Creating", "description": note or ""}],
        created=now,
        cpu=cpu,
        memory=memory,
        gpu=gpu,
        priority=PRIORITIES[priority],
        life_minutes=_life(body.get("max_run_time_minutes")),
        request=request,
        tags=tags,
    )


def _place(platform: Platform, user: str, body: dict[str, Any]) -> str:
    """The project, in which the user may create jobs."""
    if body.get("cluster_name") not in (None, platform.cluster):
        raise Invalid("cluster_name", f"this platform has one cluster, {platform.cluster}")
    if body.get("org_name") not in (None, platform.org):
        raise Invalid("org_name", f"this platform has one organization, {platform.org}")
    project = body.get("project_name") or user
    if not isinstance(project, str) or "/" in project:
        raise Invalid("project_name", "it has to be a name")
    resource = Resource("job", (platform.cluster, platform.org, project))
    if not platform.permissions.allows(user, resource, Forbidden.WRITE):
        raise Forbidden(resource, Forbidden.WRITE)
    if platform.tier == "process" and user != platform.owner and not platform.trust_users:
        raise Forbidden(
            resource,
            Forbidden.WRITE,
            f"Jobs on this computer run as the system user of {platform.owner} and are not separated from those "
            f"files, so only {platform.owner} may start them. {platform.owner} can allow it to everybody by starting "
            "the platform with --trust-users.",
        )
    return project


def _resources(body: dict[str, Any], container: dict[str, Any]) -> tuple[str | None, float, int, int]:
    """Preset, cores, bytes of memory, GPUs."""
    name = body.get("preset_name")
    resources = container.get("resources")
    if name is None and isinstance(resources, dict) and "cpu" in resources:
        cpu = _number(resources.get("cpu"), "resources.cpu")
        memory = _number(resources.get("memory"), "resources.memory")
        gpu = resources.get("nvidia_gpu") or 0
        if cpu is None or memory is None or not isinstance(gpu, int) or gpu < 0:
            raise Invalid("resources", "cpu and memory are needed")
        return None, cpu, int(memory), gpu
    known = presets()
    for preset in known:
        if preset["name"] == name:
            return (
                str(name),
                float(preset["cpu"]),
                int(preset["memory"]),
                int(preset.get("nvidia_gpu", {}).get("count", 0)),
            )
    choice = ", ".join(preset["name"] for preset in known)
    problem = "a preset is needed" if name is None else f"there is no preset {name!r}"
    raise Invalid("preset_name", f"{problem}. Choose one of {choice}.")


def _name(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) not in NAME_LENGTH or not NAME.fullmatch(value):
        raise Invalid(
            "name",
            f"{value!r} cannot be a job's name: 3 to 40 small letters, digits and single hyphens between them, "
            "with a letter first.",
        )
    if re.fullmatch(r"job-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        raise Invalid("name", "it looks like the ID of a job")
    return value


def _tags(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_TAGS:
        raise Invalid("tags", f"a list of at most {MAX_TAGS} tags is needed")
    for tag in value:
        if not isinstance(tag, str) or not 0 < len(tag) <= MAX_TAG or re.search(r"[\s\0]", tag):
            raise Invalid("tags", f"{tag!r} cannot be a tag: 1 to {MAX_TAG} characters without spaces")
    return sorted(set(value))


def _env(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MAX_VARIABLES:
        raise Invalid("env", f"an object of at most {MAX_VARIABLES} variables is needed")
    for name, text in value.items():
        if not ENV_NAME.fullmatch(name) or len(name) > MAX_TAG:
            raise Invalid(
                f"env.{name[:MAX_TAG]}", "a variable's name has letters, digits and _ . - and no digit first"
            )
        if not isinstance(text, str) or "\0" in text:
            raise Invalid(f"env.{name}", "the value has to be a text")
        if len(text.encode("utf-8", "surrogateescape")) > MAX_ARGUMENT - len(name) - 1:
            raise Invalid(f"env.{name}", f"the value is longer than the system allows ({MAX_ARGUMENT} bytes)")
    if sum(len(name) + len(text.encode()) for name, text in value.items()) > MAX_ENV:
        raise Invalid(
            "env", f"all variables together are longer than {MAX_ENV // 1024} KiB: put the data into a file"
        )
    return dict(value)


def _http(value: Any) -> dict[str, Any] | None:
    """The port of a job's web page. The official client asks for port 80 unless told otherwise, so this is no error,
    though nothing leads there: such a job has no ``http_url``."""
    if value is None:
        return None
    port = value.get("port") if isinstance(value, dict) else None
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise Invalid("http", "a port from 1 to 65535 is needed")
    return {"port": port, "requires_auth": _flag(value.get("requires_auth"), "http.requires_auth")}


def _life(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 10**8:
        raise Invalid("max_run_time_minutes", "a whole number of minutes is needed, at least 1")
    return value


def _flag(value: Any, field: str) -> bool:
    if not isinstance(value, bool | None):
        raise Invalid(field, "true or false is needed")
    return bool(value)


def _number(value: Any, field: str) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 2**63:
        raise Invalid(field, "a number above 0 is needed")
    return float(value)


def _text(value: Any, field: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise Invalid(field, f"a text of at most {MAX_TEXT} characters is needed")
    return value
