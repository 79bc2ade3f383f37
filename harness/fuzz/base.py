"""What a change of a layout is: an operator on a page whose labels follow every change."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Generic, Literal, TypeVar

from harness.common.extensions import OTHERS, Extension
from harness.goldens.golden import Golden
from harness.pages.page import Media

Nature = Literal["same", "noise", "hostile", "limit"]
"""same: the meaning is preserved, so that any change of the output is a bug; noise: what real pages do; hostile: errors and
tricks of authors, listed and never averaged; limit: sizes and depths, listed and never averaged."""

Relation = Literal["invariant", "bounded drop", "no gain lost", "no leak", "no duplicate", "in order", "no crash"]
"""What must hold between the outputs before and after: the same text; a score that drops by no more than a bound; main
content that stays in when boilerplate is added; inserted text that stays out; no text twice; paragraphs in page order; an
answer in time."""


class DoesNotApply(Exception):
    """An operator finds nothing on this page that it could change; the message says what is missing."""


@dataclass(frozen=True)
class Donor:
    """A piece of text that operators insert."""

    kind: str
    """The kind of text that it is labelled with."""
    lang: str
    """Its language as a BCP 47 tag."""
    heading: str
    """The heading above it."""
    paragraphs: tuple[str, ...]
    """Its paragraphs, in order."""


class LayoutPage:
    """A page with labels that can be changed. Immutable: every change makes a new one."""

    def golden(self, golden_id: str) -> Golden:
        """The page as it is now, with the golden that follows from its labels."""
        raise NotImplementedError

    @property
    def inserted(self) -> tuple[str, ...]:
        """The texts that operators inserted as boilerplate, in the order of insertion."""
        raise NotImplementedError


P = TypeVar("P", bound=LayoutPage)


@dataclass(frozen=True)
class Operator(Extension, Generic[P]):
    """A change of a page. Fields are small values that a person can paste; positions are counted modulo what is there.

    Fields have defaults at which the operator changes nothing or as little as it can. Write one as a subclass of DomOperator
    or TextOperator.
    """

    media: ClassVar[Media]
    """The pages that it is made for."""
    code: ClassVar[str]
    """`T4` or `D17`: how it is called on the command line and in tables."""
    title: ClassVar[str]
    """What it does, in a few words."""
    nature: ClassVar[Nature]
    """What sort of change it is: see Nature."""
    relations: ClassVar[tuple[Relation, ...]]
    """What must hold between the outputs before and after."""
    harm: ClassVar[int] = OTHERS
    """When a search tries it, small numbers first: harmless ones are what a failure shrinks to."""
    probed: ClassVar[bool] = False
    """Whether it makes pages of unusual size. Such operators run only where their codes are given, and are not searched."""

    def apply(self, page: P) -> P:
        """The changed page. Raises DoesNotApply."""
        raise NotImplementedError

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How Hypothesis prints a falsifying example: as Python, with fields only, to be pasted."""
        printer.text(repr(self))

    @classmethod
    def matrix_instances(cls) -> tuple[Operator[P], ...]:
        """The instances that a matrix runs: one or a few strengths; telling markup before neutral markup."""
        raise NotImplementedError(f"{cls.__name__}.matrix_instances is missing: which instances to run")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """A Hypothesis strategy for instances that a search tries, harmless ones first; if not said, those of a matrix.

        st: the module `hypothesis.strategies`, given so that operators can be loaded without the extra `fuzz`.
        """
        return st.sampled_from(cls.matrix_instances())
