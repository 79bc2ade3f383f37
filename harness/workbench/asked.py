"""What a request asks for: plain values of the right types, or Impossible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from harness.common.errors import Impossible

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


def seconds_in(asked: Mapping[str, Any]) -> int:
    """For how long somebody looked at the page before this."""
    value = asked.get("seconds", 0)
    return max(0, min(int(value), _MOST_SECONDS)) if isinstance(value, int | float) and value == value else 0


def number_of(text: str | None, otherwise: int) -> int:
    """A whole number in an address."""
    return int(text) if text and text.isascii() and text.removeprefix("-").isdecimal() else otherwise
