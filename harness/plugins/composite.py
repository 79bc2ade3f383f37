"""Extractors made of others: `union:A+B` and `vote:A+B+C`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.worker import composite
from harness.worker.plugin import NODES, Declaration

if TYPE_CHECKING:
    from harness.plugins.registry import Plugin, Selection

COMPOSITES = {function.__name__: function for function in (composite.union, composite.vote)}
"""What makes one output of several, by the part before the colon."""

FEWEST = {"union": 2, "vote": 3}
"""Members that each takes at least."""

SOURCE = str(Path(composite.__file__).resolve())
"""The file that workers load."""


def why_no_composite(scheme: str, members: Sequence[Selection]) -> str:
    """Why extractors cannot be the members of a composite; empty if they can."""
    if len({member.name for member in members}) < FEWEST[scheme]:
        return f"{scheme} takes {FEWEST[scheme]} extractors at least, with + between them"
    others = [member.name for member in members if member.plugin.runtime != "python"]
    if others:
        return f"{others[0]} does not run in Python, as all members must"
    for member in members:
        if member.plugin.declared.batch:
            return f"{member.name} takes many pages in a call, and members take one"
        if member.output == NODES:
            return f"{member.name} returns numbers of elements, and members return text, HTML or Markdown"
    if len({member.plugin.declared.media for member in members}) > 1:
        made_for = ", ".join(f"{member.name} for {member.plugin.declared.media}" for member in members)
        return f"its members are made for different kinds of page: {made_for}"
    return ""


def declaration(members: Sequence[Selection]) -> Declaration:
    """What holds for a composite: it requires what its members require."""
    return Declaration.of_members([member.plugin.declared._replace(requires=member.requires) for member in members])


def options(members: Sequence[Selection]) -> dict[str, object]:
    """What the function is given beside the page."""
    named = [
        {
            "name": member.name,
            "source": member.plugin.source,
            "function": member.plugin.function,
            "options": dict(member.options),
            "output": member.output,
        }
        for member in members
    ]
    return {"members": named}


def code(members: Sequence[Selection]) -> tuple[str, ...]:
    """The files and folders that the code is in."""
    return tuple(dict.fromkeys([SOURCE, *(place for member in members for place in _places(member.plugin))]))


def _places(plugin: Plugin) -> Sequence[str]:
    return plugin.code or (plugin.source,)
