"""What a run is asked to measure: everything that decides its results, and the command line that asks for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from harness.common.moved import moved_file, moved_goldens, moved_package, moved_path, moved_reference
from harness.common.options import (
    Option,
    byte_count,
    moved_values,
    option,
    options_of,
    part,
    path,
    positive_integer,
    project_value,
    seconds,
    values_of,
)
from harness.datasets.choice import Choice
from harness.engine.base import DEFAULT_MEMORY, DEFAULT_TIMEOUT
from harness.plugins.names import moved_extractor, name_of
from harness.runs.texts import ALL, texts_to_keep


@dataclass(frozen=True)
class RunRequest:
    """What a run is asked to measure. Equal requests over equal files give equal results.

    How a run is done (processes, known outputs, where it is stored) is no part of it.
    """

    extractors: tuple[str, ...] = option("--extractor", short="-e", help="extractor to run", move=moved_extractor)
    """Names as `harness run -e` takes them; none: all that are installed here."""
    goldens: tuple[str, ...] = option(
        "--goldens",
        short="-g",
        help="a folder, a set's name, one golden's id, or FORMAT:PATH for a public dataset (`harness list datasets`)",
        move=moved_goldens,
    )
    """Names as `harness run -g` takes them; none: the goldens in `goldens/`, else those that come with the harness."""
    choice: Choice = part(Choice)  # noqa: RUF009 (a dataclass field)
    """Which of the goldens."""
    metrics: tuple[str, ...] = option(
        "--metric",
        short="-m",
        help="metric to compute and show: NAME, FILE.py:NAME, module:NAME, or a benchmark for all of its metrics",
        move=moved_reference,
    )
    """Names as `harness run -m` takes them; none: the usual ones, and those of the benchmarks that the goldens are of."""
    policy: str = option(
        "--policy",
        help="judge by which kinds of text belong to the main content: NAME (`harness list policies`) or FILE.yaml",
        default="",
        metavar="NAME",
        move=moved_file,
    )
    """The policy that goldens are read under, a name or a file; empty: as they are labelled."""
    isolated: bool = option("--isolated", help="run every extractor in an isolated environment", default=False)
    """Whether every extractor runs in an environment of its own, even where this one fits."""
    own_requirements: bool = option(
        "--own-requirements",
        help="run every extractor with the first of its requirements alone, its library: without what its wrapper adds",
        default=False,
    )
    """Whether every Python extractor runs with the first of its requirements alone, in an isolated environment."""
    local_packages: tuple[str, ...] = option(
        "--with",
        key="local_packages",
        help="install a source tree or wheel (PATH), a commit of a checkout (PATH@COMMIT) or of a repository (git+URL@REF) "
        "in place of the requirement of the same name",
        metavar="PATH",
        move=moved_package,
    )
    """Source trees, wheels and commits that stand in for what extractors require."""
    plugins: tuple[Path, ...] = option(
        "--plugins",
        help="a file or folder of extractors, metrics, dataset formats, operators or report formats",
        parse=path,
        metavar="PATH",
    )
    """Files and folders of further extractors, metrics, dataset formats, operators and report formats."""
    dumps: tuple[Path, ...] = option(
        "--dumps",
        help="folder of pages that goldens name by checksum only (also: HARNESS_DUMPS)",
        parse=path,
        metavar="DIR",
    )
    """Folders of pages that goldens name by checksum only."""
    timeout: float = option(
        "--timeout", help="seconds for one page (default: 30)", default=DEFAULT_TIMEOUT, parse=seconds, metavar="S"
    )
    """Seconds for one page."""
    memory: int = option(
        "--memory",
        help="memory of a worker, such as 500M or 4G (default: 2G)",
        default=DEFAULT_MEMORY,
        parse=byte_count,
        metavar="SIZE",
    )
    """Bytes of memory for one worker; 0: no limit."""
    repeat: int = option(
        "--repeat", help="run every page N times and average (default: 1)", default=1, parse=positive_integer, metavar="N"
    )
    """How often every page is run."""
    keep_texts: str = option(
        "--keep-texts",
        help="keep the texts of outputs in the run: all (default), none, or N for those of one page in N",
        default=ALL,
        parse=texts_to_keep,
        metavar="N",
    )
    """Whose texts the run holds: `all`, `none`, or N for about one page in N. Scores are the same in any case."""
    predictions: tuple[Path, ...] = ()
    """Files of outputs that were made elsewhere; where there are any, nothing is run."""

    def to_words(self) -> list[str]:
        """The command line that asks for this; options at their defaults are left out."""
        if self.predictions:
            asked_for = self.options_words({"goldens", *_CHOICE, "metrics", "plugins", "dumps"})
            files = [f"./{path}" if str(path).startswith("-") else str(path) for path in self.predictions]
            return ["harness", "score", *files, *asked_for]
        return ["harness", "run", *self.options_words()]

    def moved(self, start: Path, end: Path) -> RunRequest:
        """The same request with paths relative to `end`, where those of this one are relative to `start`."""
        predictions = tuple(Path(moved_path(str(file), start, end)) for file in self.predictions)
        return replace(self, **moved_values(self, start, end), predictions=predictions)

    @property
    def extractor_names(self) -> list[str]:
        """What the extractors that were asked for are called in a run: their aliases, where they have one."""
        return [name_of(word) for word in self.extractors]

    def with_extractors(self, names: Collection[str]) -> RunRequest:
        """The same request of the extractors that are called so, each by the word that asks for it here, if any does."""
        words = dict(zip(self.extractor_names, self.extractors))
        return replace(self, extractors=tuple(words.get(name, name) for name in names))

    def with_metrics(self, names: Collection[str]) -> RunRequest:
        """The same request that computes and shows these metrics, too. names: as `-m` takes them."""
        return replace(self, metrics=tuple(dict.fromkeys((*self.metrics, *names))))

    def page_words(self) -> list[str]:
        """The options that say which pages, as words of a command line; without the shard."""
        return self.options_words({"goldens", "dumps", *_CHOICE} - {"shard"})

    def choice_words(self) -> list[str]:
        """The options that choose among the goldens, as words of a command line."""
        return self.options_words(_CHOICE)

    def environment_words(self) -> list[str]:
        """The options that say what extractors run in, as words of a command line."""
        return self.options_words({"plugins", "local_packages", "isolated", "own_requirements"})

    def options_words(self, names: Collection[str] | None = None) -> list[str]:
        """The options of these fields, as words of a command line. names: of fields of this class and of Choice."""
        values = values_of(self)
        asked_for = [item for item in options_of(RunRequest) if names is None or item.name in names]
        return [word for item in asked_for for word in item.words(values[item.key])]

    def given(self, but: Collection[str] = ()) -> list[Option]:
        """The options at neither their default nor the project's value. but: names of fields that do not count."""
        values = values_of(self)
        return [
            item
            for item in options_of(RunRequest)
            if item.name not in but and values[item.key] not in (item.default, project_value(item.key, item.default))
        ]


_CHOICE = frozenset(item.name for item in options_of(Choice))
