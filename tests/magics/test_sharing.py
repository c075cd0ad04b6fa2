"""Two users of one computer, each in a kernel of his own."""

from __future__ import annotations


def test_a_colleague_sees_exactly_what_was_shared(kernel, alice):
    assert "alice" in alice.run("%neuro whoami").text
    kernel.run(
        "mine = %neuro run --wait -n private this-computer -- echo secret\n"
        "job = %neuro run --wait -n public-one this-computer -- echo for alice"
    )
    shared = kernel.run("grant = %neuro share job:{job.id} alice read\ngrant")
    assert "alice" in shared.html and "this run" in shared.text
    uri, private = kernel.value("job.uri"), kernel.value("mine.uri")

    assert "for alice" in alice.run(f"%neuro logs {uri}").text
    listed = alice.run("%neuro ps -a --shared").text
    assert "public-one" in listed and "private" not in listed
    assert alice.run(f"%neuro logs {private}").error in {"NoSuchJob", "Forbidden"}
    assert alice.run(f"%neuro kill {uri}").error == "Forbidden"
    assert uri in alice.run("%neuro acl ls job:").text
    assert "alice:read" in kernel.run("%neuro acl ls --shared").text

    taken = kernel.run("grant.revoke()")
    assert "is taken back" in taken.text
    assert alice.run(f"%neuro logs {uri}").error in {"NoSuchJob", "Forbidden"}


def test_a_folder_is_shared_by_level(kernel, alice):
    kernel.run("open('x.txt', 'w').write('x')\n%neuro mkdir -p storage:team\n%neuro cp x.txt storage:team/x.txt")
    owner = kernel.value("get_ipython().run_line_magic('neuro', 'whoami').user")
    there = f"storage:/{owner}/team"
    assert "not shared with you" in alice.run(f"%neuro ls {there}").said
    assert "everything in it" in kernel.run("%neuro share storage:team alice read").text
    assert "x.txt" in alice.run(f"%neuro ls {there}").text
    assert alice.run(f"open('y.txt', 'w').write('y')\n%neuro cp y.txt {there}/y.txt").error
    assert "write" in kernel.run("%neuro share storage:team alice write").text
    assert not alice.run(f"%neuro cp y.txt {there}/y.txt").error
    assert "alice" in kernel.run("%neuro acl revoke storage:team alice").text
    assert "not shared with you" in alice.run(f"%neuro ls {there}").said
    assert kernel.run("%neuro acl revoke storage:team alice").error == "NotFound"


def test_every_run_of_a_name_can_be_shared(kernel, alice):
    for _ in range(2):
        kernel.run("job = %neuro run --wait -n series this-computer -- echo in a series")
    assert "future ones too" in kernel.run("%neuro share job:series alice read --every-run").text
    kernel.run("later = %neuro run --wait -n series this-computer -- echo in a series")
    assert "in a series" in alice.run(f"%neuro logs {kernel.value('later.uri')}").text


def test_what_cannot_be_shared_is_not(kernel):
    for line, said in (
        ("share storage:nothing-there alice read", "does not exist"),
        ("share job:{missing} nobody-here read", "no job"),
        ("share storage: nobody-here read", "user add nobody-here"),
    ):
        cell = kernel.run(f"missing = 'never-run'\n%neuro {line}")
        assert cell.error and said in cell.said


def test_accounts_of_this_computer(kernel):
    cell = kernel.run("invite = %neuro user add carol\ninvite")
    token = kernel.value("invite.line").split()[-1]
    assert "carol" in cell.text and token not in str(cell)
    assert kernel.value("get_ipython().run_line_magic('neuro', 'user ls').names").count("carol") == 1
    assert kernel.run("%neuro user add carol").error == "Conflict"
    assert "already" in kernel.run("%neuro user add carol --exist-ok").text
    assert kernel.run("%neuro user add 'No Name'").error == "BadRequest"
    assert "cannot sign in" in kernel.run("%neuro user rm carol").text


def test_only_the_owner_keeps_accounts(kernel, alice):
    assert alice.run("%neuro user add mallory").error == "Forbidden"


def test_signing_in_needs_a_person_and_a_true_token(kernel, alice):
    assert "nobody is here" in alice.run("%neuro login").stream
    assert "saved" in alice.run("%neuro config login-with-token abc http://x").stream
    url = kernel.value("invite.url") if kernel.value("'invite' in globals()") else "http://127.0.0.1:1/api/v1"
    assert alice.run("%neuro login", answers=[f"{url} aaaa.bbbb.cccc"]).error in {"BadToken", "NotAPlatform"}
    assert "alice" in alice.run("%neuro whoami").text, "the sign-in before stays"


def test_signing_out_and_back_to_this_computer(kernel):
    assert "Signed out" in kernel.run("%neuro logout").text
    assert kernel.run("%neuro ps").error == "NotSignedIn"
    assert kernel.run("%neuro help").results
    assert "on this computer" in kernel.run("%neuro login this-computer").text
    assert not kernel.run("%neuro ps").error


def test_who_and_where(kernel):
    cell = kernel.run("%neuro config show")
    assert "cpu-micro" in cell.text and cell.json["platform"]["kind"] == "local"
    project = cell.json["project"]
    assert f"Project {project}" in kernel.run(f"%neuro config switch-project {project}").text
    assert kernel.run("%neuro config switch-project nowhere").error == "NotFound"
