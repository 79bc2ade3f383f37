"""Extractors with one planted bug each, which the search must find, name and shrink to its cause."""

import re
from html import unescape

from harness import extractor

TAG = re.compile(r"<[^>]*>")
CALLS = []


def paragraphs(html):
    """The text of all `p` that are not in small print: right on the pages of the tests."""
    html = re.sub(r"(?s)<head>.*?</head>|<small>.*?</small>|<script.*?</script>", "", html)
    return [unescape(TAG.sub("", part)) for part in re.findall(r"(?s)<p\b[^>]*>(.*?)</p>", html)]


@extractor
def sound(page):
    """No bug."""
    return "\n".join(paragraphs(page.html))


@extractor
def aside_with_links(page):
    """Loses what stands in an `aside` where more than a tenth of the words are in links."""
    html = page.html
    for aside in re.findall(r"(?s)<aside\b.*?</aside>", html):
        words = len(TAG.sub(" ", aside).split())
        linked = sum(len(TAG.sub(" ", link).split()) for link in re.findall(r"(?s)<a\b.*?</a>", aside))
        if linked > 0.1 * words:
            html = html.replace(aside, "")
    return "\n".join(paragraphs(html))


@extractor
def knows_comments_by_class(page):
    """Leaves comments out where their class says so."""
    return "\n".join(paragraphs(re.sub(r'(?s)<div class="comments">.*?</div>', "", page.html)))


@extractor
def hangs_when_deep(page):
    """Never comes back from a page that is nested 300 deep."""
    depth = deepest = 0
    for end in re.findall(r"<(/?)div\b", page.html):
        depth += -1 if end else 1
        deepest = max(deepest, depth)
    while deepest >= 300:
        pass
    return "\n".join(paragraphs(page.html))


@extractor
def remembers(page):
    """Leaves out paragraphs that it has seen before."""
    new = [text for text in paragraphs(page.html) if text not in CALLS]
    CALLS.extend(new)
    return "\n".join(new)


@extractor
def takes_memory(page):
    """Takes 700 MiB where a page has three `article` elements."""
    bytearray(700 * 2**20 if page.html.count("<article") > 2 else 0)
    return "\n".join(paragraphs(page.html))


@extractor
def goes_through_a_set(page):
    """Paragraphs in the order of a set, without those that stand in an `aside`."""
    return "\n".join({*paragraphs(re.sub(r"(?s)<aside\b.*?</aside>", "", page.html))})


@extractor(media="text/plain")
def until_heading(page):
    """Takes all long lines up to the heading of what follows; without it, all there are."""
    kept = []
    for line in page.text.splitlines():
        if line.strip() in ("Related Articles", "Related", "More stories"):
            break
        if len(line) > 80:
            kept.append(line)
    return "\n".join(kept)
