"""Filter, order and paging of jobs, and the picture that the poller fills: no server needed."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_neuro.errors import BadRequest, Offline
from jupyter_neuro.schemas import Job
from jupyter_neuro.services.job_list import JobFilter, page
from jupyter_neuro.services.job_model import JobModel

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def job(number: int, status: str = "succeeded", **more) -> Job:
    created = f"2026-01-01T00:{number // 60:02}:{number % 60:02}+00:00"
    return Job(
        id=f"job-{number:08}",
        uri=f"job://c/o/p/job-{number:08}",
        owner="bob",
        status=status,
        created_at=created,
        image="i",
        **more,
    )


jobs = st.lists(
    st.tuples(st.integers(0, 3000), st.sampled_from(["pending", "running", "succeeded", "failed", "lost"])),
    unique_by=lambda pair: pair[0],
    max_size=60,
)


@given(jobs, st.integers(1, 20))
def test_pages_hold_every_job_once_and_in_order(pairs, limit):
    known = [job(number, status) for number, status in pairs]
    seen: list[Job] = []
    after = None
    while True:
        found = page(known, JobFilter(limit=limit, after=after), NOW)
        assert len(found.items) <= limit
        assert found.total == len(known) and found.hidden == 0
        seen += found.items
        after = found.next
        if after is None:
            break
    assert sorted(each.id for each in seen) == sorted(each.id for each in known)
    ranks = [{"running": 0, "pending": 1}.get(each.status, 2) for each in seen]
    assert ranks == sorted(ranks)
    for before, behind in pairwise(seen):
        if before.status == behind.status:
            assert before.created_at >= behind.created_at


def test_filters():
    known = [
        job(1, name="train", tags=["lr"]),
        job(2, "running", name="eval"),
        job(3, mine=False, name="train"),
        job(4, "pending"),
    ]

    def ids(**more):
        return [each.id for each in page(known, JobFilter(**more), NOW).items]

    assert ids() == ["job-00000002", "job-00000004", "job-00000001"]
    assert ids(owner="shared") == ["job-00000003"]
    assert ids(owner="all", name="train") == ["job-00000003", "job-00000001"]
    assert ids(q="LR") == ["job-00000001"]
    assert ids(q="00000004") == ["job-00000004"]
    assert ids(statuses=("running",)) == ["job-00000002"]
    found = page(known, JobFilter(q="nothing"), NOW)
    assert (found.total, found.hidden, found.running, found.pending) == (0, 3, 1, 1)
    assert found.shared == 1


@pytest.mark.parametrize("more", [{"limit": 0}, {"limit": 1001}, {"after": "x"}, {"after": "5 x"}])
def test_bad_pages(more):
    with pytest.raises(BadRequest):
        page([], JobFilter(**more), NOW)


def test_model_tells_changes_and_never_goes_back():
    model = JobModel()
    assert model.update([job(1, "running")]) == [job(1, "running")]
    version = model.version
    assert model.update([job(1, "running")]) == []
    assert model.version == version
    assert model.update([job(1, "succeeded")])
    assert model.update([job(1, "running")]) == [], "an old answer must not undo the end"
    assert model.active() == set()
    assert [each.id for each in model.remove(["job-00000001", "unknown"])] == ["job-00000001"]


def test_model_keeps_its_picture_when_the_platform_is_gone():
    model = JobModel()
    model.stale(Offline("gone"))
    with pytest.raises(Offline):
        model.page(JobFilter())
    model.update([job(1, "running")])
    found = model.page(JobFilter())
    assert found.stale and found.error == "gone" and len(found.items) == 1
    model.fresh()
    assert not model.page(JobFilter()).stale
