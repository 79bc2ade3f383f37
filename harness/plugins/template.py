"""What `harness new extractor` writes."""

from __future__ import annotations

NAMES_IN_FILE = frozenset({"annotations", "html", "re", "Any", "extractor", "UNSEEN", "BLOCK", "TAG", "ENDS"})

_EXTRACTOR = '''\
"""NAME: an extractor of main content, with whatever library it takes."""

from __future__ import annotations

import html
import re
from typing import Any

from harness import extractor

UNSEEN = re.compile(
    r"<(head|script|style|nav|aside|footer|form)\\b.*?</\\1\\s*>|<!--.*?-->",
    re.S | re.I,
)
BLOCK = re.compile(
    r"</?(?:article|br|dd|div|dt|h[1-6]|li|main|[ou]l|p|pre|section|t[dhr])\\b[^>]*>",
    re.I,
)
TAG = re.compile(r"<[^>]*>")
ENDS = (".", "!", "?", "…", ":", '"', "”", "»", "」", "。", "！", "？", "।", "۔", "؟")


@extractor(
    requires=[],  # such as ["lxml>=5"]; import it inside the function
    variants={"long": {"minimum": 100}},  # runs as NAME/long
    media="text/html",  # what it is made for; "text/plain" for text dumps
    output="text",  # what it returns; or "html" or "markdown"
)
def NAME(page: Any, minimum: int = 40) -> str:
    """Blocks of some length that end like a sentence."""
    blocks = BLOCK.split(UNSEEN.sub("", page.html))
    texts = [" ".join(html.unescape(TAG.sub("", block)).split()) for block in blocks]
    kept = [text for text in texts if len(text) >= minimum and text.endswith(ENDS)]
    return "\\n".join(kept)
'''


def extractor_file(name: str) -> str:
    """The source of a plugin file with one working extractor."""
    return _EXTRACTOR.replace("NAME", name)
