"""Jobs through a real platform, in both tiers: what they see, how they end, what is told of them."""

from __future__ import annotations

import os
import shlex
import sys
from typing import Any

from .jobs import Jobs, eventually, volume
from .process import PlatformProcess


def script(text: str) -> str:
    """A command that runs a shell script."""
    return f"bash -c {shlex.quote(text)}"


def statuses(job: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["status"], item["reason"]) for item in job["statuses"]]


def test_a_job_runs_and_its_output_and_history_stay(owner: Jobs) -> None:
    job, log = owner.run(script("echo out; echo err >&2"), name="first-job", tags=["b", "a", "a"], description="what")
    assert sorted(log.splitlines()) == ["err", "out"]
    assert statuses(job) == [("pending", "Creating"), ("running", ""), ("succeeded", "Completed")]
    history = job["history"]
    assert history["exit_code"] == 0 and history["created_at"] <= history["started_at"] <= history["finished_at"]
    assert (job["tags"], job["description"], job["name"]) == (["a", "b"], "what", "first-job")
    assert job["uri"] == f"job://default/local/bob/{job['id']}"
    assert owner.get("first-job")["id"] == job["id"]


def test_exit_codes_come_through(owner: Jobs) -> None:
    failed, _ = owner.run(script("exit 42"))
    assert (failed["status"], failed["history"]["reason"], failed["history"]["exit_code"]) == ("failed", "Error", 42)
    killed, _ = owner.run(script("kill -9 $$"))
    assert killed["history"]["exit_code"] == 137
    assert "SIGKILL" in killed["history"]["description"]


def test_a_missing_program_is_named(owner: Jobs) -> None:
    job, log = owner.run("no-such-program --help")
    sentence = 'command: "no-such-program" was not found in image this-computer'
    assert statuses(job) == [("pending", "Creating"), ("failed", "ContainerCannotRun")]
    assert (job["history"]["exit_code"], job["history"]["description"]) == (127, sentence)
    assert log == f"{sentence}\n"


def test_the_environment_of_jupyter_comes_first(owner: Jobs) -> None:
    _, log = owner.run("python -c 'import sys, psutil, tornado; print(sys.prefix)'")
    assert log.strip() == sys.prefix


def test_variables_words_and_working_directory(owner: Jobs, tier: str) -> None:
    uri = owner.mkdir("words")
    _, log = owner.run(
        "'{a b}' $HOME '' \\$x",
        entrypoint="printf '<%s>'",
        env={"GREETING": "hello", "QUOTE": "a'b\"c $HOME\n`d`"},
    )
    assert log == "<{a b}><$HOME><><$x>", "no shell touches a command"
    _, log = owner.run(
        "python -c 'import os; print(repr([os.environ[\"QUOTE\"], os.getcwd()]))'",
        env={"QUOTE": "a'b\"c $HOME\n`d`"},
        volumes=[volume(uri, "/project/words")],
        working_dir="/project/words",
    )
    where = "/project/words" if tier == "sandbox" else str(owner.platform.root / "storage/local/bob/words")
    assert log.strip() == repr(["a'b\"c $HOME\n`d`", where])


def test_volumes_are_read_and_written(owner: Jobs) -> None:
    data, results = owner.mkdir("train/data"), owner.mkdir("train/results")
    owner.put("train/data/in.txt", b"1 2 3\n")
    job, log = owner.run(
        script("cp /project/data/in.txt $TARGET/out.txt && mkdir $TARGET/deep && wc -w < /project/results/out.txt"),
        env={"TARGET": "/project/results"},
        volumes=[volume(data, "/project/data", True), volume(results, "/project/results")],
    )
    assert (job["status"], log.strip()) == ("succeeded", "3")
    assert owner.read("train/results/out.txt") == b"1 2 3\n"
    assert job["container"]["volumes"][0] == volume(data, "/project/data", True)


def test_nothing_of_the_platforms_own_environment_reaches_a_job(owner: Jobs) -> None:
    _, log = owner.run("env")
    names = {line.partition("=")[0] for line in log.splitlines()}
    allowed = {"PATH", "HOME", "TMPDIR", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PWD", "NEURO_JOB_ID"}
    assert names <= allowed | {"PYTHONUNBUFFERED", "PYTHONUSERBASE", "VIRTUAL_ENV"}


def test_a_job_has_no_descriptors_and_cannot_gain_rights(owner: Jobs) -> None:
    _, log = owner.run(
        script("ls /proc/self/fd | wc -l; grep NoNewPrivs /proc/self/status; ps -o sid= -p $$ || true")
    )
    lines = log.split()
    assert lines[0] == "4", "0, 1, 2 and the one that reads the directory"
    assert lines[1:3] == ["NoNewPrivs:", "1"]


def test_the_environment_is_on_no_command_line(owner: Jobs) -> None:
    job = owner.wait(owner.submit("sleep 60", env={"SECRET": "canary-7c1f"}), "running")
    lines = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                lines.append(file.read())
        except OSError:
            continue
    assert any(job["id"].encode() in line for line in lines), "the supervisor is there to be looked at"
    assert not any(b"canary-7c1f" in line for line in lines)
    owner.kill(job["id"])


def test_kill_tells_the_end_at_once_and_leaves_no_process(owner: Jobs) -> None:
    mark = f"3{os.getpid()}.{os.urandom(3).hex().translate(str.maketrans('abcdef', '012345'))}"
    job = owner.wait(
        owner.submit(script(f"(setsid sleep {mark} &); trap '' TERM; sleep {mark}; sleep {mark}")), "running"
    )
    eventually(lambda: len(running(mark)) >= 2, "the start of the job's processes")
    owner.kill(job["id"])
    now = owner.get(job["id"])
    assert (now["status"], now["history"]["reason"]) == ("cancelled", "UserRequested")
    assert "exit_code" not in now["history"]
    eventually(lambda: not running(mark), "the end of the job's processes")
    owner.kill(job["id"])
    assert statuses(owner.get(job["id"])) == statuses(now)


def running(mark: str) -> list[str]:
    """Processes whose last argument is ``mark``."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if mark.encode() in words[1:]:
            found.append(pid)
    return found


def test_a_job_may_clean_up_when_it_is_killed(owner: Jobs) -> None:
    uri = owner.mkdir("cleanup")
    command = script("trap 'echo saved > /project/c/mark; exit 0' TERM; echo ready; while :; do sleep 0.05; done")
    job = owner.submit(command, volumes=[volume(uri, "/project/c")])
    owner.wait(job, "running")
    eventually(
        lambda: (owner.platform.root / "jobs" / job["id"] / "log").read_bytes() == b"ready\n", "the first line"
    )
    owner.kill(job["id"])
    saved = owner.platform.root / "storage/local/bob/cleanup/mark"
    eventually(lambda: saved.exists() and saved.read_text() == "saved\n", "the job's last act")


def test_background_processes_end_with_the_job(owner: Jobs) -> None:
    mark = f"4{os.getpid()}.5"
    job, _ = owner.run(script(f"(setsid sleep {mark} &) ; (sleep {mark} &) ; echo over"))
    assert job["status"] == "succeeded"
    assert not running(mark)


def test_a_repeated_submit_tag_is_one_job(owner: Jobs) -> None:
    tags = ["neuro-submit:0123456789", "mine"]
    first = owner.submit("sleep 60", tags=tags)
    again = owner.submit("sleep 60", 200, tags=tags)
    assert again["id"] == first["id"] and first["tags"] == ["mine", "neuro-submit:0123456789"]
    owner.kill(first["id"])
    assert owner.submit("sleep 60", 200, tags=tags)["id"] == first["id"], "also when it is over"
    assert len(owner.list("tag=neuro-submit:0123456789")) == 1


def test_names_are_unique_among_active_jobs_and_mean_the_latest(owner: Jobs) -> None:
    first = owner.submit("sleep 60", name="trainer")
    assert owner.refused(name="trainer") == (
        f"name: there is an active job named 'trainer' in this project: {first['id']}"
    )
    owner.kill("trainer")
    second = owner.submit("true", name="trainer")
    assert owner.get("trainer")["id"] == second["id"] != first["id"]
    assert [job["id"] for job in owner.list("name=trainer&reverse=1")] == [second["id"], first["id"]]
    owner.wait(second)


def test_a_foreign_image_is_mapped_and_it_is_said(owner: Jobs) -> None:
    job, log = owner.run("echo hello", image="ufoym/deepo:latest")
    note = "host system instead of ufoym/deepo"
    assert job["container"]["image"] == "ufoym/deepo:latest"
    assert job["image_note"] == job["statuses"][0]["description"] == note
    assert log.splitlines() == [f"[{note}: this platform has no container engine]", "hello"]
    plain, _ = owner.run("true", image="this-computer:latest")
    assert "image_note" not in plain


def test_resources_may_be_given_without_a_preset(owner: Jobs) -> None:
    container = {"image": "this-computer", "command": "true", "resources": {"cpu": 0.1, "memory": 2**28}}
    answer = owner.request(
        "POST", "/jobs", {"container": container, "project_name": "bob", "cluster_name": "default"}
    )
    assert answer.status == 202, answer.body
    job = owner.wait(answer.json)
    assert job["container"]["resources"]["cpu"] == 0.1 and "preset_name" not in job


def test_a_job_that_takes_too_much_memory_is_killed(owner: Jobs) -> None:
    container = {
        "image": "this-computer",
        "command": "python -c 'x = bytearray(300 << 20); input()'",
        "resources": {"cpu": 0.1, "memory": 2**27},
    }
    job = owner.wait(owner.request("POST", "/jobs", {"container": container}).json)
    assert (job["status"], job["history"]["reason"]) == ("failed", "OOMKilled")


def test_full_computer_makes_jobs_wait_their_turn(owner: Jobs) -> None:
    large = owner.wait(owner.submit("sleep 60", preset_name="cpu-large"), "running")
    second = owner.submit("true", preset_name="cpu-large")
    third = owner.submit("true")
    eventually(lambda: len(owner.get(third["id"])["statuses"]) == 2, "the reason for waiting")
    waiting = owner.get(second["id"])
    assert (waiting["status"], waiting["history"]["reason"]) == ("pending", "Scheduling")
    assert "CPU" in waiting["history"]["description"]
    assert owner.request("GET", "/monitoring/capacity").json["cpu-large"] == 0
    owner.kill(large["id"])
    assert owner.wait(second)["status"] == owner.wait(third)["status"] == "succeeded"


def test_a_waiting_job_can_be_killed(owner: Jobs) -> None:
    large = owner.wait(owner.submit("sleep 60", preset_name="cpu-large"), "running")
    waiting = owner.submit("true", preset_name="cpu-large")
    owner.kill(waiting["id"])
    assert statuses(owner.get(waiting["id"]))[-1] == ("cancelled", "UserRequested")
    owner.kill(large["id"])
    assert not (owner.platform.root / "jobs" / waiting["id"] / "started").exists()


def test_users_of_the_process_tier_are_not_separated_so_only_the_owner_starts_jobs(
    colleague: Jobs,
    tier: str,
    job_platform: PlatformProcess,
) -> None:
    if tier == "sandbox":
        assert colleague.run("echo mine")[1] == "mine\n"
    else:
        assert "--trust-users" in colleague.refused(status=403)


def test_lists_filter(owner: Jobs) -> None:
    done, _ = owner.run("true", tags=["filtered", "one"])
    lost, _ = owner.run("false", tags=["filtered"])
    ids = [job["id"] for job in owner.list("tag=filtered")]
    assert ids == [done["id"], lost["id"]]
    assert [job["id"] for job in owner.list("tag=filtered&tag=one")] == [done["id"]]
    assert [job["id"] for job in owner.list("tag=filtered&status=failed&status=running")] == [lost["id"]]
    assert [job["id"] for job in owner.list("tag=filtered&reverse=1&limit=1")] == [lost["id"]]
    since = lost["history"]["created_at"].replace("+", "%2B")
    assert [job["id"] for job in owner.list(f"tag=filtered&since={since}")] == [lost["id"]]
    assert [job["id"] for job in owner.list(f"tag=filtered&until={since}")] == ids
    for query in ("owner=alice", "project_name=alice", "org_name=x", "cluster_name=x", "being_dropped=True"):
        assert owner.list(f"tag=filtered&{query}") == [], query
    assert len(owner.list("tag=filtered&owner=bob&owner=x&project_name=bob&org_name=local&being_dropped=False")) == 2
    plain = owner.request("GET", "/jobs?tag=filtered").json
    assert [job["id"] for job in plain["jobs"]] == ids
    for query in ("status=odd", "limit=0", "limit=x", "since=yesterday"):
        answer = owner.request("GET", f"/jobs?{query}")
        assert (answer.status, answer.error.partition(":")[0]) == (400, query.partition("=")[0])
