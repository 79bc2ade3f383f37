"""What commands that run extractors share: from names to what can run."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rich.console import Console

from harness.common.errors import Impossible
from harness.plugins.ready import Unavailable, fits_here, prepare
from harness.plugins.registry import PluginError, Registry, Selection
from harness.plugins.runnable import Runnable


def select(arguments: argparse.Namespace, messages: Console) -> list[Selection]:
    """The extractors asked for with `-e`; without, all that this environment can run as it is. Raises Impossible."""
    try:
        registry = Registry(arguments.plugins)
        if arguments.extractor:
            return registry.select(arguments.extractor)
        selections = registry.select(list(registry.plugins))
    except PluginError as error:
        raise Impossible("\n".join(error.reasons)) from None
    here = [selection for selection in selections if fits_here(selection)]
    if missing := [selection for selection in selections if selection not in here]:
        # Those that the user added are named; of the catalogue, which the user knows, the number will do.
        added = [selection.name for selection in missing if not selection.plugin.origin.startswith("built in")]
        others = [f"{len(missing) - len(added)} of the catalogue"] if len(added) < len(missing) else []
        messages.print(
            f"Not installed here: {', '.join([*added, *others])} (harness list extractors). "
            "`-e NAME` or `-e all` runs them in environments of their own.",
            style="dim",
            soft_wrap=True,
        )
    return here


def ready(
    selections: Sequence[Selection], arguments: argparse.Namespace, messages: Console
) -> tuple[list[Runnable], list[Unavailable]]:
    """The selections with what they need, built where necessary; each that cannot run is told in a line."""
    for path in arguments.local_packages:
        if not path.exists():
            raise Impossible(f"--with {path}: no such source tree or wheel")
    runnables, unavailable = prepare(
        selections,
        isolated=arguments.isolated,
        local_packages=arguments.local_packages,
        announce=lambda message: messages.print(message, style="dim", soft_wrap=True),
    )
    for item in unavailable:
        messages.print(f"{item.name} cannot run: {item.reason}", style="yellow", soft_wrap=True)
    return runnables, unavailable
