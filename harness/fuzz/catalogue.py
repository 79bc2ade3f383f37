"""All operators by name, how they are written and read, and the pages that they work on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, get_args

from harness.common.errors import Impossible
from harness.common.extensions import Extensions, error_line, note_failure
from harness.common.wording import did_you_mean
from harness.fuzz.base import DoesNotApply, LayoutPage, Nature, Operator, Relation
from harness.fuzz.donors import DONOR_KINDS, donors_from, own_donors
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.page import DomPage
from harness.fuzz.text.operators import TextOperator
from harness.fuzz.text.page import TextPage
from harness.goldens.golden import Golden
from harness.goldens.labels import Label
from harness.pages.page import Media

_CODE = re.compile(r"\w[\w.-]*")
_LENDERS = 12  # other goldens of a run whose main content a page may be given

AnyOperator = Operator[Any]


class UnknownOperator(Impossible):
    """Operators that were asked for and do not exist; one line for each."""


def _is_operator(value: object) -> bool:
    bases = (Operator, DomOperator, TextOperator)
    return isinstance(value, type) and issubclass(value, Operator) and value not in bases


def _mistake(operator: type[AnyOperator]) -> str:
    missing = [name for name in ("media", "code", "title", "nature", "relations") if not hasattr(operator, name)]
    if missing:
        return f"{operator.__name__} has no {', '.join(missing)}"
    if not _CODE.fullmatch(operator.code):
        return f"{operator.code!r} is no code: use letters, digits, _, . and -"
    if operator.nature not in get_args(Nature):
        return f"the nature of {operator.code} is {operator.nature!r}; use {', '.join(get_args(Nature))}"
    if unknown := [name for name in operator.relations if name not in get_args(Relation)]:
        return f"{operator.code} is bound to {unknown[0]!r}; relations are {', '.join(get_args(Relation))}"
    return "" if operator.matrix_instances() else f"{operator.code} has no instances to run"


OPERATORS: Extensions[type[AnyOperator]] = Extensions(
    "harness.operators",
    "operator",
    ("harness.fuzz.text.operators", "harness.fuzz.html.operators"),
    is_one=_is_operator,
    names=lambda operator: (operator.code, operator.__name__),
    order=lambda operator: code_order(operator.code),
    mistake=_mistake,
)
"""The operators, by code and by the name of their class."""


def operators_of(media: Media) -> tuple[type[AnyOperator], ...]:
    """The operators for pages of a media type, by code: D2 before D11."""
    found = [operator for operator in OPERATORS.all() if operator.media == media]
    return tuple(sorted(found, key=lambda operator: (code_order(operator.code), operator.__name__)))


def all_operators() -> tuple[type[AnyOperator], ...]:
    """The operators of both tracks."""
    return (*operators_of("text/plain"), *operators_of("text/html"))


def matrix_instances(media: Media, codes: Sequence[str] = ()) -> tuple[AnyOperator, ...]:
    """What a matrix runs over pages of a media type; with codes, only those, else all but sizes, which are probed."""
    kinds = [kind for kind in operators_of(media) if (kind.code in codes if codes else not kind.probed)]
    return tuple(one for kind in kinds for one in kind.matrix_instances())


def apply(operator: AnyOperator, page: LayoutPage) -> LayoutPage:
    """The page as an operator changes it. Raises DoesNotApply, also if an operator that does not come with the harness
    fails, which is told."""
    try:
        changed: LayoutPage = operator.apply(page)
        if type(changed) is not type(page):
            raise TypeError(f"it returned {type(changed).__name__}, not {type(page).__name__}")
    except DoesNotApply:
        raise
    except (Exception, SystemExit) as error:
        if OPERATORS.is_built_in(operator.code):
            raise
        note_failure(f"operator {operator.code} ({OPERATORS.origin(operator.code)}) failed: {error_line(error)}")
        raise DoesNotApply(f"the operator failed: {error_line(error)}") from error
    return changed


def require_codes(codes: Iterable[str]) -> None:
    """Raises UnknownOperator for each code that no operator has."""
    known = list(dict.fromkeys(operator.code for operator in all_operators()))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise UnknownOperator(
            "\n".join(f"unknown operator {code!r}{did_you_mean(code, known)}; known: {', '.join(known)}" for code in unknown)
        )


def code_order(code: str) -> tuple[str, int]:
    """What operators are sorted by."""
    return code[:1], int(code[1:]) if code[1:].isdigit() else 0


def label_of(operator: AnyOperator) -> str:
    """An operator for people: its code, its title, and the fields that differ from the defaults."""
    own = ((field, getattr(operator, field.name)) for field in fields(operator))
    told = [f"{field.name}={value!r}" if value is not True else field.name for field, value in own if value != field.default]
    return f"{operator.code} {operator.title}" + (f" ({', '.join(told)})" if told else "")


def values_of(operator: AnyOperator) -> dict[str, Any]:
    """An operator as plain values: its class under `operator`, its code, and its fields."""
    own = {field.name: getattr(operator, field.name) for field in fields(operator)}
    return {"operator": type(operator).__name__, "code": operator.code} | {
        name: list(value) if isinstance(value, tuple) else value for name, value in own.items()
    }


def page_of(golden: Golden, others: Sequence[Golden] = ()) -> LayoutPage:
    """The labelled page of a golden, with donors from other goldens and of our own. Raises DoesNotApply."""
    lenders = tuple(_lenders(golden, others))
    related = donors_from(lenders, golden) + own_donors("related", golden.lang)
    if golden.page.media == "text/plain":
        return TextPage.of(golden, related)
    others_of_ours = tuple(donor for kind in DONOR_KINDS if kind != "related" for donor in own_donors(kind, golden.lang))
    return DomPage.of(golden, related + others_of_ours, tuple(one for one in lenders if one.page.media == "text/html"))


def marked_page_of(golden: Golden, others: Sequence[Golden] = ()) -> LayoutPage:
    """The same, read by its labels even where a dataset gives only a text of the main content: what of the page stands in
    that text is `keep` then, so that the page can be cut and labels be written for it. Raises DoesNotApply.
    """
    page = page_of(golden, others)
    if isinstance(page, DomPage) and not page.has_labels:
        return replace(page, origin=replace(golden, labels=(Label("keep", (), "body"),), text=None))
    return page


def _lenders(golden: Golden, others: Sequence[Golden]) -> Iterator[Golden]:
    """The goldens behind this one, round and round, of other sites; those in its language first."""
    place = next((number for number, other in enumerate(others) if other.id == golden.id), 0)
    ring = [other for other in (*others[place + 1 :], *others[:place]) if other.site != golden.site]
    ring.sort(key=lambda other: other.lang.partition("-")[0] != golden.lang.partition("-")[0])
    yield from ring[:_LENDERS]


def apply_all(page: LayoutPage, operators: Sequence[AnyOperator]) -> tuple[LayoutPage, tuple[AnyOperator, ...]]:
    """The page after those of the operators that apply and change something, and these."""
    done: list[AnyOperator] = []
    for operator in operators:
        try:
            changed = apply(operator, page)
        except DoesNotApply:
            continue
        if changed is not page:
            page = changed
            done.append(operator)
    return page, tuple(done)
