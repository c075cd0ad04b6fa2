"""Two people on one computer: a colleague is added, signs in with the line, and is told when it is over."""

from __future__ import annotations

import re

from playwright.sync_api import expect

SIDEBAR = "#jp-neuro-sidebar"


def _command(page, name: str) -> None:
    # a command with a dialog ends with the dialog: not waited for
    page.evaluate(f"void window.jupyterapp.commands.execute('{name}')")


def test_add_a_colleague_and_sign_in_with_her_line(open_lab, lab, shot):
    page = open_lab()
    page.evaluate("window.jupyterapp.shell.activateById('jp-neuro-sidebar')")
    sidebar = page.locator(SIDEBAR)
    expect(sidebar).to_contain_text("This computer")
    _command(page, "neuro:add-colleague")
    dialog = page.locator(".jp-Dialog")
    dialog.get_by_label("Name").fill("Bad Name")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    name = f"carol-{lab.tier}"
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Add").click()
    line = dialog.get_by_label("Line with address and token")
    expect(line).to_be_visible()
    words = line.input_value()
    assert words.startswith("http://127.0.0.1:") and len(words.split()) == 2
    shot(page, f"invite-{lab.tier}")
    dialog.get_by_role("button", name="Close").click()
    assert name in lab.cli("user", "ls")

    _command(page, "neuro:sign-in")
    dialog.get_by_label("Line with address and token").fill(words[:-6])
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("token")
    dialog.get_by_label("Line with address and token").fill(words)
    dialog.get_by_role("button", name="Sign in").click()
    expect(sidebar).to_contain_text(name)
    expect(sidebar).to_contain_text("No jobs yet.")
    # the token went to the server and nowhere else
    kept = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie")
    assert words.split()[1] not in kept
    assert words.split()[1] not in page.content()

    _command(page, "neuro:sign-out")
    expect(sidebar).to_contain_text("Not signed in")
    shot(page, f"signed-out-{lab.tier}")
    sidebar.get_by_role("button", name=re.compile("Use this computer")).click()
    expect(sidebar).to_contain_text("This computer")
    expect(sidebar).not_to_contain_text(name)


SUBMIT = """form => fetch('/neuro/api/jobs', {
    method: 'POST',
    headers: {'X-XSRFToken': document.cookie.match(/_xsrf=([^;]+)/)[1]},
    body: JSON.stringify({submit_tag: crypto.randomUUID(), shell: true, ...form})
}).then(answer => answer.json())"""


def test_a_log_goes_on_after_the_server_was_started_again(open_lab, lab):
    page = open_lab()
    form = {"name": f"ticker-{lab.tier}", "command": "for i in $(seq 1 400); do echo tick $i; sleep 0.5; done"}
    job = page.evaluate(SUBMIT, form)
    page.evaluate(f"window.jupyterapp.commands.execute('neuro:show-logs', {{id: '{job['id']}'}})")
    log = page.get_by_role("log")
    expect(log).to_contain_text("tick 3")
    lab.stop()
    lab.start()
    last = int(re.findall(r"tick (\d+)", log.inner_text())[-1])
    expect(log).to_contain_text(f"tick {last + 30}", timeout=60_000)
    page.evaluate(
        "id => fetch(`/neuro/api/jobs/${id}`, {method: 'DELETE', "
        "headers: {'X-XSRFToken': document.cookie.match(/_xsrf=([^;]+)/)[1]}})",
        job["id"],
    )


def test_the_page_says_when_the_platform_or_the_server_is_gone(open_lab, lab):
    page = open_lab()
    page.evaluate("window.jupyterapp.shell.activateById('jp-neuro-sidebar')")
    sidebar = page.locator(SIDEBAR)
    expect(sidebar).to_contain_text("This computer")
    lab.stop()
    try:
        expect(sidebar).to_contain_text(re.compile("Offline|cannot be reached|interrupted"), timeout=60_000)
    finally:
        lab.start()
    expect(sidebar).not_to_contain_text("Offline", timeout=60_000)
