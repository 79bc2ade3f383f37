"""The address that a page gives as its own."""

from __future__ import annotations

from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser


def address_of(tree: LexborHTMLParser) -> str:
    """The address that a page gives as its own; empty if it gives none."""
    for selector, attribute in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        node = tree.css_first(selector)
        url = ((node.attributes.get(attribute) if node else None) or "").strip()
        if url.startswith(("http://", "https://")) and site_of(url):
            return url
    return ""


def site_of(url: str) -> str:
    """The host in an address, without `www.`, as datasets name sites; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
