"""``run``, ``ps``, ``status``, ``logs``, ``kill`` in a real kernel on a real platform."""

from __future__ import annotations

import pytest

from jupyter_neuro.magics.shown import JSON

HELLO = "this-computer -- echo hello"
FOREVER = "this-computer -- sleep 600"


def test_run_returns_a_job_once_it_was_accepted(kernel):
    cell = kernel.run(f"job = %neuro run -n accepted {FOREVER}\njob")
    assert not cell.error and cell.json["name"] == "accepted" and "This computer" in cell.html
    assert kernel.value("job.status in ('pending', 'running')")
    assert kernel.value("job.id") == cell.json["id"]


def test_the_card_outranks_the_data_in_jupyterlab(kernel):
    """JupyterLab shows ``application/json`` before HTML; so the data go by a type of their own."""
    [result] = kernel.run("%neuro ps -a").results
    assert set(result) == {"text/plain", "text/html", JSON}


def test_wait_shows_the_log_once_and_returns_the_job(kernel):
    cell = kernel.run(f"%neuro run --wait {HELLO}")
    assert not cell.error and not cell.results, "what was shown live is not shown again"
    [card] = cell.displays
    assert "hello" in card["text/plain"] and "succeeded" in card["text/plain"]
    assert kernel.value("_.status") == "succeeded"
    assert kernel.value("_.exit_code") == 0


def test_the_answer_of_wait_is_shown_in_later_cells(kernel):
    kernel.run(f"done = %neuro run --wait {HELLO}")
    assert "hello" in kernel.run("done").text


def test_wait_raises_what_the_end_calls_for(kernel):
    cell = kernel.run("%neuro run --wait this-computer -- bash -c 'echo oh no; exit 3'")
    assert cell.error == "JobFailed" and "exit code 3" in cell.said and "oh no" in cell.displays[0]["text/plain"]
    assert len(cell.traceback) < 4, "a sentence, not forty frames of ours"


def test_a_killed_job_raises_another_error(kernel):
    kernel.run(f"job = %neuro run {FOREVER}\njob.kill()")
    assert kernel.run("job.wait()").error == "JobKilled"
    assert kernel.value("job.status") == "cancelled"


def test_ctrl_c_stops_the_watching_and_not_the_job(kernel):
    kernel.run("job = %neuro run this-computer -- bash -c 'echo started; sleep 600'")
    cell = kernel.run("job.wait()", interrupt_at="started")
    assert cell.error == "StoppedWatching" and "The job goes on" in cell.said
    cell = kernel.run("log = %neuro logs -f $job", interrupt_at="started")
    assert not cell.error and "The job goes on" in cell.said
    assert kernel.value("log.lines") == ["started"]
    assert kernel.value("job.status") == "running"


def test_following_rewrites_one_output(kernel):
    cell = kernel.run("%neuro run --wait this-computer -- bash -c 'for i in 1 2 3 4 5; do echo n$i; sleep .3; done'")
    assert len(cell.displays) == 1 and cell.updates >= 1
    assert all(f"n{index}" in cell.displays[0]["text/html"] for index in range(1, 6))


def test_logs_of_a_running_job_come_at_once_and_say_so(kernel):
    kernel.run("job = %neuro run this-computer -- bash -c 'echo first; sleep 600'")
    kernel.run("import time\nwhile 'first' not in job.logs(): time.sleep(.05)")
    cell = kernel.run("log = %neuro logs $job\nlog")
    assert "first" in cell.text and "still runs" in cell.text
    assert kernel.value("log.search('f.rst')") == ["first"]


def test_grep_keeps_the_lines_that_fit(kernel):
    kernel.run("job = %neuro run --wait this-computer -- bash -c 'echo loss 1; echo acc 2; echo loss 3'")
    cell = kernel.run("%neuro logs $job --grep ^loss")
    assert "loss 1" in cell.text and "acc" not in cell.text and "2 lines of 3" in cell.text
    assert "regular expression" in kernel.run("%neuro logs $job --grep '('").stream


def test_hostile_output_stays_in_its_place(kernel):
    words = r"\033]0;t\007<script>alert(1)</script>\033[31mred\n"
    kernel.run(f"job = %neuro run --wait this-computer -- printf '{words}'")
    cell = kernel.run("job.logs()")
    assert "<script>" not in cell.html and "&lt;script&gt;" in cell.html and "color:#e75c58" in cell.html
    assert kernel.value("str(job.logs())") == "<script>alert(1)</script>red"


def test_ps_lists_what_runs_and_is_a_list(kernel):
    kernel.run(f"job = %neuro run -n listed --tag mark {FOREVER}")
    cell = kernel.run("%neuro ps")
    assert "listed" in cell.text and "listed" in cell.html
    assert kernel.value("[job.name for job in _]") == ["listed"]
    assert kernel.value("_['listed'].id") == kernel.value("job.id")
    assert "listed" not in kernel.run("%neuro ps -s succeeded").said
    assert "listed" in kernel.run("%neuro ps -t mark -n listed -o ME").text
    assert "No job" in kernel.run("%neuro ps -t other").text
    kernel.run("%neuro kill listed")
    assert "listed" not in kernel.run("%neuro ps").text
    assert "cancelled" in kernel.run("%neuro ps -a").text


def test_every_way_to_call_a_verb(kernel):
    for line in ("x = %neuro ps -a", "%neuro -o x ps -a", "x = %apolo job ls --all"):
        kernel.run("x = None")
        assert not kernel.run(line).results
        assert kernel.value("type(x).__name__") == "Jobs"
    assert not kernel.run("%neuro ps -a;").results
    assert kernel.run("x = %neuro ps -a;").error == "" and kernel.value("x is not None")
    assert "Jobs" in kernel.run("from jupyter_neuro import neuro\nprint(type(neuro.ps(all=True)).__name__)").stream
    assert "user" in kernel.run("if True:\n    me = %neuro whoami\nprint(dir(me))").stream


def test_values_of_the_notebook_go_into_the_line(kernel):
    cell = kernel.run(
        "lr = 0.5\njob = %neuro run --wait -e LR=$lr -e TWICE={lr*2} this-computer -- printenv LR TWICE\n"
        "print(job.logs())"
    )
    assert cell.stream.split() == ["0.5", "1.0"]
    assert kernel.run("%neuro status $nothere").error in {"NameError", "UndefinedName"}


def test_nothing_is_expanded_in_the_command(kernel):
    kernel.run("lr = 1\njob = %neuro run --wait this-computer -- bash -c 'lr=2; echo $lr {lr}'")
    assert kernel.value("job.logs().strip()") == "2 {lr}"


def test_a_cells_body_runs_as_a_script(kernel):
    cell = kernel.run("%%neuro run --wait this-computer\nfor i in a b; do\n  echo $i | tr a-z A-Z\ndone\n")
    assert "A\n" in cell.displays[0]["text/plain"] and "B" in cell.displays[0]["text/plain"]
    assert "only run takes" in kernel.run("%%neuro ps\nx").stream


def test_status_shows_the_details(kernel):
    kernel.run(f"job = %neuro run --wait -n detailed -d words -e SECRET=hunter2 {HELLO}")
    cell = kernel.run("%neuro status detailed")
    assert "echo hello" in cell.text and "words" in cell.text and kernel.value("job.uri") in cell.text
    assert "hunter2" not in cell.text + cell.html + str(cell.json)


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        ("status nojob", "NoSuchJob", "no job nojob"),
        ("kill nojob", "NoSuchJob", "no job nojob"),
        (f"run -s nope {HELLO}", "BadRequest", "cpu-micro"),
        (f"run -n A {HELLO}", "BadRequest", "-n"),
        (f"run -v storage:nope:/project/x {HELLO}", "BadRequest", "-v storage:nope"),
        (f"run -v storage::relative {HELLO}", "UsageError", "-v"),
        (f"run -e A-B=1 {HELLO}", "BadRequest", "-e"),
        (f"run --life-span 1s {HELLO}", "BadRequest", "--life-span"),
        ("run image:nope -- true", "BadRequest", "IMAGE"),
        ("pss", "UsageError", "Did you mean 'ps'"),
        ("kill", "UsageError", "IDs or names"),
    ],
)
def test_mistakes_are_one_sentence_that_names_the_word(kernel, line, error, said):
    cell = kernel.run(f"%neuro {line}")
    assert said in cell.said
    assert (cell.error or "UsageError") == error
    assert len(cell.traceback) < 4


def test_two_runs_of_one_name(kernel):
    kernel.run(f"%neuro run --wait -n twice {HELLO};\n%neuro run --wait -n twice {HELLO};")
    for verb in ("kill twice", "share job:twice nobody read", "acl grant job:twice nobody read"):
        cell = kernel.run(f"%neuro {verb}")
        assert cell.error == "AmbiguousJob" and "2 runs" in cell.said and "--latest" in cell.said
    assert "2 runs are called twice" in kernel.run("%neuro status twice").text
    assert "newest" in kernel.run("%neuro logs twice").text
    assert not kernel.run("%neuro kill --latest twice").error


def test_kill_by_a_filter_is_asked_about(kernel):
    kernel.run(f"%neuro run -n one --tag bunch {FOREVER};\n%neuro run -n two --tag bunch {FOREVER};")
    nobody = kernel.run("%neuro kill -t bunch")
    assert "2 jobs" in nobody.stream and "Repeat with -y" in nobody.stream
    assert "Nothing done" in kernel.run("%neuro kill -t bunch", answers=["n"]).text
    assert kernel.value("len(get_ipython().run_line_magic('neuro', 'ps -t bunch'))") == 2
    cell = kernel.run("%neuro kill -t bunch", answers=["y"])
    assert [job["status"] for job in cell.json] == ["cancelled", "cancelled"]


def test_a_foreign_image_is_asked_about_once_and_never_hangs(kernel):
    line = "%neuro run --wait ubuntu:24.04 -- echo on the host"
    refused = kernel.run(line, answers=["n"])
    assert "Nothing was started" in refused.text
    alone = kernel.run(line)
    assert not alone.error and "instead of ubuntu" in alone.said, "without a person it runs, and the card says so"
    agreed = kernel.run(line, answers=["y"])
    assert "on the host" in agreed.said
    again = kernel.run(line, answers=[])
    assert not again.error and "on the host" in again.said


def test_share_at_submit_means_write_and_warns(kernel, alice):
    cell = kernel.run(f"%neuro run -n handed --share alice {FOREVER}")
    assert "alice has write" in cell.text and "--share alice:read" in cell.html
    kernel.run("%neuro kill handed")
    assert "alice has" not in kernel.run(f"%neuro run -n handed --share alice:read {FOREVER}").text
    assert "alice:read" in kernel.run("%neuro ps").text


def test_completion_knows_what_is_there(kernel):
    kernel.run(f"%neuro run -n completed {FOREVER};\n%neuro mkdir -p storage:folder/inner;")
    for before in ("%neuro ", "x = %neuro ", "    %neuro ", "%%neuro ", "%apolo "):
        assert before + "ps" in kernel.complete(before + "p")
    assert "%neuro logs completed" in kernel.complete("%neuro logs comp")
    assert "x = %neuro share job:completed" in kernel.complete("x = %neuro share job:comp")
    assert "%neuro ls storage:folder/" in kernel.complete("%neuro ls storage:fol")
    assert "%neuro run -v storage:folder/inner/" in kernel.complete("%neuro run -v storage:folder/in")
    assert "%neuro run --preset cpu-micro" in kernel.complete("%neuro run --preset cpu-m")
    assert "%neuro run --preset=cpu-micro" in kernel.complete("%neuro run --preset=cpu-m")
    assert "%neuro run this-computer" in kernel.complete("%neuro run th")
    assert "%neuro acl revoke" in kernel.complete("%neuro acl rev")
    assert "%neuro ps --status" in kernel.complete("%neuro ps --sta")
    assert kernel.complete("import o"), "everything else is completed as ever"


def test_plain_ipython_prints_as_it_comes(kernel, platform_root, tmp_path):
    import subprocess
    import sys

    from .conftest import environment

    lines = ["%load_ext jupyter_neuro", f"%neuro run --wait {HELLO}", "%neuro ps", "%neuro pss"]
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--simple-prompt", "--colors=NoColor", "-c", "\n".join(lines)],
        env=environment(tmp_path, platform_root),
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert "\nhello\n" in f"\n{done.stdout}" and "Did you mean 'ps'" in done.stderr + done.stdout
