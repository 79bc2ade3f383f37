"""What plugin files and modules declare, read in a child process: nothing that they do at import reaches this one."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from harness.common.launcher import end, launched
from harness.common.places import worker_file

TIMEOUT = 30.0  # seconds for a page, which the time for loading depends on
_TIMES, _LEAST = 4, 20.0  # as long as a page, and seconds: libraries take longer to load than to use
MEMORY = 2 * 1024**3  # bytes of address space, as for a worker
_MOST = 16_000_000  # bytes of an answer


class Undeclared(Exception):
    """A plugin that cannot be read; the message says why in one line."""


@dataclass(frozen=True)
class DeclaredExtractor:
    """A function that a plugin declares, or that was asked for by name."""

    attribute: str
    """Its name in the module."""
    name: str
    """What it is called."""
    summary: str
    """What it is, in a line."""
    declaration: Mapping[str, Any]
    """The fields of its harness.worker.plugin.Declaration."""


@dataclass(frozen=True)
class Declarations:
    """What a plugin declares."""

    extractors: tuple[DeclaredExtractor, ...]
    """Its extractors; the one that was asked for, if one was and is there."""
    callables: tuple[str, ...]
    """Names of everything that can be called in it."""
    extends: bool
    """Whether it declares something else than extractors: a metric, a dataset format, an operator, a report format."""
    code: tuple[str, ...]
    """Files and folders that its code is in."""


@dataclass(frozen=True)
class _Answer:
    extractors: tuple[DeclaredExtractor, ...] = ()
    callables: tuple[str, ...] = ()
    extends: bool = False
    code: tuple[str, ...] = ()
    error: str = field(default="")


def loading_timeout(timeout: float) -> float:
    """Seconds for loading an extractor of which a page may take `timeout` seconds: four times as many, and at least 20."""
    return max(_TIMES * timeout, _LEAST)


def read_file(path: Path, *, memory: int = MEMORY, timeout: float = TIMEOUT) -> Declarations:
    """What a plugin file declares; read once while the file stays as it is. Raises Undeclared, and OSError for no file.

    memory, timeout: see `read_source`.
    """
    place = path.resolve()
    stat = place.stat()
    found = _read_file(place, (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size), memory, timeout)
    if isinstance(found, Undeclared):
        raise found
    return found


@cache
def _read_file(place: Path, stamp: tuple[int, ...], memory: int, timeout: float) -> Declarations | Undeclared:
    try:
        return read_source(str(place), memory=memory, timeout=timeout)
    except Undeclared as error:
        return error


def read_source(source: str, function: str = "", *, memory: int = MEMORY, timeout: float = TIMEOUT) -> Declarations:
    """What a file or module declares, or its function of this name. Raises Undeclared.

    memory: bytes of address space for the import, 0 for no limit. timeout: seconds for a page, of which `loading_timeout`
    makes those for the import.
    """
    request = json.dumps({"source": source, "function": function, "memory": memory})
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            launched([sys.executable, str(worker_file("declare.py"))], network=False),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            assert process.stdin is not None and process.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(request.encode("ascii") + b"\n")
                process.stdin.flush()
            line = _line(process.stdout.fileno(), loading_timeout(timeout))
            if not line.endswith(b"\n"):
                raise Undeclared(_end(process, stderr))
        finally:
            end(process)
    import msgspec  # only where there is a plugin, since every command imports this module

    try:
        answer = msgspec.json.decode(line, type=_Answer)
    except msgspec.DecodeError as error:
        raise Undeclared(f"what it declares cannot be read: {error}") from None
    if answer.error:
        raise Undeclared(answer.error)
    return Declarations(answer.extractors, answer.callables, answer.extends, answer.code)


def _line(descriptor: int, timeout: float) -> bytes:
    """What is written until the end of a line. Raises Undeclared after so many seconds."""
    data = bytearray()
    deadline = time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not data.endswith(b"\n"):
            if len(data) > _MOST:
                raise Undeclared(f"its declarations are longer than {_MOST:,} bytes")
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise Undeclared(f"importing it took longer than {timeout:g} s")
            read = os.read(descriptor, 1_000_000)
            if not read:
                break
            data += read
    return bytes(data)


def _end(process: subprocess.Popen[bytes], stderr: Any) -> str:
    """How the process ended, with the last line that it said."""
    try:
        code = process.wait(1.0)
    except subprocess.TimeoutExpired:
        return "importing it closed the pipe that its declarations come through"
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    stderr.seek(0)
    said = stderr.read()[-2_000:].decode("utf-8", "replace").strip().splitlines()[-1:]
    return ": ".join([f"its process {how} while it was imported", *said])
