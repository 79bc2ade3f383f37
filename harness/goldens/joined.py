"""Joins elements of a page that stand alike under one selector, so that a draft has one line for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.goldens.blocks import Named
from harness.goldens.selectors import classes_of, selector, tag_of
from harness.goldens.vocabulary import LabelVerdict
from harness.pages import visible

_MAX_STEPS = 6  # between the element that all are in and the elements themselves
_MAX_PLACES = 8  # selectors in a rule


@dataclass(frozen=True)
class Rule:
    """A rule of a draft."""

    verdict: LabelVerdict
    """The verdict."""
    places: tuple[str, ...]
    """Selectors."""
    kind: str
    """The kind of text."""
    texts: tuple[str, ...]
    """The texts of the blocks that it stands for, in page order."""


@dataclass(frozen=True)
class _Group:
    """Elements of one kind that stand alike, and the selectors that name them."""

    members: tuple[Named, ...]
    places: tuple[str, ...]
    reached: frozenset[int]  # all elements that the selectors name, by `mem_id`
    depth: int


def joined(tree: LexborHTMLParser, named: Sequence[Named]) -> list[Rule]:
    """Rules that say the same of a page, in page order but for this: a rule stands before those for texts that it would
    reach, too."""
    groups: dict[tuple[object, ...], list[Named]] = {}
    for element in named:
        root, tags = _stem(element.node)
        key = (root.mem_id, tags, element.verdict, element.kind, element.is_region)
        groups.setdefault(key, []).append(element)
    size_of = {element.node.mem_id: len(members) for members in groups.values() for element in members}
    regions = {element.node.mem_id for element in named if element.is_region}
    made = [part for members in groups.values() for part in _parts(tree, members, size_of, regions)]
    return [
        Rule(
            group.members[0].verdict,
            group.places,
            group.members[0].kind,
            tuple(text for element in group.members for text in element.texts),
        )
        for group in _in_order(made)
    ]


def _stem(node: LexborNode) -> tuple[LexborNode, tuple[str, ...]]:
    """The nearest element around a node and its likes that does not stand in a row of likes itself, and the tags from there
    to the node."""
    root = node.parent
    if root is None or node.tag == "body":
        return node, ()
    tags = [tag_of(node)]
    steps = list(tags)
    current = root
    while len(steps) < _MAX_STEPS and current.parent is not None and current.tag not in ("body", "main", "article"):
        steps.insert(0, tag_of(current))
        if _repeats(current):
            root, tags = current.parent, list(steps)
        current = current.parent
    return root, tuple(tags)


def _repeats(node: LexborNode) -> bool:
    """Whether a sibling has the same tag and a class of this element, or both have none."""
    own, parent = classes_of(node), node.parent
    siblings = (sibling for sibling in parent.iter() if sibling.tag == node.tag) if parent is not None else ()
    likes = (sibling for sibling in siblings if sibling.mem_id != node.mem_id)
    return any(own & classes_of(sibling) or own == classes_of(sibling) for sibling in likes)


def _parts(
    tree: LexborHTMLParser, members: Sequence[Named], size_of: Mapping[int, int], regions: set[int]
) -> Iterator[_Group]:
    depth = _depth(members[0].node)
    if len(members) > 1:
        root, tags = _stem(members[0].node)
        for steps in (tags, _with_classes(members, tags)):
            place = " > ".join([selector(tree, root), *steps])
            reached = visible.select(tree, place)
            if _is_harmless(reached, members, size_of, regions):
                yield _Group(tuple(members), (place,), frozenset(node.mem_id for node in reached), depth)
                return
    for start in range(0, len(members), _MAX_PLACES):
        part = tuple(members[start : start + _MAX_PLACES])
        places = tuple(selector(tree, element.node) for element in part)
        yield _Group(part, places, frozenset(element.node.mem_id for element in part), depth)


def _with_classes(members: Sequence[Named], tags: tuple[str, ...]) -> list[str]:
    """The tags with the classes that all elements have there."""
    steps: list[str] = []
    nodes: list[LexborNode] = [element.node for element in members]
    for tag in reversed(tags):
        common = frozenset.intersection(*map(classes_of, nodes))
        steps.insert(0, ".".join([tag, *sorted(common)]))
        nodes = [node.parent for node in nodes if node.parent is not None]
    return steps


def _is_harmless(
    reached: Iterable[LexborNode], members: Sequence[Named], size_of: Mapping[int, int], regions: set[int]
) -> bool:
    """Whether a selector gives no text a kind that it does not have: what else it reaches has rules of its own further
    down, or a rule for fewer elements, which comes later."""
    mine = {element.node.mem_id for element in members}
    for node in reached:
        if node.mem_id in mine:
            continue
        if size_of.get(node.mem_id, 0) >= len(members):
            return False
        above = node.parent
        while above is not None:
            if above.mem_id in regions:
                return False
            above = above.parent
    return True


def _depth(node: LexborNode) -> int:
    depth, above = 0, node.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


def _in_order(groups: Sequence[_Group]) -> Iterator[_Group]:
    """Groups in the order of their first elements, each behind those that reach its elements or elements around them."""
    reaching: dict[int, list[int]] = {}
    for index, group in enumerate(groups):
        for element in group.reached:
            reaching.setdefault(element, []).append(index)
    done: set[int] = set()

    def rank(index: int) -> tuple[int, int, int]:
        return groups[index].depth, -len(groups[index].members), index

    for index in range(len(groups)):
        found = {index} - done
        pending = list(found)
        while pending:
            current = pending.pop()
            for other in _before(groups[current], reaching):
                if other not in found and other not in done and rank(other) < rank(current):
                    found.add(other)
                    pending.append(other)
        yield from (groups[other] for other in sorted(found, key=rank))
        done |= found


def _before(group: _Group, reaching: Mapping[int, Sequence[int]]) -> Iterator[int]:
    """The groups that reach elements of a group or elements around them, itself among them."""
    for member in group.members:
        above: LexborNode | None = member.node
        while above is not None:
            yield from reaching.get(above.mem_id, ())
            above = above.parent


def shared_selectors(tree: LexborHTMLParser, node: LexborNode) -> list[str]:
    """Selectors for an element and others that stand alike, the narrowest first."""
    root, tags = _stem(node)
    if not tags:
        return []
    steps = list(tags)
    current: LexborNode | None = node
    for place in range(len(steps) - 1, -1, -1):
        if current is not None:
            steps[place] = ".".join([steps[place], *sorted(classes_of(current))])
            current = current.parent
    around = selector(tree, root)
    return [" > ".join([around, *steps]), " > ".join([around, *tags])]
