"""A language model as an extractor: any service or local server that speaks the OpenAI chat-completions format.

    export LLM_ENDPOINT=http://127.0.0.1:8080/v1 LLM_MODEL=my-model
    harness run -e chat_completions --timeout 300

Waiting for the service counts for the page's deadline, so give it a long one with `--timeout`. Standard library only.

    LLM_ENDPOINT             address of the service; `/chat/completions` is added to it
    LLM_MODEL                the model's name, as the service knows it
    LLM_KEY                  sent as a bearer token; a local server needs none
    LLM_PRICE_IN             price of a million tokens that are sent (default: 0)
    LLM_PRICE_OUT            price of a million tokens that come back (default: 0)
    LLM_REQUESTS_PER_MINUTE  of one worker; `-j N` starts N workers (default: 0: no limit)
    LLM_RETRIES              after the first attempt (default: 4)
    LLM_TIMEOUT              seconds without a sign of the service (default: 60; 0: no limit)
    LLM_MAX_CHARACTERS       of a page; the rest of a longer one is cut off, and the model is told so (default: 200000)
    LLM_LOGPROBS             1: ask for the probabilities of tokens, whose geometric mean becomes the confidence (default: 0)
"""

from __future__ import annotations

import email.utils
import http.client
import json
import math
import os
import random
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from harness import extractor

_WANTED = """\
You are given a web page. Its main content is what a reader came for, such as the body of an article, of a forum thread or
of a product description, without navigation, advertising, lists of related pages, comments, consent dialogs and footers. """
_COPY = """Copy it word for word, in the page's language, as %s. Add nothing of your own. """
_NOTHING = "If the page has no main content, answer with the single word NONE."
TASKS = {
    "text": _WANTED + _COPY % "plain text with one line for each paragraph" + _NOTHING,
    "markdown": _WANTED + _COPY % "Markdown" + _NOTHING,
    "nodes": _WANTED
    + "Each element has a number in its attribute data-node. Answer with the numbers of the elements that make up the main "
    "content, with commas between them, and with nothing else. Name an element instead of all that is in it. " + _NOTHING,
}
CUT = "\n[The page goes on, but the rest is not shown.]"
UNSEEN = re.compile(r"<(script|style|svg)\b.*?</\1\s*>|<!--.*?-->", re.S | re.I)
LONGEST_WAIT = 120.0  # seconds; a service that wants a longer pause is not worth waiting for


@extractor(
    network=True,
    generative=True,
    variants={
        "markdown": {"task": "markdown"},
        "nodes": {"task": "nodes"},
        "creative": {"temperature": 1.0, "seed": None},
    },
    outputs={"markdown": "markdown", "nodes": "nodes"},
    licence="Apache-2.0",
)
def chat_completions(page: Any, task: str = "text", temperature: float = 0.0, seed: int | None = 0) -> str:
    """A language model that is asked to copy the main content, behind any OpenAI-compatible service."""
    service = Service.from_environment()
    content = UNSEEN.sub("", page.numbered_html if task == "nodes" else page.html)
    if len(content) > service.max_characters:
        content = content[: service.max_characters] + CUT
        page.truncated = True
    request = {
        "model": service.model,
        "temperature": temperature,
        "messages": [{"role": "system", "content": TASKS[task]}, {"role": "user", "content": content}],
    }
    if seed is not None:
        request["seed"] = seed
    if service.logprobs:
        request["logprobs"] = True
    answer = complete(service, request, page)
    page.add_cost(service.cost(answer))
    page.add_tokens(*tokens(answer))
    try:
        choice = answer["choices"][0]
        text = choice["message"]["content"]
    except (LookupError, TypeError):
        text = None
    else:
        page.truncated = page.truncated or choice.get("finish_reason") == "length"
        page.confidence = confidence(choice)
    if not isinstance(text, str):
        raise ServiceError(f"the answer holds no text: {service.excerpt(json.dumps(answer))}")
    return "" if text.strip() == "NONE" else text


class ServiceError(Exception):
    """The service could not be asked, or gave no answer that is of use. Its message never holds the key."""


class Transient(ServiceError):
    """A failure that may pass; `pause` is how many seconds the service wants to be left alone, if it said so."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


@dataclass(frozen=True)
class Service:
    """Whom to ask, and how. Prices are for a million tokens."""

    endpoint: str
    model: str
    key: str = field(repr=False)
    price_in: float
    price_out: float
    requests_per_minute: float
    retries: int
    timeout: float
    max_characters: int
    logprobs: bool

    @classmethod
    def from_environment(cls) -> Service:
        """The service that the environment variables describe. Raises ServiceError if they do not."""
        endpoint, model, key = (os.environ.get(name, "").strip() for name in ("LLM_ENDPOINT", "LLM_MODEL", "LLM_KEY"))
        if not endpoint.startswith(("http://", "https://")):
            raise ServiceError("LLM_ENDPOINT must be set to an address such as http://127.0.0.1:8080/v1")
        if not model:
            raise ServiceError("LLM_MODEL must be set to the name of a model that the service knows")
        if not (key.isascii() and key.isprintable()):
            raise ServiceError("LLM_KEY has characters that an HTTP header cannot hold")
        return cls(
            endpoint=endpoint.rstrip("/"),
            model=model,
            key=key,
            price_in=_number("LLM_PRICE_IN", 0),
            price_out=_number("LLM_PRICE_OUT", 0),
            requests_per_minute=_number("LLM_REQUESTS_PER_MINUTE", 0),
            retries=int(_number("LLM_RETRIES", 4)),
            timeout=_number("LLM_TIMEOUT", 60),
            max_characters=int(_number("LLM_MAX_CHARACTERS", 200_000)),
            logprobs=bool(_number("LLM_LOGPROBS", 0)),
        )

    def cost(self, answer: dict[str, Any]) -> float:
        """What an answer costs by the tokens that the service counted; 0 if it counted none."""
        sent, received = tokens(answer)
        return float(sent * self.price_in + received * self.price_out) / 1e6

    def excerpt(self, text: str) -> str:
        """The start of what the service said, for a message; without the key, which services like to quote."""
        text = text.replace(self.key, "…") if self.key else text
        return " ".join(text.split())[:200]


def tokens(answer: dict[str, Any]) -> tuple[int, int]:
    """How many tokens the service counted, sent and received; 0 if it counted none."""
    usage = answer.get("usage") or {}
    return usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0


def confidence(choice: dict[str, Any]) -> float | None:
    """The geometric mean of the probabilities that the model gave its tokens, 0…1; None if the service tells none."""
    try:
        logprobs = [float(token["logprob"]) for token in choice["logprobs"]["content"]]
        return math.exp(sum(logprobs) / len(logprobs))
    except (LookupError, TypeError, ValueError, ArithmeticError):
        return None


def _number(variable: str, default: float) -> float:
    text = os.environ.get(variable, "").strip()
    try:
        value = float(text or default)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ServiceError(f"{variable} is {text!r}, not a number from 0 up")
    return value


def complete(service: Service, request: dict[str, Any], page: Any) -> dict[str, Any]:
    """The service's answer to a request, after some patience with failures that may pass. Raises ServiceError.

    page: where it is noted how often the service was asked once more.
    """
    for attempt in range(service.retries + 1):
        PACE.wait(service.requests_per_minute)
        try:
            return _ask(service, request)
        except Transient as failure:
            attempts = attempt + 1
            # Workers that were refused together must not come back together.
            backoff = 2.0**attempt * random.uniform(0.5, 1.0)
            pause = backoff if failure.pause is None else failure.pause
            if attempts > service.retries:
                raise ServiceError(f"gave up after {attempts} attempts: {failure}") from None
            if pause > LONGEST_WAIT:
                raise ServiceError(f"{failure}; it asks for a pause of {pause:.0f} s") from None
            page.retries += 1
            time.sleep(pause)
    raise AssertionError("unreachable")


class Pace:
    """Spaces the requests of this process evenly."""

    def __init__(self) -> None:
        self._next = 0.0  # when the next request may start, on the monotonic clock

    def wait(self, per_minute: float) -> None:
        """Return when a request may start, at most so many in a minute; 0 for no limit."""
        if per_minute:
            start = max(time.monotonic(), self._next)
            self._next = start + 60 / per_minute
            time.sleep(max(0.0, start - time.monotonic()))


PACE = Pace()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected request would take the key to wherever the redirect leads."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def _ask(service: Service, request: dict[str, Any]) -> dict[str, Any]:
    """One attempt. Raises Transient if another one may succeed, else ServiceError."""
    headers = {"Content-Type": "application/json"}
    if service.key:
        headers["Authorization"] = f"Bearer {service.key}"
    message = urllib.request.Request(f"{service.endpoint}/chat/completions", json.dumps(request).encode(), headers)
    try:
        with _OPENER.open(message, timeout=service.timeout or None) as response:
            body: bytes = response.read()
    except urllib.error.HTTPError as error:
        raise _refusal(service, error) from None
    except (OSError, http.client.HTTPException) as error:
        # urllib wraps what happens while it sends, and hands on what happens while it receives.
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            raise Transient(f"the service was silent for {service.timeout:g} s") from None
        if isinstance(reason, (ConnectionResetError, BrokenPipeError, http.client.IncompleteRead)):
            raise Transient("the service broke the connection off") from None
        raise ServiceError(f"the service cannot be reached: {service.excerpt(str(reason))}") from None
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ServiceError(f"the answer is not a JSON object: {service.excerpt(body.decode('utf-8', 'replace'))}")
    return answer


def _refusal(service: Service, error: urllib.error.HTTPError) -> ServiceError:
    """What an answer with an HTTP status other than 200 means."""
    try:
        body = error.read(10_000)
    except (OSError, http.client.HTTPException):
        body = b""
    message = f"the service answered {error.code} " + service.excerpt(f"{error.reason}: {body.decode('utf-8', 'replace')}")
    if error.code == 429 or error.code >= 500:
        return Transient(message, _seconds(error.headers.get("Retry-After")))
    return ServiceError(message)


def _seconds(retry_after: str | None) -> float | None:
    """Seconds from now of a Retry-After header, which is a number or a date; None if it is neither."""
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdecimal():
            return float(retry_after)
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
