"""A page that tries what pages can try to run, to fetch, to leave its frame and to reach the screen around it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TRIES = """
<base href="{away}/base/"><meta http-equiv="refresh" content="0;url={away}/refresh">
<meta http-equiv="Content-Security-Policy" content="script-src *">
<link rel="stylesheet" href="{away}/sheet.css"><link rel="preload" as="image" href="{away}/preload">
<link rel="dns-prefetch" href="{away}"><link rel="icon" href="{away}/icon">
<style>@import url({away}/import.css); body {{ background: url({away}/body.png) }}
@font-face {{ font-family: far; src: url({away}/font) }} p {{ font-family: far; cursor: url({away}/cursor), auto }}
svg {{ display: none }} [data-hb] {{ position: static }} p::after {{ content: url({away}/content) }}</style>
<script>fetch('{away}/script'); top.document.title = 'owned'; location = '{away}/location'</script>
<script src="{away}/script.js"></script><script type="module">import '{away}/module.js'</script>
<body onload="fetch('{away}/onload')" background="{away}/background">
<p id="first">The first paragraph says nothing about anything, at some length.</p>
<p><img src="{away}/img" onerror="top.document.title='owned'"><img srcset="{away}/srcset 1x">
<img src="x:" onerror="alert(1)"></p>
<p style="background:url({away}/inline)">Inline style.</p>
<p><a href="{away}/link" target="_top">A link that wants the whole window</a>
<a href="javascript:top.document.title='owned'">a script</a> <a href="{away}/ping" ping="{away}/pinged">ping</a></p>
<iframe src="{away}/frame"></iframe><iframe srcdoc="<script>parent.parent.document.title='owned'</script>"></iframe>
<object data="{away}/object"></object><embed src="{away}/embed">
<video poster="{away}/poster" src="{away}/video" autoplay></video>
<form action="{away}/form" target="_top"><input name=a autofocus onfocus="top.document.title='owned'">
<button>Send</button></form>
<svg><script>top.document.title='owned'</script><image href="{away}/svgimage"/><use href="{away}/use#a"/>
<a xlink:href="{away}/svglink"><text>svg</text></a>
<animate onbegin="top.document.title='owned'" attributeName=x dur=1s /></svg>
<noscript><p title="</noscript><img src={away}/noscript onerror=alert(1)>">no script</p></noscript>
<template><img src="{away}/template"></template>
<div><template shadowrootmode="open"><style>:host {{ background: url({away}/shadow) }}</style>
<p>In the shadow</p></template></div>
<textarea></textarea><xmp><script>top.document.title='owned'</script></xmp>
<p>]]&gt; --&gt; &lt;/svg&gt; \ue000 not a mark \ue001 <b onmouseover="top.document.title='owned'" popover>bold</b></p>
<details ontoggle="top.document.title='owned'"><summary>More</summary><p>Hidden words</p></details>
<marquee onstart="top.document.title='owned'">moves</marquee>
<p id="last">The last paragraph.</p>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;"></table></mtext></math>
"""


def hostile_page(away: str) -> str:
    """The page. away: the address that it tries to reach."""
    return "<!DOCTYPE html><html><head><title>Hostile</title>" + TRIES.format(away=away)


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A server of another origin, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
