"""How answers look: complete without scripts, everything escaped, narrow enough."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_neuro.magics.job_cards import job_card, job_text, state_text
from jupyter_neuro.magics.job_object import Job
from jupyter_neuro.magics.jobs_objects import Jobs
from jupyter_neuro.magics.logs import LogBuffer, Logs
from jupyter_neuro.magics.session_objects import Invite
from jupyter_neuro.magics.sharing_objects import Given, Grants
from jupyter_neuro.magics.shown import Note
from jupyter_neuro.magics.storage_objects import Listing, Transfer
from jupyter_neuro.schemas import ColleagueInvite, Volume
from jupyter_neuro.schemas import Job as JobData
from jupyter_neuro.services.sharing import Grant
from jupyter_neuro.services.storage import FileInfo

EVIL = "\"><img src=x onerror=alert(1)>'</pre><script>alert(2)</script>\u202e"
WHERE = f"bob{EVIL} · This computer"
NEURO = SimpleNamespace(session=SimpleNamespace(user=f"bob{EVIL}", title="This computer"))
NOW = datetime.now(UTC)


def job(**more) -> JobData:
    """A job that ended, so that showing it asks no platform."""
    values = {
        "id": "job-7f2c91d4-0000-4000-8000-000000000000",
        "uri": "job://default/local/bob/job-7f2c91d4-0000-4000-8000-000000000000",
        "owner": "bob",
        "status": "succeeded",
        "created_at": (NOW - timedelta(seconds=100)).isoformat(),
        "started_at": (NOW - timedelta(seconds=90)).isoformat(),
        "finished_at": (NOW - timedelta(seconds=10)).isoformat(),
        "image": "this-computer",
        "preset": "cpu-small",
    }
    return JobData(**(values | more))


def evil_job(text: str = EVIL) -> JobData:
    return job(
        name=text,
        preset=text,
        owner=text,
        image=text,
        command=text,
        description=text,
        tags=[text],
        reason=text,
        message=text,
        status="failed",
        image_note=text,
        mine=False,
        http_url=text,
        env={text: text},
        volumes=[Volume(text, text, True)],
    )


def ended(data: JobData, **more) -> Job:
    """The object of a job that has ended without a word: showing it asks no platform."""
    shown = Job(NEURO, data, **more)
    shown.learn(data, LogBuffer())
    return shown


def answers(text: str = EVIL) -> list:
    """One of each answer, with hostile text in every place."""
    grant = Grant(text, text, text, text, text)
    file = FileInfo(text, text, 3, NOW.isoformat(), False, text)
    return [
        ended(evil_job(text), details=True, extra=[text]),
        Jobs(NEURO, [evil_job(text)], grants=[Grant(text, evil_job().uri, text)]),
        Jobs(NEURO, [], empty=text),
        Logs([text], job=evil_job(text), total=9, where=text, remark=text),
        Listing([file, msgspec.structs.replace(file, is_dir=True)], folder=text, where=text),
        Listing([], folder=text, where=text),
        Transfer([text], text, text),
        Given(NEURO, grant, extra=text),
        Given(NEURO, grant, taken=True),
        Grants(NEURO, [grant], mine=True),
        Grants(NEURO, [grant], mine=False),
        Note(text, text),
        Note(text, text, page=True),
        Invite(ColleagueInvite(text, text, "http://x a.b.c"), text),
    ]


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.balanced = True
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag


HARMLESS = {"div", "span", "b", "table", "thead", "tbody", "tr", "th", "td", "pre", "svg", "circle", "path", "text"}


@pytest.mark.parametrize("answer", answers(), ids=lambda answer: type(answer).__name__)
def test_hostile_text_stays_text(answer):
    page = Page(answer.html())
    assert page.tags <= HARMLESS, page.tags - HARMLESS
    assert not any(name.startswith("on") or name in {"src", "href"} for name in page.attributes)
    assert page.balanced and not page.open
    msgspec.json.encode(answer.json())


@given(st.text(max_size=30))
def test_no_text_breaks_out_of_a_card(text):
    for answer in answers(text):
        page = Page(answer.html())
        assert page.tags <= HARMLESS and page.balanced and not page.open


def test_cards_are_static_narrow_and_end_with_who_and_where():
    for answer in answers("plain"):
        html = answer.html()
        assert "<script" not in html and "max-width:800px" in html
        assert re.sub("<[^>]+>", "", html).endswith(("plain", "This computer"))
        for variable in re.findall(r"var\(([^)]*)\)?", html):
            assert variable.startswith("--jp-") and "," in variable, "a --jp-* colour with a fall-back"


def test_the_state_is_a_word_and_not_only_a_colour():
    words = {"running": "Running", "cancelled": "Killed", "lost": "Lost", "pending": "Pending"}
    for status, word in words.items():
        assert word in job_card(job(status=status, finished_at=None), [], 0, where="", as_of="")
        assert word.lower() in job_text(job(status=status, finished_at=None), [], 0)


def test_an_unknown_time_or_code_is_not_made_up():
    assert state_text(job(status="failed", started_at=None, finished_at=None)) == "Failed"
    assert state_text(job(status="lost")) == "Lost after 1 min 20 s"
    assert state_text(job(status="failed", exit_code=3)) == "Failed after 1 min 20 s, exit code 3"


def test_the_line_of_an_invitation_is_only_in_its_attribute():
    invite = Invite(ColleagueInvite("alice", "http://127.0.0.1:1", "http://127.0.0.1:1 aaaa.bbbb.cccc"), "bob")
    assert invite.line.endswith("aaaa.bbbb.cccc")
    for form in (invite.html(), invite.text(), repr(invite), str(invite.json())):
        assert "bbbb" not in form


def test_values_of_environment_variables_are_not_saved_with_the_notebook():
    shown = ended(job(env={"API_KEY": "hunter2"}), details=True)
    assert "hunter2" not in shown.html() + shown.text() + str(shown.json()) and "API_KEY" in shown.html()


def test_a_list_of_jobs_is_a_list():
    jobs = Jobs(NEURO, [job(name="train"), job(id="job-11111111-0000-4000-8000-000000000000", name=None)], total=7)
    assert len(jobs) == 2 and jobs[0].name == "train"
    assert jobs["train"] is jobs[0] is jobs["job-7f2c91d4"] is jobs[jobs[0].id]
    assert jobs._neuro_words_() == [each.id for each in jobs]
    with pytest.raises(KeyError):
        jobs["nope"]
    assert "2 of 7" in jobs.html()
    assert jobs.text().splitlines()[0].split() == ["✓", "succeeded", "train", "job-7f2c91d4", "cpu-small", "1", "min"]


def test_a_data_frame_needs_pandas_and_says_so():
    jobs = Jobs(NEURO, [job(name="train")])
    try:
        import pandas
    except ImportError:
        with pytest.raises(ImportError, match="pip install pandas"):
            _ = jobs.df
    else:
        assert isinstance(jobs.df, pandas.DataFrame) and jobs.df.loc[0, "name"] == "train"


def test_who_a_job_is_shared_with_counts_its_name_and_the_whole_project():
    shared = [
        Grant("anna", job().uri, "read"),
        Grant("ben", "job://default/local/bob/train", "write"),
        Grant("carl", "job://default/local/bob", "read"),
        Grant("dora", "job://default/local/bob/tra", "read"),
        Grant("ed", "job://default/local/bobby", "read"),
    ]
    jobs = Jobs(NEURO, [job(name="train")], grants=shared)
    assert [grant.user for grant in jobs.shared_with(jobs[0]._data)] == ["anna", "ben", "carl"]


def test_logs_are_text_with_lines_and_search():
    logs = Logs(["a \x1b[31m1\x1b[0m", "b 2"], job=job(), total=5, where="bob")
    assert logs == "a 1\nb 2" and logs.lines == ["a 1", "b 2"] and "1" in logs
    assert logs.search(r"^b \d") == ["b 2"] and "3 earlier lines" in logs.text()
