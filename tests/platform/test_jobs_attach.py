"""Attached to a job: input, output by channel, a terminal and its size, the exit code; in both tiers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClientConnection

from .jobs import DEADLINE, Jobs

CHANNELS = "v2.channels.neu.ro"


class Attached:
    """A connection, and what came over it by channel."""

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self.connection = connection
        self.came = {1: b"", 2: b""}
        self.code: int | None = None

    async def until(self, text: bytes, channel: int = 1) -> None:
        while text not in self.came[channel]:
            assert await self.step(), (text, self.came)

    async def end(self) -> None:
        while await self.step():
            pass

    async def step(self) -> bool:
        message = await asyncio.wait_for(self.connection.read_message(), DEADLINE)
        if message is None:
            return False
        assert isinstance(message, bytes)
        if message[0] == 3:
            self.code = json.loads(message[1:])["exit_code"]
        else:
            self.came[message[0]] += message[1:]
        return True

    async def type(self, text: bytes) -> None:
        await self.connection.write_message(b"\0" + text, binary=True)


async def attach(jobs: Jobs, job: dict[str, Any], query: str = "stdin=1&stdout=1&stderr=1") -> Attached:
    connection = await jobs.connect(f"/monitoring/{job['id']}/attach?{query}", subprotocols=[CHANNELS])
    assert connection.selected_subprotocol == CHANNELS
    return Attached(connection)


def test_input_output_errors_and_exit_code(owner: Jobs) -> None:
    job = owner.wait(owner.submit("bash -c 'read a; echo got $a; read b; echo err $b >&2; exit 7'"), "running")

    async def talk() -> Attached:
        attached = await attach(owner, job)
        await attached.type(b"one\n")
        await attached.until(b"got one\n")
        await attached.type(b"two\n")
        await attached.end()
        return attached

    attached = asyncio.run(talk())
    assert (attached.came, attached.code) == ({1: b"got one\n", 2: b"err two\n"}, 7)
    assert owner.wait(job)["history"]["exit_code"] == 7
    assert owner.log(job) == "got one\nerr two\n"
    with pytest.raises(HTTPClientError) as refused:
        asyncio.run(attach(owner, job))
    assert refused.value.code == 404


def test_a_terminal_with_a_size_and_job_control(owner: Jobs) -> None:
    job = owner.wait(owner.submit("bash --norc -i", tty=True, env={"PS1": "@@"}), "running")

    async def talk() -> Attached:
        attached = await attach(owner, job, "tty=1&stdin=1&stdout=1")
        await attached.until(b"@@")
        await attached.connection.write_message(b"\x04" + b'{"height":33,"width":111}', binary=True)
        await attached.type(b"stty size; tty; set -o | grep monitor; exit 5\r")
        await attached.end()
        return attached

    attached = asyncio.run(talk())
    assert b"33 111" in attached.came[1] and b"/dev/" in attached.came[1]
    assert b"monitor" in attached.came[1] and b"no job control" not in attached.came[1]
    assert b"on" in attached.came[1].split(b"monitor")[-1].split(b"\r\n")[0]
    assert attached.code == 5


def test_who_comes_to_an_idle_terminal_sees_its_last_output(owner: Jobs) -> None:
    job = owner.wait(owner.submit("bash --norc -i", tty=True, env={"PS1": "idle@"}), "running")

    async def look() -> bytes:
        first = await attach(owner, job, "tty=1&stdin=1&stdout=1")
        await first.until(b"idle@")
        second = await attach(owner, job, "tty=1&stdin=1&stdout=1")
        await second.until(b"idle@")
        return second.came[1]

    assert b"idle@" in asyncio.run(look())
    owner.kill(job["id"])


def test_nonsense_on_the_wire_ends_neither_job_nor_platform(owner: Jobs) -> None:
    job = owner.wait(owner.submit("bash -c 'read a; echo got $a'"), "running")

    async def talk() -> Attached:
        attached = await attach(owner, job)
        for message in (b"\x04", b"\x04{}", b'\x04{"height":1e9,"width":-1}', b"\x07x", b"\x04[]", b"\x00"):
            await attached.connection.write_message(message, binary=True)
        await attached.connection.write_message("text")
        await attached.type(b"it\n")
        await attached.end()
        return attached

    assert asyncio.run(talk()).came[1] == b"got it\n"


def test_attaching_needs_write(owner: Jobs, colleague: Jobs) -> None:
    job = owner.wait(owner.submit("sleep 60"), "running")
    owner.platform.share(job["uri"], "alice", "read", owner.token)
    with pytest.raises(HTTPClientError) as refused:
        asyncio.run(attach(colleague, job))
    assert refused.value.code == 403
    owner.kill(job["id"])


def test_top_tells_what_a_job_uses(owner: Jobs) -> None:
    job = owner.wait(owner.submit("python -c 'x = bytearray(50 << 20)\nwhile True: pass'"), "running")

    async def sample() -> list[dict[str, float]]:
        connection = await owner.connect(f"/monitoring/{job['id']}/top")
        found = [json.loads(await asyncio.wait_for(connection.read_message(), DEADLINE) or "") for _ in range(3)]
        await asyncio.to_thread(owner.kill, job["id"])
        while await asyncio.wait_for(connection.read_message(), DEADLINE) is not None:
            pass
        return found

    found = asyncio.run(sample())
    assert max(item["cpu"] for item in found) > 0.1
    assert max(item["memory_bytes"] for item in found) > 50 << 20
