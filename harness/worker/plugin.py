"""What an extractor's author uses. Standard library only and Python 3.8, since workers load this file by itself."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple, Optional, Sequence, overload

FORMATS = ("text", "html", "markdown")  # of outputs
NODES = "nodes"  # numbers of elements, as `numbered_html` of a page has them
RETURNED = (*FORMATS, NODES)  # what an extractor can return
MEDIA = ("text/html", "text/plain")  # what a page can be


class Declaration(NamedTuple):
    """What an extractor's author says of it, beside its function."""

    requires: Sequence[str] = ()
    """PEP 508 requirements; the first names the package whose version is reported."""
    variants: Mapping[str, Mapping[str, Any]] = {}
    """Name to keyword options for the function; a variant runs as `NAME/VARIANT`."""
    media: str = "text/html"
    """`text/html` or `text/plain`, the kind of page that the extractor is made for. A page of the other kind is converted
    for it, and the result marked as coerced."""
    output: str = "text"
    """`text`, `html`, `markdown` or `nodes`, what the function returns. The harness makes the text of it that is scored."""
    outputs: Mapping[str, str] = {}
    """The same by the names of variants, for those that return something else."""
    homepage: str = ""
    """Shown in listings."""
    licence: str = ""
    """Shown in listings."""
    reference: bool = False
    """True for a yardstick (keep everything, keep nothing) that does not compete."""
    python: str = ""
    """PEP 440 specifier of the Python versions that it runs on, if not on all."""
    programs: Sequence[str] = ()
    """Programs of the system that it starts, by name. Where one is not on the path, the extractor is unavailable."""
    network: bool = False
    """True if it cannot work without a network, such as one that asks a service."""
    generative: bool = False
    """True for a language model, and for all else that writes words of its own: tables then show how many of them the page
    does not have."""
    batch: int = 0
    """The most pages of a call. The function is then given a list of pages and returns a list with the output of each; 0: it
    is given one page, and returns its output."""
    max_input: int = 0
    """The most characters of a page that it can take, 0 for no limit: `html` and `text` of a longer page are cut, and its
    answer is marked as `truncated`."""
    cache: Optional[bool] = None
    """Whether outputs are kept from run to run. None: if all that was read for them is known. True: even if not. False:
    never, as for one that asks for the date."""

    @staticmethod
    def of_members(members: Sequence[Declaration]) -> Declaration:
        """What holds for an extractor that runs several others, which are made for one kind of page."""
        return Declaration(
            requires=list(dict.fromkeys(requirement for member in members for requirement in member.requires)),
            media=members[0].media,
            python=",".join(dict.fromkeys(member.python for member in members if member.python)),
            programs=list(dict.fromkeys(program for member in members for program in member.programs)),
            network=any(member.network for member in members),
            generative=any(member.generative for member in members),
            cache=False if any(member.cache is False for member in members) else None,
        )


PYTHON_ONLY = ("requires", "python", "batch", "max_input")
"""The fields that no extractor in JavaScript can declare."""
OF_PACKAGES = ("homepage", "licence")
"""The fields that a package.json states in its own words, `homepage` and `license`."""


class Extractor:
    """A declared extractor: a function with what the harness must know to run it."""

    def __init__(self, function: Callable[..., Any], declaration: Declaration) -> None:
        self.function = function
        self.name = getattr(function, "__name__", type(function).__name__)  # type: str
        self.declaration = declaration

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        lines = (self.function.__doc__ or "").strip().splitlines()
        return lines[0] if lines else ""

    def __call__(self, page: Any, **options: Any) -> Any:
        """What the function returns for a page."""
        return self.function(page, **options)


@overload
def extractor(function: Callable[..., Any]) -> Extractor: ...


@overload
def extractor(
    *,
    requires: Sequence[str] = (),
    variants: Mapping[str, Mapping[str, Any]] = {},
    media: str = "text/html",
    output: str = "text",
    outputs: Mapping[str, str] = {},
    homepage: str = "",
    licence: str = "",
    reference: bool = False,
    python: str = "",
    programs: Sequence[str] = (),
    network: bool = False,
    generative: bool = False,
    batch: int = 0,
    max_input: int = 0,
    cache: Optional[bool] = None,
) -> Callable[[Callable[..., Any]], Extractor]: ...


def extractor(function: Optional[Callable[..., Any]] = None, **declared: Any) -> Any:
    """Declare a function as an extractor.

    The function takes a page and returns the main content as `str`, in the format that `output` names; with `batch`, it
    takes a list of pages and returns a list of `str`. A page has `html` and `text` (str, decoded), `raw` (the page's own
    bytes, in its own encoding), `url` and `lang` (str or None).
    An exception is recorded as this page's result; an empty string means that the page has no main content.

    What can be declared, all by name, are the fields of `Declaration`.
    """

    def declare(function: Callable[..., Any]) -> Extractor:
        if not callable(function):
            raise TypeError(f"an extractor is a function, not {type(function).__name__}")
        name = getattr(function, "__name__", "")
        unknown = [field for field in declared if field not in Declaration._fields]
        if unknown:
            raise TypeError(f"extractor {name!r} declares {unknown[0]!r}: use {', '.join(Declaration._fields)}")
        declaration = Declaration(**{field: value for field, value in declared.items() if value is not None})
        if isinstance(declaration.requires, str):
            raise TypeError(f"requires={declaration.requires!r}: write a list of requirements")
        if declaration.media not in MEDIA:
            raise ValueError(f"media of extractor {name!r} is {declaration.media!r}: use {' or '.join(map(repr, MEDIA))}")
        if declaration.output not in RETURNED:
            raise ValueError(f"output of extractor {name!r} is {declaration.output!r}: use {', '.join(map(repr, RETURNED))}")
        for field in ("batch", "max_input"):
            number = getattr(declaration, field)
            if type(number) is not int or number < 0:
                raise ValueError(f"{field} of extractor {name!r} is {number!r}: use a whole number from 0 up")
        return Extractor(function, declaration)

    return declare if function is None else declare(function)
