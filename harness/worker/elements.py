"""How HTML shows its elements, by the style sheet in the "Rendering" section of the HTML standard: one list for all readers.

What is not named here is inline, elements that HTML does not know and `button` included. Standard library only and Python
3.8, since workers load this file by itself.
"""

from __future__ import annotations

BLOCK = frozenset(
    "html body address blockquote center dialog div figure figcaption footer form header hr legend listing main p plaintext "
    "pre search xmp article aside h1 h2 h3 h4 h5 h6 hgroup nav section dir dd dl dt menu ol ul li table caption colgroup "
    "col thead tbody tfoot tr td th fieldset details summary optgroup option frameset frame".split()
)
"""Elements that begin and end a line: blocks, list items, the parts of a table."""

BREAKS_LINE = BLOCK | {"br"}
"""Elements that no word reaches across."""

UNSEEN = frozenset("script style template svg iframe noembed noframes object head".split())
"""Elements whose text is not read."""

PREFORMATTED = frozenset("pre textarea listing xmp plaintext".split())
"""Elements whose line breaks are shown."""

WITH_ALT = frozenset("img area input amp-img".split())
"""Elements with alternative text."""
