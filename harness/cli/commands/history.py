"""`harness history`: releases of one extractor over the same goldens."""

from __future__ import annotations

import argparse

from harness.analysis.history import history
from harness.cli.commands import run as run_command
from harness.common.errors import CannotTell, Impossible
from harness.plugins.registry import PluginError, Registry
from harness.plugins.releases import NoReleases, releases
from harness.report.history import print_history
from harness.report.kit.terminal import stderr_console, stdout_console
from harness.runs.summary import measured, ranking_metric


def run(arguments: argparse.Namespace) -> int:
    """Run the releases asked for, oldest first, and show how they differ. Exit codes as for `run`."""
    messages = stderr_console()
    releases_wanted = arguments.releases or _last(arguments.name.partition("/")[0], arguments)
    names = [f"{arguments.name}@{release}" for release in releases_wanted]
    arguments.extractor = names
    finished, code = run_command.execute(arguments, messages)
    if finished is None:
        return code
    shown = history(finished.records, names)
    if not shown:
        raise CannotTell(f"no release of {arguments.name} could run")
    print_history(shown, ranking_metric(measured(finished.records[0].scores)), stdout_console())
    messages.print(f"\nrun {finished.id}: harness show {finished.id}", style="dim", soft_wrap=True)
    return code


def _last(name: str, arguments: argparse.Namespace) -> list[str]:
    """The last releases that the package index lists."""
    try:
        registry = Registry(arguments.plugins)
        (selection,) = registry.select([name])
        return releases(selection.plugin)[-arguments.last :]
    except PluginError as error:
        raise Impossible("\n".join(error.reasons)) from None
    except NoReleases as error:
        raise CannotTell(str(error)) from None
