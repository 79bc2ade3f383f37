"""Style sheets that change nothing on a page, in several styles, made of a site's own classes and colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from goldens.builder.draws import Draw, pick, shuffled, whole

Sheet = Callable[[Draw, Sequence[str], Sequence[str]], Iterator[str]]
"""Writes rules for ever, of classes and colours."""

_PROPERTIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("margin", ("0", "0 auto", "0 0 1em", "-1px", "12px 0", "0 .75rem")),
    ("padding", ("0", "8px 12px", "1rem", ".5em 1em", "20px 0 0", "4px")),
    ("display", ("block", "flex", "inline-block", "grid", "inline-flex")),
    ("font-size", ("13px", "1rem", ".875em", "18px", "1.25rem", "120%")),
    ("line-height", ("1.2", "1.5", "24px", "1.65", "normal")),
    ("border", ("0", "1px solid #ddd", "2px solid transparent", "1px dotted")),
    ("width", ("100%", "auto", "33.3333%", "320px", "50%", "calc(100% - 24px)")),
    ("position", ("relative", "absolute", "static", "sticky")),
    ("float", ("left", "right", "none")),
    ("text-decoration", ("none", "underline")),
    ("overflow", ("hidden", "auto", "visible")),
    ("font-weight", ("400", "600", "700", "bold")),
    ("border-radius", ("2px", "50%", "4px", "999px")),
    ("transition", ("opacity .2s ease", "all .3s", "transform 150ms ease-in-out")),
    ("z-index", ("1", "10", "999", "2")),
)
_COLOURED = ("color", "background", "border-color", "background-color")
_STATES = (":hover", ":focus", "::before", ":first-child", ":not(:last-child)", " a", " img", ">li", "", "", "", "")


def packed(draw: Draw, classes: Sequence[str], colours: Sequence[str]) -> Iterator[str]:
    """Without spaces, some of it for wide screens."""
    while True:
        rule = f"{','.join(_selectors(draw, classes))}{{{';'.join(_declarations(draw, colours))}}}"
        yield f"@media(min-width:{whole(draw, 4, 12) * 120}px){{{rule}}}" if draw.random() < 0.15 else rule


def written(draw: Draw, classes: Sequence[str], colours: Sequence[str]) -> Iterator[str]:
    """By hand, with comments."""
    while True:
        note = f"\n/* {pick(draw, classes)} */" if draw.random() < 0.1 else ""
        names = ",\n".join(_selectors(draw, classes))
        body = "".join(f"\n    {row.replace(':', ': ', 1)};" for row in _declarations(draw, colours))
        yield f"{note}\n{names} {{{body}\n}}\n"


def blocks(draw: Draw, classes: Sequence[str], colours: Sequence[str]) -> Iterator[str]:
    """Classes named by block, element and state."""
    while True:
        name = f".{pick(draw, classes)}{pick(draw, ('__', '__', '--'))}{pick(draw, classes)}{pick(draw, _STATES)}"
        yield f"{name}{{{';'.join(_declarations(draw, colours))}}}\n"


def utilities(draw: Draw, classes: Sequence[str], colours: Sequence[str]) -> Iterator[str]:
    """One class for one property."""
    while True:
        step, stem = whole(draw, 0, 23), pick(draw, classes)
        prefix = pick(draw, ("", "", "sm\\:", "md\\:", "lg\\:", "hover\\:"))
        yield pick(
            draw,
            (
                f".{prefix}m-{stem}-{step}{{margin:{step / 4:g}rem}}",
                f".{prefix}p-{stem}-{step}{{padding:{step / 4:g}rem}}",
                f".{prefix}text-{stem}-{step}00{{color:{pick(draw, colours)}}}",
                f".{prefix}w-{stem}-{step}{{width:{step / 4:g}rem}}",
                f".{prefix}bg-{stem}-{step}00{{background-color:{pick(draw, colours)}}}",
                f".{prefix}gap-{stem}-{step}{{gap:{step / 4:g}rem}}",
            ),
        )


def properties(draw: Draw, classes: Sequence[str], colours: Sequence[str]) -> Iterator[str]:
    """Custom properties. The caller writes the rule around them."""
    while True:
        value = pick(draw, (*colours, "1rem", ".25em", "24px", f"var(--{pick(draw, classes)})"))
        yield f"--{pick(draw, classes)}--{pick(draw, classes)}-{whole(draw, 1, 90)}:{value};"


SHEETS: dict[str, Sheet] = {
    "packed": packed,
    "written": written,
    "blocks": blocks,
    "utilities": utilities,
    "properties": properties,
}
"""The styles by name."""


def _declarations(draw: Draw, colours: Sequence[str]) -> list[str]:
    chosen = shuffled(draw, _PROPERTIES)[: whole(draw, 2, 5)]
    return [*(f"{name}:{pick(draw, values)}" for name, values in chosen), f"{pick(draw, _COLOURED)}:{pick(draw, colours)}"]


def _selectors(draw: Draw, classes: Sequence[str]) -> list[str]:
    """Selectors for classes that a page of the site could have and does not, so that the rule changes nothing there."""
    found = []
    for _ in range(whole(draw, 1, 2)):
        parts = [f".{pick(draw, classes)}-{pick(draw, classes)}" for _ in range(1 + int(draw.random() * 1.6))]
        found.append(f"{' '.join(parts)}{pick(draw, _STATES)}")
    return found
