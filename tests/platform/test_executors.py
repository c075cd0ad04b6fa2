"""What executors make of a job, without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_neuro.platform.executors import host_image
from jupyter_neuro.platform.executors.detect import NoSuchTier, detect
from jupyter_neuro.platform.executors.process import ProcessExecutor, Substitution
from jupyter_neuro.platform.executors.sandbox import SandboxExecutor
from jupyter_neuro.platform.executors.view import View
from jupyter_neuro.platform.executors.work import CannotRun, Mount, Work


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/project/data", "/real/d"),
        ("/project/data/a.csv", "/real/d/a.csv"),
        ("--data=/project/data", "--data=/real/d"),
        ("cat /project/data/x>/project/data-raw/y", "cat /real/d/x>/real/raw/y"),
        ("a:/project/data:/project/data/x", "a:/real/d:/real/d/x"),
        ("open('/project/data')", "open('/real/d')"),
        ("/project/database", "/project/database"),
        ("/project/data.old", "/project/data.old"),
        ("/old/project/data", "/old/project/data"),
        ("./project/data", "./project/data"),
        ("/project", "/project"),
        ("", ""),
    ],
)
def test_mount_paths_are_substituted_as_whole_paths(text: str, expected: str) -> None:
    mounts = [
        Mount(Path("/real"), ("d",), "/project/data", True),
        Mount(Path("/real"), ("raw",), "/project/data-raw", False),
    ]
    assert Substitution(mounts)(text) == expected


def test_a_program_is_looked_up_as_the_job_will_see_it(tmp_path: Path) -> None:
    for name in ("bin", "lib", "outside"):
        (tmp_path / name).mkdir()
    for name, mode in (("bin/run", 0o755), ("bin/data", 0o644), ("outside/hidden", 0o755)):
        (tmp_path / name).touch(mode)
    (tmp_path / "bin/up").symlink_to("../lib/real")
    (tmp_path / "lib/real").touch(0o755)
    (tmp_path / "bin/absolute").symlink_to("/app/lib/real")
    (tmp_path / "bin/out").symlink_to(tmp_path / "outside/hidden")
    (tmp_path / "bin/loop").symlink_to("loop")
    view = View({"/app/bin": str(tmp_path / "bin"), "/app/lib": str(tmp_path / "lib")}, {"/b": "app/bin"})
    for name in ("run", "up", "absolute", "/app/bin/run", "/b/run", "bin/run", "./bin/../lib/real"):
        assert view.find_program(name, "/none:/b", "/app") is True, name
    assert view.find_program("data", "/b", "/app") is False
    for name in ("none", "out", "loop", "/bin/sh", str(tmp_path / "bin/run")):
        assert view.find_program(name, "/b", "/app") is None, name


@pytest.mark.parametrize("executor", [SandboxExecutor(Path("/nowhere")), ProcessExecutor()], ids=lambda e: e.tier)
def test_what_is_no_program_is_told_apart(executor: SandboxExecutor | ProcessExecutor, tmp_path: Path) -> None:
    (tmp_path / "script").touch(0o644)
    mounts = [Mount(tmp_path.parent, (tmp_path.name,), "/project", True)]
    for program, code in (("/project/script", 126), ("/project/none", 127), ("none", 127)):
        with pytest.raises(CannotRun) as refused:
            executor.spec(Work("id", [program], tmp_path, mounts=mounts))
        assert refused.value.code == code and f'"{program}"' in str(refused.value)


def test_of_an_editable_project_only_what_can_be_imported_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, packages = tmp_path / "project", tmp_path / "site-packages"
    for folder in ("package", "data", ".git"):
        (project / folder).mkdir(parents=True)
    for file in ("package/__init__.py", "module.py", ".env", "data/secret.csv"):
        (project / file).touch()
    (tmp_path / "mapped").mkdir()
    packages.mkdir()
    (packages / "project.pth").write_text(f"import os; os.getcwd()\n# a comment\n{project}\n/not/there\n")
    (packages / "__editable___x_finder.py").write_text(
        f"MAPPING: dict[str, str] = {{'mapped': {str(tmp_path / 'mapped')!r}}}\n"
    )
    monkeypatch.setattr(host_image.sysconfig, "get_path", lambda name: str(packages))
    assert set(host_image.editable_packages()) == {project / "package", project / "module.py", tmp_path / "mapped"}


def test_the_users_settings_are_no_part_of_the_image() -> None:
    shown = host_image.system_folders()
    assert "/usr" in shown and "/etc/passwd" in shown
    assert not {"/etc", "/etc/shadow", "/etc/ssl", "/etc/ssl/private", "/home", "/root", "/run"} & set(shown)


def test_a_tier_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURO_TIER", "process")
    tier, notes = detect()
    assert tier == "process" and any("not separated" in note for note in notes)
    with pytest.raises(NoSuchTier):
        detect("engine")
