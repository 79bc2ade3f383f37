"""What stands before every request: only pages of this server, in a browser on this machine, may read or change anything.

Pages of strangers are on screen, so the browser itself is a way in. A name that a stranger makes point to 127.0.0.1 is
refused by `Host` (DNS rebinding), a form or a script of another site by `Origin` and `Sec-Fetch-Site`, and whatever changes
or reads data needs a token in a header, which no form and no other origin can send. There are no cookies to borrow.

Where other machines reach the server, every request also needs a password, as HTTP's Basic authentication sends it: browsers
ask for it, send it with screens, frames and data alike, and store nothing.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "X-Harness-Token"
USER = "workbench"
"""What a browser is told as the name, beside the password."""

LARGEST_BODY = 1_000_000
"""Bytes of a request."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The content security policy of the workbench's own screens."""

_NOT_IN_META = ("frame-ancestors", "sandbox")  # directives that hold in a header only

PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""That of a labelled page, which also holds where somebody opens its address in a tab of its own."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
}


def of_file(policy: str) -> str:
    """A policy as an element of a file can have it: without what holds in a header only."""
    return "; ".join(rule for rule in policy.split("; ") if not rule.startswith(_NOT_IN_META))


class Guard:
    """Refuses what does not come from a screen of this server, and sends headers that keep strangers' pages apart."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], token: str, keyed: str, password: str = "") -> None:
        """hosts: what `Host` may be. token: what data is asked for with. keyed: how addresses begin that hold a secret of
        their own, since a sandboxed page asks for them, which no header can vouch for. password: what every request needs;
        empty if none does."""
        self._app, self._hosts, self._token, self._keyed = app, frozenset(hosts), token, keyed
        self._password = password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # a websocket that nobody accepts is closed
        why = self._why_not(scope)
        if not why and not self._knows_password(scope):
            asks = {"WWW-Authenticate": f'Basic realm="{USER}", charset="UTF-8"', "X-Content-Type-Options": "nosniff"}
            await PlainTextResponse("the password is missing or wrong\n", 401, asks)(scope, receive, send)
            return
        if why:
            await PlainTextResponse(f"refused: {why}\n", 403, {"X-Content-Type-Options": "nosniff"})(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", POLICY)
            await send(message)

        await self._app(scope, receive, guarded)

    def _why_not(self, scope: Scope) -> str:
        """Why a request is refused; empty if it is not."""
        headers = Headers(scope=scope)
        method, path = scope["method"], scope["path"]
        host = headers.getlist("host")
        if len(host) != 1 or host[0].lower() not in self._hosts:
            return "the Host header names another server"
        origins = headers.getlist("origin")
        if any(origin != f"http://{host[0]}" for origin in origins):
            return "the request comes from another origin"
        if path.startswith(self._keyed):
            return "" if method in ("GET", "HEAD") else "only GET is possible here"
        is_visit = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not (method == "GET" and is_visit):
            return "the request comes from another site"
        size = headers.get("content-length", "0")
        if not size.isdecimal() or int(size) > LARGEST_BODY or "transfer-encoding" in headers:
            return "the request is too large"
        is_read = method in ("GET", "HEAD") and not path.startswith("/api/")
        given = headers.get(TOKEN_HEADER, "")
        if not is_read and not secrets.compare_digest(given.encode("utf-8", "replace"), self._token.encode()):
            return f"the header {TOKEN_HEADER} is missing or wrong; reload the page"
        return ""

    def _knows_password(self, scope: Scope) -> bool:
        if not self._password:
            return True
        scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(given, validate=True).partition(b":")
        except ValueError:  # no Base64
            return False
        is_right = secrets.compare_digest(password, self._password.encode())
        return scheme.lower() == "basic" and user == USER.encode() and is_right
