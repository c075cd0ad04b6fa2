"""A real Python kernel, spoken to as a front end does: what a cell puts out, and how displays are rewritten."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from jupyter_client.manager import KernelManager

from jupyter_neuro.magics.shown import JSON

PATIENCE = 90.0


@dataclass
class Cell:
    """What one cell did. ``displays`` are as they stand at the end; ``updates`` counts the rewritings."""

    results: list[dict[str, Any]] = field(default_factory=list)
    displays: list[dict[str, Any]] = field(default_factory=list)
    stream: str = ""
    error: str = ""
    traceback: list[str] = field(default_factory=list)
    updates: int = 0

    @property
    def text(self) -> str:
        """The plain form of the result."""
        return "\n".join(result["text/plain"] for result in self.results)

    @property
    def html(self) -> str:
        """The HTML form of the result."""
        return "\n".join(result["text/html"] for result in self.results)

    @property
    def json(self) -> Any:
        """The JSON form of the only result."""
        [result] = self.results
        return result[JSON]

    @property
    def said(self) -> str:
        """Everything a reader of the cell sees as text."""
        shown = [display.get("text/plain", "") for display in self.displays]
        return "\n".join([self.text, *shown, self.stream, *self.traceback])


class NotebookKernel:
    """One kernel with an environment of its own."""

    def __init__(self, env: dict[str, str], folder: str) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(env=env, cwd=folder)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self.run("%load_ext jupyter_neuro")

    def run(self, code: str, answers: list[str] | None = None, interrupt_at: str | None = None) -> Cell:
        """Run a cell. ``answers`` for what it asks (none: nobody is there); ``interrupt_at``: Ctrl-C once that text
        is on the screen."""
        waiting = list(answers or [])
        message = self.client.execute(code, allow_stdin=answers is not None, store_history=True)
        cell, places = Cell(), {}
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if waiting and self.client.stdin_channel.msg_ready():
                self.client.get_stdin_msg(timeout=1)
                self.client.input(waiting.pop(0))
            if not self.client.iopub_channel.msg_ready():
                self._pause()
                continue
            found = self.client.get_iopub_msg(timeout=1)
            if found["parent_header"].get("msg_id") != message:
                continue
            kind, content = found["msg_type"], found["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return cell
            self._take(cell, places, kind, content)
            if interrupt_at is not None and interrupt_at in cell.said:
                interrupt_at = None
                self.manager.interrupt_kernel()
        raise TimeoutError(f"the cell did not end: {code}\n{cell.said}")

    def _pause(self) -> None:
        # until the kernel says something or half a tick has gone
        self.client.iopub_channel.socket.poll(20)

    @staticmethod
    def _take(cell: Cell, places: dict[str, int], kind: str, content: dict[str, Any]) -> None:
        if kind == "execute_result":
            cell.results.append(content["data"])
        elif kind == "stream":
            cell.stream += content["text"]
        elif kind == "error":
            cell.error, cell.traceback = content["ename"], content["traceback"]
        elif kind == "display_data":
            places[content.get("transient", {}).get("display_id", "")] = len(cell.displays)
            cell.displays.append(content["data"])
        elif kind == "update_display_data":
            cell.updates += 1
            cell.displays[places[content["transient"]["display_id"]]] = content["data"]

    def value(self, expression: str) -> Any:
        """A value of the kernel, by its ``repr``."""
        import ast

        cell = self.run(f"print(ascii({expression}))")
        assert not cell.error, cell.traceback
        return ast.literal_eval(cell.stream)

    def complete(self, code: str) -> list[str]:
        """What Tab offers at the end of ``code``, each as the whole text it would make."""
        self.client.complete(code)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["msg_type"] == "complete_reply":
                content = reply["content"]
                return [code[: content["cursor_start"]] + match for match in content["matches"]]
        raise TimeoutError("no answer to the completion")

    def stop(self) -> None:
        """End the kernel."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
