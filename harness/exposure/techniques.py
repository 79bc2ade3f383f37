"""The ways to hide a sentence that are measured, and the ways to write one that only look as if they hid it.

Each is proved in a browser by the tests: another sentence in its place leaves every pixel of the page as it is or, for a
lookalike, does not. A technique says how an element is written that holds the sentence, and what its style sheet says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["hidden", "openable", "assistive", "metadata", "lookalike"]

GROUPS: dict[Group, str] = {
    "hidden": "no reader gets to it",
    "openable": "folded until a reader opens it",
    "assistive": "read out by screen readers, and shown to nobody",
    "metadata": "for programs: attributes, metadata and scripts",
    "lookalike": "visible, and looks hidden to a program",
}
"""What the groups of techniques have in common."""


@dataclass(frozen=True)
class Technique:
    """A way to write a sentence."""

    name: str
    """Short and unique; words joined by hyphens."""

    group: Group
    """Who gets to the sentence."""

    html: str
    """What stands in the page, with `{tag}` for an element that fits there and `{text}` for the sentence."""

    css: str = ""
    """The rules of the page's style sheet."""

    place: Literal["text", "block", "head"] = "text"
    """`text`: anywhere; `block`: anywhere but inside a paragraph; `head`: once for each page, in its head."""


def _style(name: str, style: str, group: Group = "hidden") -> Technique:
    """An element with a style of its own."""
    return Technique(name, group, f'<{{tag}} style="{style}">{{text}}</{{tag}}>')


def _rule(name: str, css: str, group: Group = "hidden", attributes: str = 'class="note"') -> Technique:
    """An element that the style sheet is about."""
    return Technique(name, group, f"<{{tag}} {attributes}>{{text}}</{{tag}}>", css)


def _inside(name: str, html: str, group: Group = "hidden", css: str = "") -> Technique:
    """A sentence inside something that stands in an element."""
    return Technique(name, group, f"<{{tag}}>{html}</{{tag}}>", css)


_SCREEN_READER = (
    "{ position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip: rect(0 0 0 0); "
    "white-space: nowrap; border: 0 }"
)
_PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

TECHNIQUES: tuple[Technique, ...] = (
    # Attributes.
    Technique("hidden-attribute", "hidden", "<{tag} hidden>{text}</{tag}>"),
    Technique("hidden-until-found", "hidden", '<{tag} hidden="until-found" style="display: block">{text}</{tag}>'),
    # Styles of the element's own.
    _style("display-none", "display: none"),
    _style("display-none-shouted", "COLOR:#123;DISPLAY : NONE !IMPORTANT"),
    _style("display-by-variable", "--shown: none; display: var(--shown)"),
    _style("visibility-hidden", "visibility: hidden"),
    _style("visibility-collapse", "visibility: collapse"),
    _style("opacity-0", "opacity: 0"),
    _style("filter-opacity-0", "display: inline-block; filter: opacity(0)"),
    _style("masked", "display: inline-block; mask: linear-gradient(transparent, transparent)"),
    _style("font-size-0", "font-size: 0"),
    _style("font-shorthand-0", "font: 0/0 monospace"),
    _style("transparent", "color: transparent"),
    _style("alpha-0", "color: rgba(20, 20, 20, 0)"),
    _style("fill-transparent", "-webkit-text-fill-color: transparent"),
    _style("colour-of-the-ground", "color: #fff; background: #fff"),
    _style("off-screen-left", "position: absolute; left: -9999px"),
    _style("off-screen-above", "position: fixed; top: -999px"),
    _style("text-indent", "display: block; text-indent: -9999px; white-space: nowrap; overflow: hidden"),
    _style("translated", "display: inline-block; position: absolute; transform: translateX(-9999px)"),
    _style("scaled-to-0", "display: inline-block; transform: scale(0)"),
    _style("turned-away", "display: inline-block; transform: rotateY(180deg); backface-visibility: hidden"),
    _style("edge-on", "display: inline-block; transform: rotateX(90deg)"),
    _style("clip-path", "display: inline-block; clip-path: inset(50%)"),
    _style("clip", "position: absolute; clip: rect(0, 0, 0, 0)"),
    _style("height-0", "display: block; height: 0; overflow: hidden"),
    _style("max-height-0", "display: block; max-height: 0; overflow: hidden"),
    _style("width-0", "display: block; width: 0; height: 1em; overflow: hidden; white-space: nowrap"),
    _style("content-visibility", "display: block; content-visibility: hidden"),
    # Rules of a style sheet.
    _rule("class-rule", ".note { display: none }"),
    _rule("id-rule", "#aside-7 { display: none }", attributes='id="aside-7"'),
    _rule("attribute-rule", "[data-state=off] { display: none }", attributes='data-state="off"'),
    _rule("rule-that-overrides", ".note { display: none !important }", attributes='class="note" style="display: inline"'),
    _rule("rule-in-media", "@media screen { .note { display: none } }"),
    _rule("rule-in-supports", "@supports (display: block) { .note { visibility: hidden } }"),
    _rule("rule-in-layer", "@layer page { .note { opacity: 0 } }"),
    _rule("rule-by-parent", ":has(> .note) > :is(.note) { display: none }"),
    Technique(
        "rule-beside", "hidden", "<{tag}><style>.note { display: none }</style><span class=note>{text}</span></{tag}>"
    ),
    # Inherited.
    _inside("in-a-removed-element", '<span style="display: none"><b><i>{text}</i></b></span>'),
    _inside("in-an-invisible-element", '<span style="visibility: hidden"><b><i>{text}</i></b></span>'),
    _inside("font-size-inherited", '<span style="font-size: 0"><b>{text}</b></span>'),
    _inside("colour-inherited", '<span style="color: #fff"><b style="background: none">{text}</b></span>'),
    _inside(
        "covered",
        '<span style="display: block; position: relative; height: 1.5em; overflow: hidden"><b>{text}</b>'
        '<i style="position: absolute; inset: 0; background: #fff"></i></span>',
    ),
    # Elements that show nothing.
    _inside("template", "<template>{text}</template>"),
    _inside("noscript", "<noscript>{text}</noscript>"),
    _inside("comment", "<!-- {text} -->"),
    _inside("processing-instruction", "<?note {text}?>"),
    _inside("script-text", '<script type="text/plain">{text}</script>'),
    _inside("datalist", "<datalist><option>{text}</option></datalist>"),
    _inside("canvas-fallback", '<canvas width="1" height="1">{text}</canvas>'),
    _inside("video-fallback", '<video width="1" height="1">{text}</video>'),
    _inside("audio-fallback", "<audio>{text}</audio>"),
    _inside("iframe-fallback", '<iframe width="1" height="1">{text}</iframe>'),
    _inside("noembed", "<noembed>{text}</noembed>"),
    _inside("noframes", "<noframes>{text}</noframes>"),
    _inside("progress-fallback", '<progress value="1">{text}</progress>'),
    _inside("ruby-parenthesis", "<ruby>ab<rp>{text}</rp><rt>c</rt></ruby>"),
    _inside(
        "math-annotation",
        '<math><semantics><mi>x</mi><annotation encoding="text/plain">{text}</annotation></semantics></math>',
    ),
    _inside("svg-defs", '<svg width="1" height="1"><defs><text>{text}</text></defs></svg>'),
    Technique("unslotted", "hidden", "<{tag}><span><template shadowrootmode=open><b>–</b></template>{text}</span></{tag}>"),
    # Characters.
    _inside("tag-characters", "{tags}"),
    # Readers can open it.
    Technique("details", "openable", "<{tag}><details><summary>More</summary>{text}</details></{tag}>", place="block"),
    Technique("dialog", "openable", "<{tag}><dialog>{text}</dialog></{tag}>", place="block"),
    _inside("popover", "<span popover>{text}</span>", "openable"),
    _inside(
        "option",
        "<select><option>One and the same</option><option>{text}</option></select>",
        "openable",
        "select { width: 9em }",
    ),
    # Screen readers read it.
    _rule("screen-reader-class", f".sr-only {_SCREEN_READER}", "assistive", 'class="sr-only"'),
    Technique(
        "live-region", "assistive", '<{tag} aria-live="polite" style="position: absolute; left: -9999px">{text}</{tag}>'
    ),
    _inside("aria-label", '<b aria-label="{text}">–</b>', "assistive"),
    _inside("aria-described", '<b aria-describedby="n7">–</b><i id="n7" hidden>{text}</i>', "assistive"),
    _inside("image-alt", f'<img src="{_PIXEL}" width="1" height="1" alt="{{text}}">', "assistive"),
    _inside("svg-title", '<svg width="1" height="1" role="img"><title>{text}</title></svg>', "assistive"),
    _inside("svg-desc", '<svg width="1" height="1" role="img"><desc>{text}</desc></svg>', "assistive"),
    # Programs read it.
    _inside("title-attribute", '<b title="{text}">–</b>', "metadata"),
    _inside("data-attribute", '<b data-note="{text}">–</b>', "metadata"),
    _inside("hidden-input", '<input type="hidden" name="note" value="{text}">', "metadata"),
    _inside("microdata", '<meta itemprop="description" content="{text}">', "metadata"),
    Technique(
        "pseudo-element",
        "metadata",
        '<{tag}><b class="note" data-note="{text}">–</b></{tag}>',
        ".note::after { content: attr(data-note); display: none }",
    ),
    Technique(
        "json-ld",
        "metadata",
        '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "{text}"}</script>',
        place="head",
    ),
    Technique(
        "hydration-data",
        "metadata",
        '<script id="state" type="application/json">{"body": "<p>{text}</p>"}</script>',
        place="head",
    ),
    Technique("meta-description", "metadata", '<meta name="description" content="{text}">', place="head"),
    Technique("open-graph", "metadata", '<meta property="og:description" content="{text}">', place="head"),
)
"""All ways to hide a sentence."""

LOOKALIKES: tuple[Technique, ...] = (
    Technique("plain", "lookalike", "<{tag}>{text}</{tag}>"),
    _rule("class-without-rule", "", "lookalike", 'class="hidden"'),
    _rule("screen-reader-class-without-rule", "", "lookalike", 'class="sr-only visually-hidden"'),
    _rule("aria-hidden", "", "lookalike", 'aria-hidden="true"'),
    _rule("role-presentation", "", "lookalike", 'role="presentation"'),
    _style("opacity-0.9", "opacity: 0.9", "lookalike"),
    _style("display-block", "display: block", "lookalike"),
    _style("display-misspelt", "display: nonee", "lookalike"),
    _style("later-declaration", "display: none; display: inline", "lookalike"),
    _style("small-print", "font-size: 10px", "lookalike"),
    _style("grey", "color: #777", "lookalike"),
    _style("light-on-dark", "color: #fff; background: #222", "lookalike"),
    _style("moved-a-little", "position: relative; left: 1px", "lookalike"),
    _style("visible-overflow", "display: block; max-height: 9em; overflow: hidden", "lookalike"),
    _rule("rule-for-print", "@media print { .note { display: none } }", "lookalike"),
    _rule("rule-for-another", ".note.closed { display: none }", "lookalike"),
    _rule("rule-taken-back", ".note { display: none } .story .note, .note { display: inline }", "lookalike"),
    Technique("hidden-attribute-overridden", "lookalike", '<{tag} hidden style="display: block">{text}</{tag}>'),
    _inside(
        "visible-again", '<span style="visibility: hidden"><b style="visibility: visible">{text}</b></span>', "lookalike"
    ),
    Technique(
        "details-open", "lookalike", "<{tag}><details open><summary>More</summary>{text}</details></{tag}>", place="block"
    ),
)
"""Ways to write a visible sentence; the first one, `plain`, is what the others are measured by."""
