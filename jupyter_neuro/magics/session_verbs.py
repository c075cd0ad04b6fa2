"""``login``, ``logout``, ``whoami``, ``config show``, ``config switch-project``, ``user add|ls|rm``."""

from __future__ import annotations

from IPython.core.error import UsageError

from ..errors import Conflict, NotSignedIn
from ..schemas import SignIn
from .call import Call
from .grammar import Argument, Option, Verb
from .session_objects import Colleagues, Invite, Whoami
from .shown import Note, where

HERE = "this-computer"


def _use_this_computer(call: Call) -> Note:
    """The embedded platform, as its owner, for this kernel. Where the Lab shows it already, that one stays."""
    from ..services.kernel import connector, detached

    state, target = connector().current()
    if state != "ready" or target.kind != "local":
        detached().accounts.use_local()
    return Note(f"{call.neuro.session.user} on this computer: jobs and files stay here.", call.where)


def _login(call: Call) -> Note:
    from ..services.kernel import detached

    url = call.given.text("url")
    if call.given.many("token"):
        raise UsageError("login: a token on the line would be saved with the notebook. It is asked for.")
    if url == HERE:
        return _use_this_computer(call)
    if url is not None and "://" not in url:
        raise UsageError(f"login: {url!r} is not an address. A token is never put on the line: it would be saved.")
    secret = call.screen.secret("Token: " if url else "Sign-in line (address and token): ").strip()
    if not secret:
        return Note("Nothing was typed. The sign-in is as it was.", "not changed")
    form = SignIn(url=url, token=secret) if url else SignIn(line=secret)
    neuro = detached()
    neuro.call(neuro.accounts.sign_in(form))
    return Note(f"Signed in as {call.neuro.session.user}.", call.where)


def _login_with_token(call: Call) -> Note:
    raise UsageError(
        "config login-with-token: a token on the line would be saved with the notebook. "
        "%neuro login URL asks for it; nothing of what you type is saved."
    )


def _logout(call: Call) -> Note:
    from ..services.kernel import detached

    neuro = detached()
    neuro.call(neuro.accounts.sign_out())
    return Note("Signed out. Running jobs go on. %neuro login signs in again.", "signed out")


def _info(call: Call, *, presets: bool) -> Whoami:
    session = call.run(call.neuro.accounts.info())
    if session.state == "signed-out":
        raise NotSignedIn(session.message or "Not signed in.", hint=session.hint or "Sign in: %neuro login")
    if session.state == "failed":
        # ask again for the exception itself, which says more than the session's sentence
        call.run(call.neuro.who())
    return Whoami(session, call.where, presets=presets)


def _whoami(call: Call) -> Whoami:
    return _info(call, presets=False)


def _config_show(call: Call) -> Whoami:
    return _info(call, presets=True)


def _switch_project(call: Call) -> Note:
    name = call.given.word("project")
    call.run(call.neuro.accounts.switch_project(name))
    return Note(f"Project {name} from now on: storage: and job: mean this project.", where(call.neuro))


def _user_add(call: Call) -> Invite | Note:
    name = call.given.word("name")
    try:
        invite = call.run(call.neuro.accounts.add_colleague(name))
    except Conflict:
        if not call.given.flag("exist-ok"):
            raise
        return Note(f"{name} has an account on this computer already.", call.where, {"name": name})
    return Invite(invite, call.where)


def _user_ls(call: Call) -> Colleagues:
    return Colleagues(call.run(call.neuro.accounts.colleagues()), call.where)


def _user_rm(call: Call) -> Note:
    name = call.given.word("name")
    call.run(call.neuro.accounts.remove_colleague(name))
    return Note(f"{name} cannot sign in any more. Jobs and files stay.", call.where, {"removed": name})


VERBS = (
    Verb("whoami", "Say who I am, on which platform and in which project", _whoami, ours=True),
    Verb(
        "login",
        "Sign in; asks for the token, which is not saved with the notebook",
        _login,
        arguments=(Argument("url", optional=True), Argument("token", many=True, optional=True)),
        examples=("%neuro login", "%neuro login https://platform.example/api/v1", "%neuro login this-computer"),
        details=(
            "Without URL it asks for the whole line that a colleague got: address and token.\n"
            "this-computer needs none: the platform that comes with this package, for this kernel."
        ),
    ),
    Verb("logout", "Sign out; running jobs go on", _logout),
    Verb("config show", "Say who and where I am, and which machines there are", _config_show),
    Verb(
        "config switch-project",
        "Make another project the current one",
        _switch_project,
        arguments=(Argument("project", complete="project"),),
    ),
    Verb(
        "config login-with-token",
        "Not in a notebook: see login",
        _login_with_token,
        arguments=(Argument("token", many=True, optional=True),),
    ),
    Verb(
        "user add",
        "Give a colleague an account on this computer",
        _user_add,
        arguments=(Argument("name"),),
        options=(Option(("--exist-ok",), "No error where the name has an account already", ours=True),),
        ours=True,
        examples=("invite = %neuro user add alice",),
    ),
    Verb("user ls", "List the accounts of this computer", _user_ls, ours=True),
    Verb(
        "user rm",
        "End an account of this computer; jobs and files stay",
        _user_rm,
        arguments=(Argument("name", complete="user"),),
        ours=True,
    ),
)
