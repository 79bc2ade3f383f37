"""Numbers the elements of a page, so that an extractor can name those that it chooses.

Standard library only and Python 3.8, since workers load this file by itself.
"""

from __future__ import annotations

import re

ATTRIBUTE = "data-node"
"""The attribute of an element that holds its number."""

# Comments, elements whose text is no markup, and a last tag without an end are passed over as a whole.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|textarea|title|xmp|noembed|noframes|iframe)(?=[\s/>]).*?(?:</\1(?=[\s/>])|\Z)"
    r"|<(?:([a-z][^\s/>]*)(?=[\s/>])|[a-z][^\s/>]*\Z)",
    re.S | re.I,
)


def number_elements(html: str) -> str:
    """The HTML with a number for each element, in the order of their start tags, from 1."""
    number = 0

    def with_number(tag: re.Match[str]) -> str:
        nonlocal number
        if not tag[2]:
            return tag[0]
        number += 1
        return f'{tag[0]} {ATTRIBUTE}="{number}"'  # the first attribute of a name is the one that counts

    return _TAG.sub(with_number, html)
