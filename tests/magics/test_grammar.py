"""Flags and arguments, as the command line reads them."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.error import UsageError

from jupyter_neuro.magics.grammar import Given, read
from jupyter_neuro.magics.help import page, summary
from jupyter_neuro.magics.verbs import ALIASES, VERBS, find
from jupyter_neuro.magics.words import split


def parse(line: str) -> Given:
    words = split(line, {})
    verb, rest = find(words.words)
    return read(verb, rest, words)


@pytest.mark.parametrize(
    "line",
    [
        "ps -s failed -n train -a",
        "ps -sfailed -ntrain -a",
        "ps --status failed --name train --all",
        "ps --status=failed --name=train -a",
        "ps -a -s=failed -n train",
        "job ls -a -s failed -n train",
    ],
)
def test_flags_are_written_in_every_form_of_the_command_line(line):
    given = parse(line)
    assert given.many("status") == ["failed"] and given.text("name") == "train" and given.flag("all")


def test_switches_go_together():
    given = parse("cp -rT a storage:b")
    assert given.flag("recursive") and given.flag("no-target-directory")
    assert given.many("sources") == ["a", "storage:b"]


def test_flags_may_stand_after_arguments():
    assert parse("cp a storage:b -r").flag("recursive")


def test_a_switch_can_be_switched_off():
    assert parse("ps --recent-last").values["recent-first"] is False


@pytest.mark.parametrize("line", ["run img -s p -- python a.py -r", "run -s p img python a.py -r"])
def test_the_command_begins_after_the_image(line):
    given = parse(line)
    assert given.word("image") == "img" and given.text("preset") == "p"
    assert [word.text for word in given.command] == ["python", "a.py", "-r"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pss", "no such verb 'pss'. Did you mean 'ps'"),
        ("acl grnt", "Did you mean 'grant'"),
        ("acl", "which of"),
        ("exec job -- ls", "apolo exec"),
        ("ps --statsu x", "Did you mean '--status'"),
        ("ps -s runing", "Did you mean 'running'"),
        ("ps -s", "needs a value"),
        ("ps --all=1", "takes no value"),
        ("ps now", "too many words"),
        ("run", "IMAGE is missing"),
        ("share storage:x alice", "LEVEL is missing"),
        ("share storage:x alice reed", "Did you mean 'read'"),
        ("run --http-port 80 img", "not supported by %neuro yet"),
        ("run --pre cpu img", "no such flag"),
        ("mkdir", "PATHS is missing"),
    ],
)
def test_a_wrong_word_is_named_with_what_to_write(line, said):
    with pytest.raises(UsageError, match=said.replace("'", "['\"]")):
        parse(line)


def test_a_refused_flag_with_the_value_that_holds_anyway_is_fine():
    assert parse("run --restart never --priority normal --no-tty -X img").word("image") == "img"


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_help_from_its_own_table(verb):
    text = page(VERBS[verb])
    assert text.startswith(f"Usage: %neuro {verb}")
    for option in VERBS[verb].options:
        assert option.flags[0] in text
    assert parse(f"{verb} --help").help


def test_the_summary_names_every_verb():
    text = summary(VERBS.values())
    assert all(f"%neuro {name} " in text for name in VERBS if name != "config login-with-token")


def test_other_names_lead_to_verbs():
    assert set(ALIASES.values()) <= set(VERBS)
    assert find(split("storage cp", {}).words)[0] is VERBS["cp"]


@given(st.lists(st.sampled_from(["run", "ps", "-s", "--", "x", "-rT", "--share", "alice:read", "storage:", "'q"])))
def test_any_words_are_read_or_refused_in_one_sentence(words):
    try:
        parse(" ".join(["run", *words]))
    except UsageError as exc:
        assert "\n" not in str(exc)


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1), min_size=2))
def test_a_command_reaches_the_platform_as_its_words(words):
    from jupyter_neuro.magics.job_flags import read_command

    line = shlex.join(words)
    assert shlex.split(read_command(parse(f"run img --shell -- {line}"))) == shlex.split(line) or any(
        not shlex.split(word) for word in words
    )
    quoted = " ".join(f"'{word}'" if "'" not in word else shlex.quote(word) for word in words)
    assert shlex.split(read_command(parse(f"run img -- {quoted}"))) == words
