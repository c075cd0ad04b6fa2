"""What a job can reach: real attempts from inside jobs, with the process tier as the control that they would work."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .jobs import Jobs, need_tier, volume
from .process import PlatformProcess

# tries to read what it is told to, and tells which of it could be read, listed, signalled or changed
ATTACK = r"""
import glob, json, os, subprocess, sys
root, pid = sys.argv[1], int(sys.argv[2])
found = []
def attempt(name, act):
    try:
        if act():
            found.append(name)
    except Exception:
        pass
for name in ("secret", "owner-token", "platform.db", "runtime.json", "audit.log"):
    attempt(name, lambda: open(os.path.join(root, name), "rb").read(1))
attempt("storage", lambda: "private.txt" in os.listdir(os.path.join(root, "storage/local/carol")))
attempt("jobs", lambda: os.listdir(os.path.join(root, "jobs")))
attempt("signal", lambda: os.kill(pid, 0) is None)
attempt("memory", lambda: open(f"/proc/{pid}/environ", "rb").read(1))
attempt("write", lambda: open(os.path.join(root, "planted"), "w"))
attempt("image", lambda: open(os.path.join(sys.prefix, "planted"), "w"))
attempt("shadow", lambda: open("/etc/shadow").read(1))
attempt("home", lambda: os.listdir(os.path.expanduser("~" + "root")) and ".ssh" in os.listdir("/root"))
tries = ["umount", root], ["umount", "-l", root], ["mount", "--bind", "/usr", root], ["chroot", "/proc/1/root"]
for words in tries:
    subprocess.run(["unshare", "--user", "--map-root-user", "--mount", *words], capture_output=True)
attempt("unmounted", lambda: open(os.path.join(root, "secret"), "rb").read(1))
for process in glob.glob("/proc/[0-9]*"):
    attempt("root of " + process, lambda: open(process + "/root" + root + "/secret", "rb").read(1))
print(json.dumps(sorted(set(found))))
"""


def attack(jobs: Jobs, **more: object) -> list[str]:
    """What the attack could do."""
    process = jobs.platform.process
    assert process is not None
    words = ["python", "-c", ATTACK, str(jobs.platform.root), str(process.pid)]
    job, log = jobs.run(shlex.join(words), **more)
    assert job["status"] == "succeeded", log
    found: list[str] = json.loads(log.splitlines()[-1])
    return found


@pytest.fixture(params=["elsewhere", "inside the image"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Where the platform keeps its things; a Jupyter data directory may well lie in the environment's prefix."""
    if request.param == "elsewhere":
        yield tmp_path / "platform"
        return
    folder = Path(tempfile.mkdtemp(prefix="share-", dir=sys.prefix))
    yield folder / "platform"
    shutil.rmtree(folder)


@pytest.fixture(params=["sandbox", "process"])
def alice_and_tier(place: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Jobs, str]]:
    need_tier(request.param)
    platform = PlatformProcess(place, "--tier", request.param, "--trust-users").start()
    try:
        carol = Jobs(platform, platform.add_user("carol"), "carol")
        carol.put("private.txt", b"private")
        yield Jobs(platform, platform.add_user("alice"), "alice"), request.param
    finally:
        platform.close()


def test_a_job_reaches_neither_secrets_nor_other_users(alice_and_tier: tuple[Jobs, str]) -> None:
    alice, tier = alice_and_tier
    found = attack(alice)
    if tier == "sandbox":
        assert found == []
    else:
        assert {"secret", "owner-token", "storage", "signal"} <= set(found), "the attempts themselves work"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    need_tier("sandbox")
    running = PlatformProcess(tmp_path_factory.mktemp("sandbox") / "platform", "--tier", "sandbox").start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def alice(sandbox: PlatformProcess) -> Jobs:
    return Jobs(sandbox, sandbox.add_user("alice"), "alice")


def test_a_link_in_storage_leads_nowhere(sandbox: PlatformProcess, alice: Jobs) -> None:
    Jobs(sandbox, sandbox.add_user("dave"), "dave").put("private.txt", b"private")
    own = alice.mkdir("links")
    target = sandbox.root / "storage/local/dave"
    job, log = alice.run(
        f"bash -c 'ln -s {target} /project/links/dave; ln -s {sandbox.root} /project/links/root; "
        "cat /project/links/dave/private.txt /project/links/root/secret'",
        volumes=[volume(own, "/project/links")],
    )
    assert job["status"] == "failed" and log.count("No such file") == 2
    for name in ("dave", "root", "root/jobs"):
        assert "does not exist" in alice.refused(volumes=[volume(f"{own}/{name}", "/project/d")])


def test_a_volume_that_becomes_a_link_while_waiting_is_not_followed(sandbox: PlatformProcess, alice: Jobs) -> None:
    uri = alice.mkdir("swap")
    busy = alice.wait(alice.submit("sleep 60", preset_name="cpu-large"), "running")
    waiting = alice.submit("ls /project/s", volumes=[volume(uri, "/project/s")])
    folder = sandbox.root / "storage/local/alice/swap"
    folder.rmdir()
    folder.symlink_to(sandbox.root)
    alice.kill(busy["id"])
    over = alice.wait(waiting)
    assert (over["status"], over["history"]["reason"]) == ("failed", "ContainerCannotRun")
    assert "secret" not in alice.log(over)


def test_the_kernels_knobs_cannot_be_turned(alice: Jobs) -> None:
    """As user 0, without any capability, one could still name a program that the kernel runs outside."""
    knobs = Path("/proc/sys/kernel/domainname")
    before = knobs.read_text()
    script = (
        "import os, pathlib\n"
        "for top, _, names in os.walk('/proc/sys'):\n"
        "    for path in (pathlib.Path(top, name) for name in names):\n"
        "        if os.access(path, os.W_OK):\n"
        "            print('may be written:', path)\n"
        "pathlib.Path('/proc/sys/kernel/domainname').write_text('turned')\n"
    )
    job, log = alice.run(shlex.join(["python", "-c", script]))
    assert (job["status"] == "failed" and "Read-only file system" in log) or "Permission denied" in log, log
    assert "may be written" not in log
    assert knobs.read_text() == before


def test_a_read_only_volume_cannot_be_written(alice: Jobs) -> None:
    uri = alice.mkdir("fixed")
    alice.put("fixed/a", b"a")
    job, log = alice.run(
        "bash -c 'cat /project/f/a; echo x > /project/f/a; rm -f /project/f/a; touch /project/f/b'",
        volumes=[volume(uri, "/project/f", True)],
    )
    assert job["status"] == "failed" and log.count("Read-only file system") >= 2
    assert alice.read("fixed/a") == b"a"


def test_two_jobs_do_not_see_each_other(alice: Jobs) -> None:
    first = alice.wait(alice.submit("bash -c 'echo x > /tmp/mine; sleep 60'"), "running")
    job, log = alice.run("bash -c 'ls /tmp /root; ls -d /proc/[0-9]*/exe | wc -l'")
    assert job["status"] == "succeeded" and "mine" not in log
    assert int(log.split()[-1]) <= 5, "its own processes alone"
    alice.kill(first["id"])


def test_the_sandboxs_program_does_not_obey_the_jobs_loader_variables(alice: Jobs) -> None:
    _, log = alice.run("true", env={"LD_PRELOAD": "/nowhere/canary.so"})
    assert log.count("canary.so") == 1, "the job's own program complains, and no other"


def test_nothing_is_mounted_over_the_image(alice: Jobs) -> None:
    uri = alice.mkdir("over")
    for mount in (
        "/",
        "/usr",
        "/usr/share/x",
        "/etc",
        "/etc/ssl/x",
        "/proc",
        "/dev/x",
        "/bin",
        sys.prefix,
        f"{sys.prefix}/x",
    ):
        assert alice.refused(volumes=[volume(uri, mount)]).startswith("volumes.0: nothing can be mounted"), mount
