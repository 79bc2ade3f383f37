"""What an extractor's author uses. Standard library only and Python 3.8, since workers load this file by itself."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Sequence, overload

FORMATS = ("text", "html", "markdown")  # what an extractor can return


class Extractor:
    """A declared extractor: a function with what the harness must know to run it."""

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        requires: Sequence[str],
        variants: Mapping[str, Mapping[str, Any]],
        media: str,
        output: str,
        outputs: Mapping[str, str],
        homepage: str,
        licence: str,
        reference: bool,
        python: str,
        network: bool,
    ) -> None:
        self.function = function
        self.name = getattr(function, "__name__", type(function).__name__)  # type: str
        self.requires = tuple(requires)
        self.variants = {name: dict(options) for name, options in variants.items()}
        self.media = media
        self.output = output
        self.outputs = dict(outputs)
        self.homepage = homepage
        self.licence = licence
        self.reference = reference
        self.python = python
        self.network = network

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
    variants: Optional[Mapping[str, Mapping[str, Any]]] = None,
    media: str = "text/html",
    output: str = "text",
    outputs: Optional[Mapping[str, str]] = None,
    homepage: str = "",
    licence: str = "",
    reference: bool = False,
    python: str = "",
    network: bool = False,
) -> Callable[[Callable[..., Any]], Extractor]: ...


def extractor(
    function: Optional[Callable[..., Any]] = None,
    *,
    requires: Sequence[str] = (),
    variants: Optional[Mapping[str, Mapping[str, Any]]] = None,
    media: str = "text/html",
    output: str = "text",
    outputs: Optional[Mapping[str, str]] = None,
    homepage: str = "",
    licence: str = "",
    reference: bool = False,
    python: str = "",
    network: bool = False,
) -> Any:
    """Declare a function as an extractor.

    The function takes a page and returns the main content as `str`, in the format that `output` names. A page has
    `html` and `text` (str), `raw` (the bytes as stored), `url` and `lang` (str or None). An exception is recorded as
    this page's result; an empty string means that the page has no main content.

    requires: PEP 508 requirements; the first names the package whose version is reported.
    variants: name to keyword options for the function; a variant runs as `NAME/VARIANT`.
    media: `text/html` or `text/plain`, the kind of page that the extractor is made for. A page of the other kind is
        converted for it, and the result marked as coerced.
    output: `text`, `html` or `markdown`, what the function returns. The harness turns it into the text that is scored.
    outputs: the same by the names of variants, for those that return something else.
    homepage, licence: shown in listings.
    reference: True for a yardstick (keep everything, keep nothing) that does not compete.
    python: PEP 440 specifier of the Python versions that it runs on, if not on all.
    network: True if it cannot work without a network, such as one that asks a service.
    """

    def declare(function: Callable[..., Any]) -> Extractor:
        if not callable(function):
            raise TypeError(f"an extractor is a function, not {type(function).__name__}")
        if isinstance(requires, str):
            raise TypeError(f"requires={requires!r}: write a list of requirements")
        if media not in ("text/html", "text/plain"):
            raise ValueError(
                f"media of extractor {getattr(function, '__name__', '')!r} is {media!r}: use 'text/html' or 'text/plain'"
            )
        if output not in FORMATS:
            name = getattr(function, "__name__", "")
            raise ValueError(f"output of extractor {name!r} is {output!r}: use {', '.join(map(repr, FORMATS))}")
        return Extractor(
            function,
            requires=requires,
            variants=variants or {},
            media=media,
            output=output,
            outputs=outputs or {},
            homepage=homepage,
            licence=licence,
            reference=reference,
            python=python,
            network=network,
        )

    return declare if function is None else declare(function)
