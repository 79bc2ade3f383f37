"""What a request asks for: plain values of the right types, or Impossible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from harness.common.errors import Impossible
from harness.goldens.facts import CATEGORIES, NEIGHBOURS, Fact

_MOST_SECONDS = 3600  # that one change can add to the time of a page


def names_in(request: Request) -> tuple[str, str]:
    """The two labellers that an address names."""
    return request.query_params.get("a", ""), request.query_params.get("b", "")


async def asked_of(request: Request) -> Mapping[str, Any]:
    """The object of a request. Raises Impossible for anything else."""
    try:
        asked = await request.json()
    except ValueError:
        raise Impossible("the request is not JSON") from None
    if not isinstance(asked, dict):
        raise Impossible("the request is not a JSON object")
    return asked


def text_in(asked: Mapping[str, Any], key: str) -> str:
    """The text under a key; empty where there is none."""
    value = asked.get(key, "")
    if not isinstance(value, str):
        raise Impossible(f"{key!r} is not a text")
    return value


def numbers_in(asked: Mapping[str, Any], key: str) -> list[int]:
    """The whole numbers under a key, one at least."""
    value = asked.get(key)
    if not isinstance(value, list) or not value or not all(type(number) is int for number in value):
        raise Impossible(f"{key!r} is not a list of numbers")
    return value


def number_in(asked: Mapping[str, Any], key: str) -> int:
    """The whole number under a key."""
    value = asked.get(key)
    if type(value) is not int:
        raise Impossible(f"{key!r} is not a whole number")
    return value


def fact_in(asked: Mapping[str, Any]) -> Fact:
    """The fact that a request has: `category`, `texts`, `times` and `neighbours`."""
    texts, neighbours = asked.get("texts"), asked.get("neighbours", {})
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Impossible("'texts' is not a list of texts")
    if not isinstance(neighbours, dict) or not all(isinstance(text, str) for text in neighbours.values()):
        raise Impossible("'neighbours' is not an object of texts")
    if (category := text_in(asked, "category")) not in CATEGORIES:
        raise Impossible(f"{category!r} is no category of facts")
    known = tuple((name, neighbours[name]) for name in NEIGHBOURS if neighbours.get(name))
    times = number_in(asked, "times") if "times" in asked else 1
    return Fact(category, tuple(texts), times, known)


def seconds_in(asked: Mapping[str, Any]) -> int:
    """For how long somebody looked at the page before this."""
    value = asked.get("seconds", 0)
    return max(0, min(int(value), _MOST_SECONDS)) if isinstance(value, int | float) and value == value else 0


def number_of(text: str | None, otherwise: int) -> int:
    """A whole number in an address."""
    return int(text) if text and text.isascii() and text.removeprefix("-").isdecimal() else otherwise
