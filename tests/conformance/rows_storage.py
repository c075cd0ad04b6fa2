"""Files: the commands and their twins below ``apolo storage``."""

from __future__ import annotations

from .table import Scenario, Stage, refuse


def act(stage: Stage) -> None:
    """Every operation under both of its names; a colleague sees nothing of it."""
    bob, alice, table = stage.bob, stage.alice, stage.table
    bob.file("folder/a.txt", b"a")
    bob.file("folder/sub/b.txt", b"b")
    for number, prefix in enumerate(([], ["storage"])):
        top = f"storage:files{number}"
        bob(*prefix, "mkdir", "-p", f"{top}/made")
        bob(*prefix, "cp", "-r", "folder", f"{top}/folder")
        bob(*prefix, "mv", f"{top}/folder/a.txt", f"{top}/made/moved.txt")
        assert bob.lines(*prefix, "ls", f"{top}/made") == ["moved.txt"]
        bob(*prefix, "cp", f"{top}/made/moved.txt", f"got{number}")
        assert (bob.home / f"got{number}").read_bytes() == b"a"
        bob(*prefix, "rm", "-r", f"{top}/made")
        assert bob.lines(*prefix, "ls", top) == ["folder"]
        full = f"storage://default/local/bob/files{number}/folder/sub"
        for words in (["ls", full], ["rm", "-r", full], ["cp", f"{full}/b.txt", "stolen"]):
            refuse(alice, [*prefix, *words], "files")
        assert bob.lines(*prefix, "ls", f"{top}/folder/sub") == ["b.txt"]
    found = "storage://default/local/bob/files1/folder/sub/b.txt"
    assert bob.lines("storage", "glob", "storage:files1/folder/*/*.txt") == [found]
    assert "b.txt" in bob("storage", "tree", "storage:files1").stdout
    assert any(line.startswith("Free: ") for line in bob.lines("storage", "df"))
    for command in ("cp", "ls", "mkdir", "mv", "rm"):
        table.works(f"apolo {command}", f"apolo storage {command}")
    table.works("apolo storage glob", "apolo storage tree")
    table.works("apolo storage df", remark="the disk of this computer, which all projects share")


SCENARIOS = [
    Scenario(
        "storage",
        (
            *(f"apolo {command}" for command in ("cp", "ls", "mkdir", "mv", "rm")),
            *(f"apolo storage {command}" for command in ("cp", "df", "glob", "ls", "mkdir", "mv", "rm", "tree")),
        ),
        act,
    )
]
