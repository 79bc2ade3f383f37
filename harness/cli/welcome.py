"""What `harness` alone prints: what it is, what is installed, and what to do next."""

from __future__ import annotations

import shutil
import textwrap

from harness import __version__
from harness.common.wording import plural

_WIDEST = 100  # cells of a line of text
_NARROWEST = 30  # of one behind a command
_NEXT = {
    "harness run --explain": "score them on these pages, and explain the table",
    "harness show --worst 5": "the worst pages, and how to see what went wrong",
    "harness new extractor mine": "begin one of your own: harness run -e mine.py:mine",
}
_LOOK_UP = {
    "harness --help": "all commands",
    "harness docs": "the documentation of this version",
    "harness list extractors": "all extractors; there are also lists of datasets, metrics, kinds …",
}


def print_welcome() -> None:
    """Print it. Raises PluginError where extractors cannot be listed."""
    from harness.goldens.sets import default_folder, find_goldens

    here, elsewhere = _extractors()
    if not here["text/html"]:
        here["text/html"] = ["none; `pip install 'extraction-harness[extractors]'` installs the usual ones"]
    print(f"harness {__version__}\n")
    _fill(
        "It runs main-content extractors over pages that people have labelled. It says what they keep, what they miss, "
        "what boilerplate leaks, and whether a change made that better or worse."
    )
    print()
    _fill(f"Installed for HTML pages: {', '.join(here['text/html'])}.")
    _fill(f"For text dumps: {', '.join(here['text/plain'])}.")
    _fill(f"{elsewhere} more run in environments of their own, which are built when you first ask for one: `-e goose3`.")
    _fill(f"Labelled pages: {plural(len(find_goldens()), 'page')} in {default_folder()}.")
    print("\nNext:")
    for command, what in _NEXT.items():
        _fill(what, f"  {command:<28}")
    print("\nTo look things up:")
    for command, what in _LOOK_UP.items():
        _fill(what, f"  {command:<28}")


def _extractors() -> tuple[dict[str, list[str]], int]:
    """The extractors that run here by the media type that they are made for, references aside, and how many do not."""
    from harness.plugins.ready import fits_here
    from harness.plugins.registry import Registry, Selection

    offered = (plugin for plugin in Registry().plugins.values() if not plugin.declared.network)  # services must be named
    competing = [plugin for plugin in offered if not plugin.declared.reference]
    here = [plugin for plugin in competing if fits_here(Selection(plugin))]
    by_media: dict[str, list[str]] = {"text/html": [], "text/plain": []}
    for plugin in here:
        by_media[plugin.declared.media].append(plugin.name)
    return by_media, len(competing) - len(here)


def _fill(text: str, before: str = "") -> None:
    """Print a paragraph behind what begins its first line, or below that where there is little room; names stay whole."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    if before and len(before) + _NARROWEST > width:
        print(before.rstrip())
        before = "    "
    indent = " " * len(before)
    print(
        textwrap.fill(
            text, width, initial_indent=before, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    )
