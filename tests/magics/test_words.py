"""Words and variables of a ``%neuro`` line."""

from __future__ import annotations

import shlex
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.error import UsageError

from jupyter_neuro.magics.words import Word, refuse_operators, split

NAMES = {"jid": "job-1", "ids": ["a", "b"], "n": 3, "d": {"x y": "in"}, "job": Word("w"), "lr": 0.1}


def texts(line: str, names: dict | None = NAMES) -> list[str]:
    return [word.text for word in split(line, names).words]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ps -a", ["ps", "-a"]),
        ("share job:$jid alice read", ["share", "job:job-1", "alice", "read"]),
        ("kill $ids", ["kill", "a", "b"]),
        ("logs {d['x y']}", ["logs", "in"]),
        ("logs {n + 1}", ["logs", "4"]),
        ("run -e LR=$lr img", ["run", "-e", "LR=0.1", "img"]),
        ("cp $jid.csv storage:", ["cp", "job-1.csv", "storage:"]),
        ("x $job.text", ["x", "w"]),
        # what would be silently left alone by IPython's own expansion, or break it
        ("""run -e 'P={"a":1}' $jid""", ["run", "-e", 'P={"a":1}', "job-1"]),
        ('run -e P={"a":1} $jid', ["run", "-e", "P={a:1}", "job-1"]),
        ("cp *.{jpg,png} storage:$jid", ["cp", "*.{jpg,png}", "storage:job-1"]),
        ("x {} {1} {n,n}", ["x", "{}", "{1}", "{n,n}"]),
        ("x $$jid {{n}}", ["x", "$jid", "{n}"]),
        ("x '$jid {n}'", ["x", "$jid {n}"]),
        ('x "$jid {n}"', ["x", "job-1 3"]),
        (r'x \$jid "\$jid"', ["x", "$jid", "$jid"]),
        ("ps # all of them: $nope", ["ps"]),
        ("ls a#b", ["ls", "a#b"]),
        ("x {[j for j in ids]}", ["x", "a", "b"]),
    ],
)
def test_variables_go_in_word_by_word(line, words):
    assert texts(line) == words


def test_a_value_is_never_split_again():
    assert texts("cp $name storage:", {"name": "my file -r"}) == ["cp", "my file -r", "storage:"]


@pytest.mark.parametrize("line", ["kill $nope", "kill {nope}", "kill {nope.id}", 'x "$nope"', "x {n} {nope}"])
def test_an_undefined_name_is_an_error_and_not_a_text(line):
    with pytest.raises(NameError, match="nope"):
        split(line, NAMES)


def test_a_list_inside_a_word_is_refused():
    with pytest.raises(UsageError, match="list of 2"):
        split("logs x$ids", NAMES)


def test_nothing_is_touched_after_the_dashes():
    line = split("run img -- awk '{print $1}' $HOME {n} $nope", NAMES)
    assert [word.text for word in line.words] == ["run", "img"]
    assert [word.text for word in line.command] == ["awk", "{print $1}", "$HOME", "{n}", "$nope"]


@pytest.mark.parametrize("line", ["ps;", "ps ;", "ps ; # and nothing shown", "ps;  "])
def test_a_semicolon_at_the_end_silences(line):
    found = split(line, {})
    assert found.silent and [word.text for word in found.words] == ["ps"]


@pytest.mark.parametrize("line", ["ps ';'", r"ps \;", "ps ;a", 'x "a;"'])
def test_other_semicolons_are_text(line):
    assert not split(line, {}).silent


def test_a_semicolon_after_a_command_is_not_part_of_it():
    found = split('run i -- bash -c "a; b";', {})
    assert found.silent and found.command[-1].text == "a; b" and found.command_text == 'bash -c "a; b"'


@pytest.mark.parametrize("line", ["logs 'a", 'logs "a', "x 'it"])
def test_an_open_quote_is_one_clear_error(line):
    with pytest.raises(UsageError, match="not closed"):
        split(line, {})


@pytest.mark.parametrize("text", ["a && b", "a | b", "a > out.txt", "a ; b"])
def test_shell_operators_in_a_command_are_refused(text):
    with pytest.raises(UsageError, match="no shell runs"):
        refuse_operators(split(f"run i -- {text}", {}).command)


def test_quoted_shell_operators_are_words():
    refuse_operators(split("run i -- bash -c 'a && b' '|'", {}).command)


WORDS = st.lists(st.text(string.printable + "é中", min_size=1), min_size=1)


@given(WORDS)
def test_quoted_words_arrive_as_they_are(words):
    """Whatever a word holds, quoting it as a shell does brings it through, variables off or on."""
    line = shlex.join(words)
    assert [word.text for word in split(f"run i -- {line}", NAMES).command] == words
    # `$name` and braces inside single quotes are no variables
    found = split(line, {})
    assert [word.text for word in found.words] + [word.text for word in found.command or []] == [
        word for index, word in enumerate(words) if word != "--" or "--" in words[:index]
    ]


@given(st.text())
def test_any_text_splits_or_says_why(text):
    try:
        split(text, {})
    except (UsageError, NameError):
        pass


@given(st.text())
def test_any_unfinished_text_splits_for_completion(text):
    found = split(text, None, unfinished=True)
    assert found.open_word is None or isinstance(found.open_word, str)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(min_size=1), min_size=1))
def test_any_value_becomes_one_word(values):
    line = " ".join(f"${name}" for name in values)
    assert texts(line, values) == list(values.values())
