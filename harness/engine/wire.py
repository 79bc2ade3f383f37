"""How pages and answers travel between the harness and a worker: docs/protocol.md.

Version 3 has frames: a line of JSON, the head, and raw bytes whose lengths it tells. Version 2 has lines of JSON alone.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from harness.pages.page import Page

_MAX_ANSWER = 256_000_000  # bytes of one answer; more is not text that anybody kept
_MAX_HEAD = 16_000_000  # bytes of the head of a frame, in which lists of files can be long


class BadAnswer(Exception):
    """What a worker wrote is no answer; the message says why."""


class Wire(Protocol):
    """One version of the protocol, as spoken with one worker."""

    def page(self, page: Page, page_id: str, *, wants_text: bool, options: Mapping[str, Any]) -> bytes:
        """The request that gives a worker a page. wants_text: whether the text of an HTML page is sent, too."""

    def answers(self, buffer: bytearray) -> tuple[list[dict[str, Any]], bool]:
        """The answers in a buffer, none as long as the first is not whole, and whether more bytes follow them.

        They are taken out of the buffer. Raises BadAnswer.
        """

    def is_waiting(self, buffer: bytearray) -> bool:
        """Whether there is a part of an answer."""


class Lines:
    """Version 2: one JSON object on one line; `text` of an answer is a string."""

    def page(self, page: Page, page_id: str, *, wants_text: bool, options: Mapping[str, Any]) -> bytes:
        """See Wire."""
        # A JSON string is made and read several times faster than base64.
        content_is_all = page.content.encode("utf-8") == page.raw
        request = {
            "html": page.html,
            "text": page.text if _needs_text(page, wants_text) else None,
            "raw": None if content_is_all else b64encode(page.raw).decode("ascii"),
        }
        return line({**_about(page, page_id, options), **request})

    def answers(self, buffer: bytearray) -> tuple[list[dict[str, Any]], bool]:
        """See Wire."""
        if len(buffer) > _MAX_ANSWER:
            raise _too_long(_MAX_ANSWER)
        if not buffer.endswith(b"\n"):
            return [], False
        lines = [line for line in bytes(buffer).split(b"\n") if line.strip()]
        buffer.clear()
        if not lines:
            raise BadAnswer("the worker's answer is an empty line")
        return [_object(line) for line in lines], False

    def is_waiting(self, buffer: bytearray) -> bool:
        """See Wire."""
        return bool(buffer)


class Frames:
    """Version 3: a head and the bytes behind it; `text` of an answer becomes bytes."""

    def __init__(self) -> None:
        self._head: dict[str, Any] | None = None  # of the frame whose bytes are not all there
        self._start = self._end = 0  # of those bytes

    def page(self, page: Page, page_id: str, *, wants_text: bool, options: Mapping[str, Any]) -> bytes:
        """See Wire."""
        head, parts = _framed(page, wants_text)
        return b"".join([line({**_about(page, page_id, options), **head}), *parts])

    def answers(self, buffer: bytearray) -> tuple[list[dict[str, Any]], bool]:
        """See Wire."""
        found = []
        while (answer := self._take(buffer)) is not None:
            found.append(answer)
        return found, bool(found and buffer)

    def is_waiting(self, buffer: bytearray) -> bool:
        """See Wire."""
        return bool(buffer) or self._head is not None

    def _take(self, buffer: bytearray) -> dict[str, Any] | None:
        """The next answer, taken out of the buffer; None if it is not whole."""
        if self._head is None:
            self._start = buffer.find(b"\n", 0, _MAX_HEAD) + 1
            if not self._start:
                if len(buffer) > _MAX_HEAD:
                    raise _too_long(_MAX_HEAD)
                return None
            self._head = _object(bytes(buffer[: self._start]))
            self._end = self._start + sum(map(_length, _parts(self._head)))
        if len(buffer) < self._end:
            return None
        answer, self._head = self._head, None
        start = self._start
        for part in _parts(answer):
            length = _length(part)
            if part.get("text") is not None:
                part["text"] = bytes(buffer[start : start + length])
            start += length
        del buffer[: self._end]
        return answer


def batch_of(pages: Sequence[Page], batch_id: str, *, wants_text: bool, options: Mapping[str, Any]) -> bytes:
    """The request that gives a worker several pages at once: their heads in one, then the bytes of one after the other."""
    framed = [_framed(page, wants_text) for page in pages]
    heads = [{**_of_page(page), **head} for page, (head, _) in zip(pages, framed)]
    request = line({"id": batch_id, "pages": heads, "options": dict(options)})
    return b"".join([request, *(part for _, parts in framed for part in parts)])


def _framed(page: Page, wants_text: bool) -> tuple[dict[str, int | None], list[bytes]]:
    """What the head of a page says of the bytes behind it, and these."""
    is_html = page.media == "text/html"
    content = page.utf8
    # Turning HTML into text takes as long as many extractors do, so only those made for text are sent it.
    parts = {
        "html": content if is_html else page.html.encode("utf-8"),
        "text": (page.text.encode("utf-8") if is_html else content) if _needs_text(page, wants_text) else None,
        "raw": None if content == page.raw else page.raw,
    }
    lengths = {name: None if part is None else len(part) for name, part in parts.items()}
    return lengths, [part for part in parts.values() if part]


WIRES: Mapping[int, type[Lines] | type[Frames]] = {2: Lines, 3: Frames}
"""By the version of the protocol."""


def line(request: Mapping[str, Any]) -> bytes:
    """A line of JSON."""
    # Half characters can come from addresses and file names; a backslash and their number is how JSON spells them.
    return (json.dumps(request, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _about(page: Page, page_id: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": page_id, **_of_page(page), "options": dict(options)}


def _of_page(page: Page) -> dict[str, Any]:
    return {"media": page.media, "url": page.url, "lang": page.lang}


def _needs_text(page: Page, wants_text: bool) -> bool:
    return wants_text or page.media == "text/plain"


def _object(written: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(written))
    except (ValueError, TypeError, RecursionError):
        raise BadAnswer("the worker's answer is not JSON") from None


def _parts(head: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers that a frame holds: one, or those of a batch."""
    answers = head.get("answers")
    if answers is None:
        return [head]
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise BadAnswer("the worker's answers to a batch are no list of objects")
    return answers


def _length(answer: Mapping[str, Any]) -> int:
    """How many bytes of text follow the head of a frame for an answer, by its field `text`."""
    told = answer.get("text")
    if told is None:
        return 0
    if not isinstance(told, int) or isinstance(told, bool) or told < 0:
        raise BadAnswer("the worker's answer does not tell how many bytes its text has")
    if told > _MAX_ANSWER:
        raise _too_long(_MAX_ANSWER)
    return told


def _too_long(limit: int) -> BadAnswer:
    return BadAnswer(f"the answer is longer than {limit:,} bytes")
