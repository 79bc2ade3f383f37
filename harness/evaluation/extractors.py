"""The extractors of a run: from names to what can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.common import extensions
from harness.common.errors import CannotTell
from harness.plugins.lock import Lock
from harness.plugins.ready import Unavailable, fits_here, prepare
from harness.plugins.registry import PluginError, Registry, Selection, Unloadable
from harness.plugins.runnable import Runnable
from harness.plugins.sources import local_package
from harness.runs.request import RunRequest


@dataclass(frozen=True)
class NotInstalled:
    """Extractors that were left out of those that run by default, since they are not installed here."""

    added: tuple[str, ...]
    """Names of those that the user or a package added."""
    built_in: int
    """The number of those that come with the harness."""


def select(request: RunRequest) -> tuple[list[Selection], NotInstalled | None]:
    """The extractors that are asked for; without names, all that this environment can run as it is,
    but for recipes. Raises PluginError."""
    selections, not_installed, unloadable = select_loadable(request)
    if unloadable:
        raise PluginError([], unloadable)
    return selections, not_installed


def select_loadable(request: RunRequest) -> tuple[list[Selection], NotInstalled | None, list[Unloadable]]:
    """The extractors that are asked for, as `select` gives them, but for those that cannot be loaded, which come last.

    What an installed package offers and nobody asked for is a note at the end of the command. Raises PluginError where no
    extractor is left, too.
    """
    registry = Registry(request.plugins, memory=request.memory, timeout=request.timeout)
    by_default = [name for name, plugin in registry.plugins.items() if plugin.by_default]
    selections, unloadable = registry.select_loadable(request.extractors or by_default)
    if unloadable and not selections:
        raise PluginError([], unloadable)
    if request.extractors:
        is_all = "all" in request.extractors
        asked = [one for one in unloadable if is_all or not one.is_offered or one.name in request.extractor_names]
        extensions.note(*(str(one) for one in unloadable if one not in asked))
        return selections, None, asked
    here = [selection for selection in selections if fits_here(selection)]
    missing = [selection for selection in selections if selection not in here]
    added = tuple(selection.name for selection in missing if not selection.plugin.origin.startswith("built in"))
    return here, NotInstalled(added, len(missing) - len(added)) if missing else None, unloadable


def make_ready(
    selections: Sequence[Selection],
    request: RunRequest,
    announce: Callable[[str], None] | None,
    locks: Mapping[str, Lock] | None = None,
) -> tuple[list[Runnable], list[Unavailable]]:
    """The selections with what they need, built where necessary, and those that cannot run.

    announce: is called with a line for each environment that is built; None: nothing is built. locks: see
    `prepare`. Raises Impossible for a package of `--with` that is not there or stands in for nothing.
    """
    tell = announce or (lambda message: None)
    local = [local_package(asked, tell) for asked in request.local_packages]
    if request.own_requirements:
        selections = [_alone(one, tell) for one in selections]
    return prepare(
        selections,
        isolated=request.isolated or request.own_requirements,
        local_packages=[package.path for package in local],
        called={package.path: package.asked for package in local},
        announce=announce,
        locks=locks,
    )


def _alone(selection: Selection, announce: Callable[[str], None]) -> Selection:
    """The selection without the packages that its wrapper adds to its library, which is its first requirement."""
    _, *added = selection.plugin.declared.requires or [""]
    if not added:
        return selection
    announce(f"{selection.name} runs without {', '.join(added)}, which its wrapper adds")
    declared = selection.plugin.declared._replace(requires=selection.plugin.declared.requires[:1])
    return replace(selection, plugin=replace(selection.plugin, declared=declared))


def pinned(request: RunRequest, announce: Callable[[str], None]) -> RunRequest:
    """The request with the commits that its branches and tags stand for now. Raises Impossible."""
    return replace(request, local_packages=tuple(local_package(asked, announce).asked for asked in request.local_packages))


def require_extractors(runnables: Sequence[Runnable]) -> None:
    """Raise CannotTell if there is none."""
    if not runnables:
        raise CannotTell("no extractor to run; see `harness list extractors`")
