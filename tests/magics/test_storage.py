"""``ls``, ``cp``, ``mkdir``, ``rm``, ``mv`` in a real kernel on a real platform."""

from __future__ import annotations

import pytest

from jupyter_neuro.magics.shown import JSON


@pytest.fixture(autouse=True)
def files(kernel):
    kernel.run(
        "import pathlib, shutil\nshutil.rmtree('here', ignore_errors=True)\n"
        "pathlib.Path('here/sub').mkdir(parents=True)\n"
        "pathlib.Path('here/a.txt').write_text('alpha')\n"
        "pathlib.Path('here/sub/b.bin').write_bytes(bytes(range(256)) * 9000)"
    )
    yield
    kernel.run("%neuro rm -r storage:t")


def test_a_folder_goes_there_and_back_unchanged(kernel):
    kernel.run("%neuro mkdir -p storage:t")
    cell = kernel.run("%neuro cp -r here storage:t")
    [shown] = cell.displays
    assert shown[JSON]["files"] == 2 and "here → storage:t" in shown["text/plain"]
    assert kernel.value("_.files") == 2 and kernel.value("_.bytes") == 5 + 256 * 9000
    cell = kernel.run("%neuro cp -r -T storage:t/here back")
    assert not cell.error
    assert kernel.value("pathlib.Path('back/sub/b.bin').read_bytes() == bytes(range(256)) * 9000")
    assert kernel.value("pathlib.Path('back/a.txt').read_text()") == "alpha"


def test_relative_paths_are_meant_from_the_notebooks_folder(kernel):
    kernel.run("import os; os.chdir('here')")
    try:
        assert not kernel.run("%neuro mkdir storage:t\n%neuro cp a.txt storage:t/renamed.txt").error
    finally:
        kernel.run("os.chdir('..')")
    assert kernel.value("[f.name for f in get_ipython().run_line_magic('neuro', 'ls storage:t')]") == ["renamed.txt"]


def test_listing_is_a_list_with_sizes(kernel):
    kernel.run("%neuro cp -r -T here storage:t")
    cell = kernel.run("%neuro ls storage:t")
    assert cell.text.splitlines()[0].startswith("sub/") and "5 B" in cell.text and "a.txt" in cell.html
    assert kernel.value("_['a.txt'].size") == 5
    assert (
        kernel.value("[f.name for f in get_ipython().run_line_magic('neuro', 'ls --sort size storage:t')][-1]")
        == "sub"
    )
    assert "sub" in kernel.run("%neuro ls -d storage:t/sub").text


def test_patterns_and_exclusions(kernel):
    kernel.run("%neuro cp -r -T here storage:t --exclude '*.bin'")
    assert kernel.run("%neuro ls storage:t/sub").text.endswith("is empty.")
    kernel.run("%neuro cp 'here/*.txt' -t storage:t/sub")
    assert "a.txt" in kernel.run("%neuro ls storage:t/sub").text
    kernel.run("%neuro rm storage:t/sub/*.txt")
    assert kernel.run("%neuro ls storage:t/sub").text.endswith("is empty.")


def test_moving(kernel):
    kernel.run("%neuro cp -r -T here storage:t\n%neuro mkdir storage:t/into")
    assert "storage://default/local/" in kernel.run("%neuro mv storage:t/a.txt storage:t/c.txt").text
    kernel.run("%neuro mv storage:t/c.txt -t storage:t/into")
    assert "c.txt" in kernel.run("%neuro ls storage:t/into").text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ls storage:t/nowhere", "does not exist"),
        ("ls here", "Did you mean 'storage:here'"),
        ("cp here storage:t", "-r"),
        ("cp nofile storage:t", "nofile"),
        ("cp here/a.txt elsewhere", "storage"),
        ("cp -u --continue here/a.txt storage:t", "contradict"),
        ("mkdir storage:t", "storage"),
        ("rm storage:t", "-r|directory|folder"),
        ("rm storage:t/nowhere", "does not exist"),
        ("ls storage://default/bob/x", "Older documents"),
    ],
)
def test_mistakes_say_what_to_do(kernel, line, said):
    import re

    kernel.run("%neuro mkdir -p storage:t")
    cell = kernel.run(f"%neuro {line}")
    assert re.search(said, cell.said) and len(cell.traceback) < 4
    assert cell.error or "UsageError" in cell.stream
