"""The main journey in a real browser: the demo notebook trains in a job, the sidebar shows it, its log opens."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect

SIDEBAR = "#jp-neuro-sidebar"


def test_demo_notebook_to_the_log_of_its_job(open_lab, lab, shot):
    page = open_lab("/tree/notebooks/demo.ipynb")
    sidebar = page.locator(SIDEBAR)
    # it opens by itself on the first start, and says who and where
    expect(sidebar).to_be_visible()
    expect(sidebar).to_contain_text("This computer")
    expect(sidebar).to_contain_text("awesome-project")
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    row = sidebar.get_by_role("row", name=re.compile(r"^digits, Running"))
    expect(row).to_be_visible(timeout=60_000)
    row = sidebar.get_by_role("row", name=re.compile(r"^digits, Succeeded"))
    expect(row).to_be_visible(timeout=120_000)
    # the last cell has run and none failed
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=60_000)
    notebook = page.locator(".jp-Notebook")
    expect(notebook.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)
    expect(notebook.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)
    expect(notebook).to_contain_text("alice")
    assert (lab.project / "results" / "metrics.json").exists()

    row.dblclick()
    page.get_by_role("tab", name="Logs").click()
    log = page.get_by_role("log")
    expect(log).to_contain_text("epoch", timeout=30_000)
    expect(page.get_by_role("toolbar", name="Job digits")).to_contain_text("Succeeded")
    shot(page, f"job-{lab.tier}")
    page.get_by_role("tab", name="Overview").click()
    expect(page.get_by_role("tabpanel", name="Overview")).to_contain_text("/project/data")
    shot(page, f"job-overview-{lab.tier}")

    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", "JupyterLab Dark")
    page.get_by_role("tab", name="Logs").click()
    expect(log).to_contain_text("epoch")
    shot(page, f"job-dark-{lab.tier}")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")


def test_new_job_form_start_watch_kill(open_lab, lab, shot):
    page = open_lab()
    page.evaluate("window.jupyterapp.shell.activateById('jp-neuro-sidebar')")
    sidebar = page.locator(SIDEBAR)
    page.evaluate("window.jupyterapp.commands.execute('neuro:create-job')")
    form = page.get_by_role("form", name="New job")
    expect(form).to_be_visible()
    # nothing is started and the field is named while something is wrong
    form.get_by_label("Job name").fill("Bad Name")
    start = page.get_by_role("button", name=re.compile("to start|Start job"))
    start.click()
    expect(start).to_have_text(re.compile(r"Fix \d fields? to start"))
    name = f"counter-{lab.tier}"
    form.get_by_label("Job name").fill(name)
    form.get_by_label("Command", exact=True).fill("for i in 1 2 3; do echo line $i; done; sleep 600")
    form.get_by_label("run in a shell").check()
    shot(page, f"new-job-{lab.tier}")
    start.dblclick()  # a double click is one job
    log = page.get_by_role("log")
    expect(log).to_contain_text("line 3", timeout=30_000)
    row = sidebar.get_by_role("row", name=re.compile(f"^{name}, Running"))
    expect(row).to_have_count(1)
    shot(page, f"running-{lab.tier}")
    # the view that was opened is the current one; a right click in it must not make it the target of the list's keys
    expect(page.locator(".lm-DockPanel-tabBar .jp-mod-current")).to_contain_text(name)
    digits = sidebar.get_by_role("row", name=re.compile("^digits"))
    log.click(button="right")
    page.keyboard.press("Escape")
    digits.click()
    page.keyboard.press("l")
    expect(page.get_by_role("toolbar", name="Job digits")).to_be_visible()
    row.click()
    page.keyboard.press("Delete")
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text(name)
    dialog.get_by_role("button", name="Cancel").click()
    expect(row).to_be_visible()
    row.click()
    page.keyboard.press("Delete")
    dialog.get_by_role("button", name="Kill").click()
    expect(sidebar.get_by_role("row", name=re.compile(f"^{name}, Killed"))).to_have_count(1, timeout=30_000)


def test_a_refusal_of_the_platform_lands_at_its_field(open_lab, lab):
    page = open_lab()
    page.evaluate("window.jupyterapp.commands.execute('neuro:create-job')")
    form = page.get_by_role("form", name="New job")
    form.get_by_label("Command", exact=True).fill("true")
    form.get_by_role("button", name=re.compile("Add volume")).click()
    form.get_by_label("Storage of volume 1").fill("storage:never-made")
    form.get_by_label("Path in the job of volume 1").fill("/project/data")
    page.get_by_role("button", name="Start job").click()
    expect(form.get_by_role("group", name="Volume 1")).to_contain_text("does not exist", timeout=20_000)
    # the form is kept
    expect(form.get_by_label("Command", exact=True)).to_have_value("true")


def test_filter_and_narrow(open_lab, lab, shot):
    lab_job = lab.cli("platform", "status", "--json")
    assert '"jobs"' in lab_job
    page = open_lab(width=900, height=700)
    page.evaluate("window.jupyterapp.shell.activateById('jp-neuro-sidebar')")
    sidebar = page.locator(SIDEBAR)
    box = sidebar.get_by_role("search").get_by_role("searchbox").or_(sidebar.get_by_placeholder("Filter"))
    box.first.fill("no-such-job-anywhere")
    expect(sidebar).to_contain_text("No job fits this filter.")
    sidebar.get_by_role("button", name="Clear filter").click()
    expect(sidebar.get_by_role("grid").get_by_role("row").nth(1)).to_be_visible()
    shot(page, f"narrow-{lab.tier}")


SAVED = """async ([wanted, unwanted]) => {
    const saved = await window.jupyterapp.serviceManager.workspaces.fetch(window.location.pathname.split('/').pop());
    const text = JSON.stringify(saved.data);
    return wanted.every(each => text.includes(each)) && !text.includes(unwanted);
}"""


def test_reload_brings_back_what_was_open_and_nothing_else(open_lab, lab):
    page = open_lab()
    for text, closed in (("true # closed again", True), ("true # kept", False)):
        page.evaluate("window.jupyterapp.commands.execute('neuro:create-job')")
        form = page.get_by_role("form", name="New job")
        form.get_by_label("Command", exact=True).fill(text)
        if closed:
            page.locator(".lm-DockPanel-tabBar .lm-mod-current .lm-TabBar-tabCloseIcon").click()
            expect(form).to_have_count(0)
    page.evaluate("window.jupyterapp.shell.activateById('jp-neuro-sidebar')")
    page.locator(SIDEBAR).get_by_role("row", name=re.compile("^digits")).dblclick()
    expect(page.get_by_role("toolbar", name="Job digits")).to_be_visible()
    # the Lab writes its state a moment after the last change; the reload must find it written
    end = time.monotonic() + 20
    while not page.evaluate(SAVED, [["true # kept", '"current":"neuro-jobs:job-'], "closed again"]):
        assert time.monotonic() < end, "the state was not saved"
        page.wait_for_timeout(200)
    page.reload()
    page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=20_000)
    tabs = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel")
    expect(tabs.filter(has_text="digits")).to_have_count(1)
    expect(tabs.filter(has_text="New job")).to_have_count(1)
