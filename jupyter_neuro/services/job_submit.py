"""From a new job's form or line to the arguments of the SDK: checks that need no answer of the platform."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from ..errors import BadRequest
from ..schemas import JobSubmit
from .job_view import SUBMIT_TAG

if TYPE_CHECKING:
    import apolo_sdk

# the platform's rule for the name of a job: 3–40 characters
_NAME = re.compile(r"[a-z](?:-?[a-z0-9])*")
_ENV = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USER = re.compile(r"[a-z0-9](?:-?[a-z0-9])*(?:/roles/[a-z0-9-]+)*")
_OLD_URI = re.compile(r"^storage://([^/]+)/([^/]+)/([^/]+)$")


def check(form: JobSubmit, presets: list[str]) -> None:
    """Raise :class:`BadRequest` naming the first wrong field."""
    if form.name is not None and not (3 <= len(form.name) <= 40 and _NAME.fullmatch(form.name)):
        raise BadRequest(
            f"'{form.name}' cannot be the name of a job.",
            field="name",
            hint="3 to 40 small letters, digits and single dashes, a letter first.",
        )
    if form.preset and form.preset not in presets:
        raise BadRequest(
            f"There is no preset '{form.preset}'.", field="preset", hint=f"Choose one of {', '.join(presets)}."
        )
    if not form.image.strip():
        raise BadRequest("The image is missing.", field="image", hint="On this computer: this-computer.")
    _check_command(form)
    for name, value in form.env.items():
        if not _ENV.fullmatch(name):
            raise BadRequest(f"'{name}' cannot be the name of an environment variable.", field="env")
        if "\0" in value:
            raise BadRequest(f"The value of {name} holds a NUL character.", field="env")
    for index, tag in enumerate(form.tags):
        if not tag or re.search(r"\s", tag):
            raise BadRequest(f"'{tag}' cannot be a tag: no spaces.", field=f"tags.{index}")
    for user in form.share:
        if not _USER.fullmatch(user):
            raise BadRequest(f"'{user}' cannot be the name of a user.", field="share")
    if form.life_span is not None and form.life_span < 60:
        raise BadRequest("A life span is at least one minute.", field="life_span")
    _check_volumes(form)


def _check_command(form: JobSubmit) -> None:
    if "\0" in form.command:
        raise BadRequest("The command holds a NUL character.", field="command")
    if not form.shell:
        try:
            shlex.split(form.command)
        except ValueError as exc:
            raise BadRequest(
                f"The command cannot be read: {exc}.",
                field="command",
                hint="A quote is open. Or let a shell run the command.",
            ) from exc


def _check_volumes(form: JobSubmit) -> None:
    mounts: dict[str, int] = {}
    for index, volume in enumerate(form.volumes):
        field = f"volumes.{index}"
        if not volume.storage.startswith("storage:"):
            raise BadRequest(
                f"'{volume.storage}' is not a storage address.", field=field, hint="For example storage:data."
            )
        mount = volume.mount.rstrip("/") or "/"
        if not mount.startswith("/") or mount == "/" or "/../" in f"{mount}/" or ":" in mount:
            raise BadRequest(
                f"'{volume.mount}' cannot be a mount path.",
                field=field,
                hint="An absolute path such as /project/data, without '..' and ':'.",
            )
        if mount in mounts:
            raise BadRequest(f"{mount} is mounted twice.", field=field)
        mounts[mount] = index


def old_uri_hint(text: str, cluster: str, org: str) -> str | None:
    """What to write instead of ``storage://default/bob/x``, an address form that no longer resolves.

    None where ``text`` may be right: its second part is the organisation.
    """
    match = _OLD_URI.match(text)
    if match and match[1] == cluster and match[2] != org:
        return f"Older documents write it so. Today: storage://{cluster}/{org}/{match[2]}/{match[3]}"
    return None


def sdk_arguments(form: JobSubmit, client: apolo_sdk.Client) -> dict[str, Any]:
    """The keyword arguments of ``client.jobs.start``. Raises :class:`BadRequest` naming the wrong field."""
    import apolo_sdk

    try:
        image = client.parse.remote_image(form.image)
    except ValueError as exc:
        raise BadRequest(f"'{form.image}' cannot be read as an image: {exc}.", field="image") from exc
    volumes = []
    for index, item in enumerate(form.volumes):
        try:
            uri = client.parse.str_to_uri(item.storage, allowed_schemes=("storage",))
        except ValueError as exc:
            raise BadRequest(f"'{item.storage}' is not a storage address: {exc}", field=f"volumes.{index}") from exc
        hint = old_uri_hint(item.storage, client.config.cluster_name, client.config.org_name or "")
        if hint:
            raise BadRequest(f"{item.storage} does not resolve.", field=f"volumes.{index}", hint=hint)
        volumes.append(
            apolo_sdk.Volume(storage_uri=uri, container_path=item.mount.rstrip("/"), read_only=item.read_only)
        )
    command = shlex.join(["bash", "-c", form.command]) if form.shell else form.command
    return {
        "image": image,
        "preset_name": form.preset or next(iter(client.config.presets)),
        "command": command or None,
        "name": form.name,
        "description": form.description,
        "tags": [*form.tags, SUBMIT_TAG + form.submit_tag],
        "env": form.env,
        "volumes": volumes,
        "working_dir": form.working_dir,
        "life_span": form.life_span,
    }
