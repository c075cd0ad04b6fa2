"""The words of ``run``: volumes, environment, sharing, life span."""

from __future__ import annotations

import pytest
from IPython.core.error import UsageError

from jupyter_neuro.magics.job_flags import read_env, read_shares, read_submit, read_volume
from jupyter_neuro.schemas import VolumeSpec

from .test_grammar import parse


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        ("storage:data:/project/data:ro", VolumeSpec("storage:data", "/project/data", True)),
        ("storage:data:/project/data:rw", VolumeSpec("storage:data", "/project/data", False)),
        # no word at the end means write, as in the command line
        ("storage:data:/project/data", VolumeSpec("storage:data", "/project/data", False)),
        ("storage::/home", VolumeSpec("storage:", "/home", False)),
        ("storage:/other/x:/x:ro", VolumeSpec("storage:/other/x", "/x", True)),
        ("storage://c/o/p/x:/x:ro", VolumeSpec("storage://c/o/p/x", "/x", True)),
    ],
)
def test_volumes_are_read_as_the_command_line_reads_them(text, volume):
    assert read_volume(text) == volume


@pytest.mark.parametrize("text", ["data:/x", "storage:data", "storage:d:/x:r", "secret:k:/x", "disk:d:/x", "/a:/b"])
def test_wrong_volumes_are_refused_with_their_flag(text):
    with pytest.raises(UsageError, match="-v"):
        read_volume(text)


def test_the_command_lines_parser_agrees(tmp_path):
    """The official parser is asked what each form means."""
    from types import SimpleNamespace

    from apolo_sdk._parser import Parser

    config = SimpleNamespace(project_name_or_raise="bob", cluster_name="default", org_name="local")
    parser = Parser._create(config)
    for text in ("storage:data:/project/data:ro", "storage:data:/project/data", "storage:/other/x:/x:rw"):
        theirs, ours = parser.volume(text), read_volume(text)
        assert (theirs.container_path, theirs.read_only) == (ours.mount, ours.read_only)
        assert theirs.storage_uri == parser.str_to_uri(ours.storage)


def test_environment_of_words_files_and_this_process(tmp_path, monkeypatch):
    monkeypatch.setenv("FROM_HERE", "yes")
    (tmp_path / "env").write_text("# comment\nA=1\n\nB=two words\n")
    assert read_env(["B=3", "C=x=y", "FROM_HERE"], [str(tmp_path / "env")]) == {
        "A": "1",
        "B": "3",
        "C": "x=y",
        "FROM_HERE": "yes",
    }


def test_a_missing_environment_file_is_named():
    with pytest.raises(UsageError, match="--env-file nowhere"):
        read_env([], ["nowhere"])


def test_sharing_means_write_and_says_so():
    form, warnings = read_submit(parse("run --share alice --share bob:read img"), None)
    assert form.share == {"alice": "write", "bob": "read"}
    [warning] = warnings
    assert "alice has write" in warning and "--share alice:read" in warning
    with pytest.raises(UsageError, match="level"):
        read_shares(["alice:own"])


@pytest.mark.parametrize(("text", "seconds"), [("1d", 86400), ("1d2h3m4s", 93784), ("0", None), ("90s", 90)])
def test_life_span(text, seconds):
    assert read_submit(parse(f"run --life-span {text} img"), None)[0].life_span == seconds


@pytest.mark.parametrize("text", ["1x", "d", "-1d", "1d 2h", ""])
def test_a_wrong_life_span_is_refused(text):
    with pytest.raises(UsageError, match="time span"):
        read_submit(parse(f"run --life-span '{text}' img"), None)


def test_a_single_quoted_word_is_the_command_line_itself():
    # `apolo run img -- "python a.py"`: one word goes to the platform as it is
    assert read_submit(parse("run img -- 'python a.py'"), None)[0].command == "python a.py"


def test_a_cells_body_is_run_by_a_shell():
    form, _ = read_submit(parse("run img"), "cd /tmp\nls | wc -l\n")
    assert form.shell and form.command == "cd /tmp\nls | wc -l\n"
    with pytest.raises(UsageError, match="body"):
        read_submit(parse("run img -- ls"), "ls")


def test_every_submit_has_a_tag_of_its_own():
    given = parse("run img")
    assert read_submit(given, None)[0].submit_tag != read_submit(given, None)[0].submit_tag
