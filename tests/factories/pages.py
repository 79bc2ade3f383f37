"""Pages."""

from harness.pages.page import Page


def text_page(text: str, url: str | None = None) -> Page:
    """A dump."""
    return Page(text.encode("utf-8", "replace"), "text/plain", url)


def html_page(markup: str) -> Page:
    """An HTML page with this markup and no other."""
    return Page(markup.encode("utf-8", "replace"), "text/html")
