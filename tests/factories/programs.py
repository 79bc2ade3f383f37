"""Programs as extractors."""

import shlex
import sys
from pathlib import Path

from factories.extractors import ready
from harness.plugins.runnable import Runnable

# A program that speaks the protocol; what it answers to a page comes from the page: the Python expression after `say:`,
# which is written as it is if it makes bytes.
TOOL = """
import json, sys, time

def send(value):
    line = value if isinstance(value, bytes) else json.dumps(value).encode() + b"\\n"
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()

load = json.loads(sys.stdin.buffer.readline())
send(READY)
for line in sys.stdin.buffer:
    page = json.loads(line)
    text = page["html"] if page["text"] is None else page["text"]
    ok = {"id": page["id"], "outcome": "ok", "text": text}
    before, _, say = text.partition("say:")
    send(eval(say) if say else ok)
"""
READY = {"outcome": "ready", "protocol": 2, "version": "2.7", "runtime": "Tool"}


def command_of(*words: object) -> str:
    return shlex.join(map(str, words))


def program(folder: Path, code: str) -> Runnable:
    """A Python script that speaks the protocol."""
    (folder / "tool.py").write_text(code)
    (runnable,) = ready([f"protocol:{command_of(sys.executable, folder / 'tool.py')}"])
    return runnable


def tool(folder: Path, answer: dict[str, object] = READY) -> Runnable:
    return program(folder, TOOL.replace("READY", repr(answer)))
