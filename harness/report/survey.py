"""A survey in the terminal, as Markdown, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from rich.console import Console

from harness.analysis.survey.calibration import BOUNDS, FAILED
from harness.analysis.survey.consensus import FEWEST_VOICES
from harness.analysis.survey.survey import DOUBTFUL, Survey, Surveyed
from harness.analysis.survey.trust import doubts
from harness.common.wording import command_line, plural
from harness.report.kit import markdown
from harness.report.kit.columns import Column, markdown_table, print_table
from harness.report.kit.numbers import NONE, count, milliseconds, number, share
from harness.report.kit.terminal import one_line

_ORDER = "The order tells extractors apart whose F differs by .05 or more; nearer ones need labels."
_SETS = 5  # of each size that are shown; JSON has all
_DIFFERENCES = 5
_PASSAGES = 5


@dataclass(frozen=True)
class _SurveyTable:
    title: str
    columns: list[Column]

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to tabulate."""
        return bool(self.columns[0].cells)


def print_survey(survey: Survey, console: Console) -> None:
    """Print what each extractor returned, how far they agree, and when that must not be trusted."""
    for table in _tables(survey):
        print_table(table.columns, console, table.title)
    for line in _passages(survey):
        console.print(line, soft_wrap=True)
    if found := _commands(survey):
        console.print("Pages on which two extractors differ most:", style="bold")
        for said, command in found:
            console.print(f"  {said}\n    {command}", soft_wrap=True)
    if survey.independent > FEWEST_VOICES:
        told = ", ".join(f"{name}: {share(failed)}" for name, failed in _calibration())
        console.print(f"On labelled pages, outputs with F < .5 by agreement: {told}", style="dim", soft_wrap=True)
        console.print(_ORDER, style="dim", soft_wrap=True)
    for line in doubts(survey):
        console.print(line, style="yellow", soft_wrap=True)


def survey_as_markdown(survey: Survey) -> str:
    """The same as Markdown."""
    lines: list[str] = [markdown.heading(1, f"Survey of run {survey.run}"), ""]
    for line in doubts(survey):
        lines.append(f"- {markdown.escape(line)}")
    if survey.independent > FEWEST_VOICES:
        lines.append(f"- {markdown.escape(_ORDER)}")
    classes = [Column("agreement", [name for name, _ in _calibration()], justify="left")]
    classes.append(Column("F < .5", [share(failed) for _, failed in _calibration()]))
    for table in (*_tables(survey), _SurveyTable("How often F was below .5 on labelled pages, by agreement", classes)):
        lines += ["", markdown.heading(2, table.title), "", markdown_table(table.columns)]
    if passages := _passages(survey):
        lines += ["", markdown.heading(2, "What repeats over pages of one site"), ""]
        lines += [f"- {markdown.escape(line)}" for line in passages]
    if found := _commands(survey):
        lines += ["", markdown.heading(2, "Pages on which two extractors differ most"), ""]
        lines += [f"- {markdown.escape(said)}: {markdown.code(command)}" for said, command in found]
    return "\n".join(lines) + "\n"


def survey_as_json(survey: Survey) -> str:
    """All of it as JSON: shares and agreement in 0…1, times in milliseconds; null where there is no value."""
    found = {**asdict(survey), "doubts": list(doubts(survey)), "calibration": dict(_calibration())}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _tables(survey: Survey) -> list[_SurveyTable]:
    rows = survey.extractors
    names = [row.extractor if row.competes else f"({row.extractor})" for row in rows]
    tables = [
        _SurveyTable(
            f"What came out of {plural(len(survey.pages), 'page')}, the best agreement with the others first",
            [
                Column("extractor", names, justify="left"),
                Column("pages", [str(row.pages) for row in rows]),
                Column("empty", [count(row.empty) for row in rows]),
                Column("failed", [count(sum(row.failures.values())) for row in rows]),
                Column("ms", [milliseconds(row.cost.milliseconds) for row in rows]),
                Column("words", [NONE if row.words is None else f"{row.words:.0f}" for row in rows]),
                Column("agreement", [number(row.agreement) for row in rows]),
                Column(f"< {number(DOUBTFUL)}", [NONE if row.doubtful is None else str(row.doubtful) for row in rows]),
                Column("F < .5", [NONE if row.expected is None else f"~{row.expected:.0f}" for row in rows]),
                Column("alone", [share(row.alone) for row in rows]),
                Column("copies", [count(row.copies) for row in rows]),
                Column("repeated", [share(row.repeated, 1) for row in rows]),
            ],
        ),
        _languages(rows),
        *(_sets(survey, size) for size in (1, 2, 3)),
    ]
    return [table for table in tables if table.has_rows]


def _calibration() -> list[tuple[str, float]]:
    """The classes of agreement, each with the share of outputs that had F < .5."""
    names = [f"{number(low)} to {number(high)}" for low, high in pairwise((0.0, *BOUNDS, 1.0))]
    return list(zip(names, FAILED))


def _languages(rows: Sequence[Surveyed]) -> _SurveyTable:
    """By language, where there are several: pages, and the agreement of each extractor."""
    languages = dict.fromkeys(language for row in rows for language in row.languages)
    if len(languages) < 2:
        return _SurveyTable("", [Column("language", [])])
    columns = [Column("extractor", [row.extractor for row in rows], justify="left")]
    for language in languages:
        found = [row.languages.get(language) for row in rows]
        pages = max(value.pages for value in found if value)
        columns.append(Column(f"{language} ({pages})", [number(value.agreement if value else None) for value in found]))
    return _SurveyTable("Agreement by the language that pages declare", columns)


def _sets(survey: Survey, size: int) -> _SurveyTable:
    sets = [one for one in survey.combined if len(one.extractors) == size][:_SETS]
    return _SurveyTable(
        {1: "One extractor", 2: "Two together", 3: "Three together"}[size],
        [
            Column("extractors", [" + ".join(one.extractors) for one in sets], justify="left"),
            Column("oracle", [number(one.oracle) for one in sets]),
            Column("union covers", [share(one.covered, 1) for one in sets]),
            Column("unconfirmed", [share(one.unconfirmed, 1) for one in sets]),
        ],
    )


def _passages(survey: Survey) -> list[str]:
    found = [(passage, row.extractor) for row in survey.extractors if row.competes for passage in row.passages]
    found.sort(key=lambda one: -one[0].pages * len(one[0].text.split()))
    return [
        f"{name} returned on {plural(passage.pages, 'page')} of {passage.site}: {one_line(passage.text, 90)}"
        for passage, name in found[:_PASSAGES]
    ]


def _commands(survey: Survey) -> list[tuple[str, str]]:
    """Each of the pages once, with what it says of the two that differ most there."""
    most = {found.page: found for found in reversed(survey.differences)}
    in_order = sorted(most.values(), key=lambda found: found.share)
    return [
        (
            f"{found.first} and {found.second} have {share(found.share)} of their words in common on {found.page}",
            command_line("show", survey.run, "--page", found.page, "-e", found.first, "-e", found.second),
        )
        for found in in_order[:_DIFFERENCES]
    ]
