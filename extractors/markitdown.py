"""MarkItDown (Microsoft): documents of many formats as Markdown for language models; a page with all of its links."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from harness import extractor


@extractor(
    requires=["markitdown>=0.1.8"],
    media="text/html",
    output="markdown",
    homepage="https://github.com/microsoft/markitdown",
    licence="MIT",
    reference=True,
)
def markitdown(page: Any) -> str:
    """Reference: all text of the page as Markdown, links and their addresses included."""
    from markitdown import MarkItDown, StreamInfo

    kind = StreamInfo(mimetype="text/html", extension=".html", charset="utf-8")
    content = BytesIO(page.html.encode("utf-8"))
    text: str = MarkItDown(enable_plugins=False).convert_stream(content, stream_info=kind).markdown
    return text
