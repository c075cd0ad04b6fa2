"""The thread where the SDK lives."""

from __future__ import annotations

import asyncio
import os
import sys
import threading

import pytest

from jupyter_neuro.client.worker import Worker


@pytest.fixture
def worker(tmp_path):
    found = Worker("test", tmp_path)
    yield found
    found.stop()
    assert not found.alive


async def _cwd():
    return os.getcwd()


@pytest.mark.skipif(sys.platform != "linux", reason="a thread's own working directory is Linux's")
def test_has_a_working_directory_of_its_own(worker, tmp_path):
    before = os.getcwd()
    assert worker.call(_cwd()) == str(tmp_path)
    assert os.getcwd() == before


def test_exceptions_come_through(worker):
    async def fail():
        raise LookupError("nope")

    with pytest.raises(LookupError):
        worker.call(fail())


def test_leaving_a_stream_closes_it_there(worker):
    closed = threading.Event()

    async def numbers():
        try:
            for number in range(100):
                yield number
        finally:
            closed.set()

    for number in worker.iterate(numbers()):
        if number == 3:
            break
    assert closed.wait(5)


def test_a_slow_reader_slows_the_producer(worker):
    made = []

    async def numbers():
        for number in range(100):
            made.append(number)
            yield number

    async def read():
        stream = worker.stream(numbers())
        found = [await anext(stream) for _ in range(5)]
        await stream.aclose()
        return found

    assert asyncio.run(read()) == [0, 1, 2, 3, 4]
    assert len(made) <= 6


def test_a_wait_that_times_out_cancels_the_work(worker):
    cancelled = threading.Event()

    async def forever():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(TimeoutError):
        worker.call(forever(), timeout=0.05)
    assert cancelled.wait(5)
