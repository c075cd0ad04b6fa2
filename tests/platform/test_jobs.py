"""Jobs through a real platform, in both tiers: what they see, how they end, what is told of them."""

from __future__ import annotations

import os
import shlex
from typing import Any

from .job_fixtures import alice, bob, job_platform, tier  # noqa: F401
from .jobs import Jobs, eventually, volume
from .process import PlatformProcess


def script(text: str) -> str:
    """A command that runs a shell script."""
    return f"bash -c {shlex.quote(text)}"


def statuses(job: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["status"], item["reason"]) for item in job["statuses"]]


def test_a_job_runs_and_its_output_and_history_stay(bob: Jobs) -> None:
    job, log = bob.run(script("echo out; echo err >&2"), name="first-job", tags=["b", "a", "a"], description="what")
    assert sorted(log.splitlines()) == ["err", "out"]
    assert statuses(job) == [("pending", "Creating"), ("running", ""), ("succeeded", "Completed")]
    history = job["history"]
    assert history["exit_code"] == 0 and history["created_at"] <= history["started_at"] <= history["finished_at"]
    assert (job["tags"], job["description"], job["name"]) == (["a", "b"], "what", "first-job")
    assert job["uri"] == f"job://default/local/bob/{job['id']}"
    assert bob.get("first-job")["id"] == job["id"]


def test_exit_codes_come_through(bob: Jobs) -> None:
    failed, _ = bob.run(script("exit 42"))
    assert (failed["status"], failed["history"]["reason"], failed["history"]["exit_code"]) == ("failed", "Error", 42)
    killed, _ = bob.run(script("kill -9 $$"))
    assert killed["history"]["exit_code"] == 137
    assert "SIGKILL" in killed["history"]["description"]


def test_a_missing_program_is_named(bob: Jobs) -> None:
    job, log = bob.run("no-such-program --help")
    sentence = 'command: "no-such-program" was not found in image this-computer'
    assert statuses(job) == [("pending", "Creating"), ("failed", "ContainerCannotRun")]
    assert (job["history"]["exit_code"], job["history"]["description"]) == (127, sentence)
    assert log == f"{sentence}\n"


def test_the_environment_of_jupyter_comes_first(bob: Jobs) -> None:
    _, log = bob.run("python -c 'import sys, psutil, tornado; print(sys.prefix)'")
    assert log.strip() == os.path.dirname(os.path.dirname(os.sys.executable))  # type: ignore[attr-defined]


def test_variables_words_and_working_directory(bob: Jobs, tier: str) -> None:  # noqa: F811
    uri = bob.mkdir("words")
    _, log = bob.run(
        "'{a b}' $HOME '' \\$x",
        entrypoint="printf '<%s>'",
        env={"GREETING": "hello", "QUOTE": "a'b\"c $HOME\n`d`"},
    )
    assert log == "<{a b}><$HOME><><$x>", "no shell touches a command"
    _, log = bob.run(
        "python -c 'import os; print(repr([os.environ[\"QUOTE\"], os.getcwd()]))'",
        env={"QUOTE": "a'b\"c $HOME\n`d`"},
        volumes=[volume(uri, "/project/words")],
        working_dir="/project/words",
    )
    where = "/project/words" if tier == "sandbox" else str(bob.platform.root / "storage/local/bob/words")
    assert log.strip() == repr(["a'b\"c $HOME\n`d`", where])


def test_volumes_are_read_and_written(bob: Jobs) -> None:
    data, results = bob.mkdir("train/data"), bob.mkdir("train/results")
    bob.put("train/data/in.txt", b"1 2 3\n")
    job, log = bob.run(
        script("cp /project/data/in.txt $TARGET/out.txt && mkdir $TARGET/deep && wc -w < /project/results/out.txt"),
        env={"TARGET": "/project/results"},
        volumes=[volume(data, "/project/data", True), volume(results, "/project/results")],
    )
    assert (job["status"], log.strip()) == ("succeeded", "3")
    assert bob.read("train/results/out.txt") == b"1 2 3\n"
    assert job["container"]["volumes"][0] == volume(data, "/project/data", True)


def test_nothing_of_the_platforms_own_environment_reaches_a_job(bob: Jobs) -> None:
    _, log = bob.run("env")
    names = {line.partition("=")[0] for line in log.splitlines()}
    allowed = {"PATH", "HOME", "TMPDIR", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PWD", "NEURO_JOB_ID"}
    assert names <= allowed | {"PYTHONUNBUFFERED", "PYTHONUSERBASE", "VIRTUAL_ENV"}


def test_a_job_has_no_descriptors_and_cannot_gain_rights(bob: Jobs) -> None:
    _, log = bob.run(script("ls /proc/self/fd | wc -l; grep NoNewPrivs /proc/self/status; ps -o sid= -p $$ || true"))
    lines = log.split()
    assert lines[0] == "4", "0, 1, 2 and the one that reads the directory"
    assert lines[1:3] == ["NoNewPrivs:", "1"]


def test_the_environment_is_on_no_command_line(bob: Jobs) -> None:
    job = bob.wait(bob.submit("sleep 60", env={"SECRET": "canary-7c1f"}), "running")
    lines = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                lines.append(file.read())
        except OSError:
            continue
    assert any(job["id"].encode() in line for line in lines), "the supervisor is there to be looked at"
    assert not any(b"canary-7c1f" in line for line in lines)
    bob.kill(job["id"])


def test_kill_tells_the_end_at_once_and_leaves_no_process(bob: Jobs) -> None:
    mark = f"3{os.getpid()}.{os.urandom(3).hex().translate(str.maketrans('abcdef', '012345'))}"
    job = bob.wait(
        bob.submit(script(f"(setsid sleep {mark} &); trap '' TERM; sleep {mark}; sleep {mark}")), "running"
    )
    eventually(lambda: len(running(mark)) >= 2, "the start of the job's processes")
    bob.kill(job["id"])
    now = bob.get(job["id"])
    assert (now["status"], now["history"]["reason"]) == ("cancelled", "UserRequested")
    assert "exit_code" not in now["history"]
    eventually(lambda: not running(mark), "the end of the job's processes")
    bob.kill(job["id"])
    assert statuses(bob.get(job["id"])) == statuses(now)


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


def test_a_job_may_clean_up_when_it_is_killed(bob: Jobs) -> None:
    uri = bob.mkdir("cleanup")
    command = script("trap 'echo saved > /project/c/mark; exit 0' TERM; echo ready; while :; do sleep 0.05; done")
    job = bob.submit(command, volumes=[volume(uri, "/project/c")])
    bob.wait(job, "running")
    eventually(lambda: (bob.platform.root / "jobs" / job["id"] / "log").read_bytes() == b"ready\n", "the first line")
    bob.kill(job["id"])
    saved = bob.platform.root / "storage/local/bob/cleanup/mark"
    eventually(lambda: saved.exists() and saved.read_text() == "saved\n", "the job's last act")


def test_background_processes_end_with_the_job(bob: Jobs) -> None:
    mark = f"4{os.getpid()}.5"
    job, _ = bob.run(script(f"(setsid sleep {mark} &) ; (sleep {mark} &) ; echo over"))
    assert job["status"] == "succeeded"
    assert not running(mark)


def test_a_repeated_submit_tag_is_one_job(bob: Jobs) -> None:
    tags = ["neuro-submit:0123456789", "mine"]
    first = bob.submit("sleep 60", tags=tags)
    again = bob.submit("sleep 60", 200, tags=tags)
    assert again["id"] == first["id"] and first["tags"] == ["mine", "neuro-submit:0123456789"]
    bob.kill(first["id"])
    assert bob.submit("sleep 60", 200, tags=tags)["id"] == first["id"], "also when it is over"
    assert len(bob.list("tag=neuro-submit:0123456789")) == 1


def test_names_are_unique_among_active_jobs_and_mean_the_latest(bob: Jobs) -> None:
    first = bob.submit("sleep 60", name="trainer")
    assert bob.refused(name="trainer") == (
        f"name: there is an active job named 'trainer' in this project: {first['id']}"
    )
    bob.kill("trainer")
    second = bob.submit("true", name="trainer")
    assert bob.get("trainer")["id"] == second["id"] != first["id"]
    assert [job["id"] for job in bob.list("name=trainer&reverse=1")] == [second["id"], first["id"]]
    bob.wait(second)


def test_a_foreign_image_is_mapped_and_it_is_said(bob: Jobs) -> None:
    job, log = bob.run("echo hello", image="ufoym/deepo:latest")
    note = "host system instead of ufoym/deepo"
    assert job["container"]["image"] == "ufoym/deepo:latest"
    assert job["image_note"] == job["statuses"][0]["description"] == note
    assert log.splitlines() == [f"[{note}: this platform has no container engine]", "hello"]
    plain, _ = bob.run("true", image="this-computer:latest")
    assert "image_note" not in plain


def test_resources_may_be_given_without_a_preset(bob: Jobs) -> None:
    container = {"image": "this-computer", "command": "true", "resources": {"cpu": 0.1, "memory": 2**28}}
    answer = bob.request("POST", "/jobs", {"container": container, "project_name": "bob", "cluster_name": "default"})
    assert answer.status == 202, answer.body
    job = bob.wait(answer.json)
    assert job["container"]["resources"]["cpu"] == 0.1 and "preset_name" not in job


def test_a_job_that_takes_too_much_memory_is_killed(bob: Jobs) -> None:
    container = {
        "image": "this-computer",
        "command": "python -c 'x = bytearray(300 << 20); input()'",
        "resources": {"cpu": 0.1, "memory": 2**27},
    }
    job = bob.wait(bob.request("POST", "/jobs", {"container": container}).json)
    assert (job["status"], job["history"]["reason"]) == ("failed", "OOMKilled")


def test_full_computer_makes_jobs_wait_their_turn(bob: Jobs) -> None:
    large = bob.wait(bob.submit("sleep 60", preset_name="cpu-large"), "running")
    second = bob.submit("true", preset_name="cpu-large")
    third = bob.submit("true")
    eventually(lambda: len(bob.get(third["id"])["statuses"]) == 2, "the reason for waiting")
    waiting = bob.get(second["id"])
    assert (waiting["status"], waiting["history"]["reason"]) == ("pending", "Scheduling")
    assert "CPU" in waiting["history"]["description"]
    assert bob.request("GET", "/monitoring/capacity").json["cpu-large"] == 0
    bob.kill(large["id"])
    assert bob.wait(second)["status"] == bob.wait(third)["status"] == "succeeded"


def test_a_waiting_job_can_be_killed(bob: Jobs) -> None:
    large = bob.wait(bob.submit("sleep 60", preset_name="cpu-large"), "running")
    waiting = bob.submit("true", preset_name="cpu-large")
    bob.kill(waiting["id"])
    assert statuses(bob.get(waiting["id"]))[-1] == ("cancelled", "UserRequested")
    bob.kill(large["id"])
    assert not (bob.platform.root / "jobs" / waiting["id"] / "started").exists()


def test_users_of_the_process_tier_are_not_separated_so_only_the_owner_starts_jobs(
    alice: Jobs,  # noqa: F811
    tier: str,  # noqa: F811
    job_platform: PlatformProcess,  # noqa: F811
) -> None:
    if tier == "sandbox":
        assert alice.run("echo mine")[1] == "mine\n"
    else:
        assert "--trust-users" in alice.refused(status=403)


def test_lists_filter(bob: Jobs) -> None:
    done, _ = bob.run("true", tags=["filtered", "one"])
    lost, _ = bob.run("false", tags=["filtered"])
    ids = [job["id"] for job in bob.list("tag=filtered")]
    assert ids == [done["id"], lost["id"]]
    assert [job["id"] for job in bob.list("tag=filtered&tag=one")] == [done["id"]]
    assert [job["id"] for job in bob.list("tag=filtered&status=failed&status=running")] == [lost["id"]]
    assert [job["id"] for job in bob.list("tag=filtered&reverse=1&limit=1")] == [lost["id"]]
    since = lost["history"]["created_at"].replace("+", "%2B")
    assert [job["id"] for job in bob.list(f"tag=filtered&since={since}")] == [lost["id"]]
    assert [job["id"] for job in bob.list(f"tag=filtered&until={since}")] == ids
    for query in ("owner=alice", "project_name=alice", "org_name=x", "cluster_name=x", "being_dropped=True"):
        assert bob.list(f"tag=filtered&{query}") == [], query
    assert len(bob.list("tag=filtered&owner=bob&owner=x&project_name=bob&org_name=local&being_dropped=False")) == 2
    plain = bob.request("GET", "/jobs?tag=filtered").json
    assert [job["id"] for job in plain["jobs"]] == ids
    for query in ("status=odd", "limit=0", "limit=x", "since=yesterday"):
        answer = bob.request("GET", f"/jobs?{query}")
        assert (answer.status, answer.error.partition(":")[0]) == (400, query.partition("=")[0])
