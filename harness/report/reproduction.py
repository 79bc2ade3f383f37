"""Published against measured, as a section of a Markdown page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from harness.analysis.reproduction import Benchmark, Published, Reproduced, ReproductionRow, Values
from harness.common.wording import plural
from harness.report.kit import markdown
from harness.report.kit.numbers import NONE, number, signed


def section(benchmark: Benchmark, rows: Sequence[ReproductionRow], commands: Sequence[str]) -> str:
    """A section with the table of a benchmark, and one by page kind where it has that; `commands` made it."""
    names = " / ".join(name.partition(".")[2] for name in benchmark.metrics)
    pages = max((item.pages for row in rows for item in (row.from_outputs, row.run_here) if item), default=0)
    head = ["system", "published", "from its outputs", "difference", "run here", "difference", "why"]
    lines = [
        markdown.heading(2, benchmark.title),
        "",
        f"Published: {benchmark.source}.",
        f"Metrics: `{benchmark.group}.*`, in the order {names}. {pages} of the {benchmark.pages} pages are here. Made by",
        "",
        markdown.code_block(commands),
        "",
        _table(head, [_cells(benchmark, row) for row in rows]),
    ]
    if benchmark.kinds:
        first = benchmark.metrics[0]
        by_kind = [row for row in rows if (row.published and row.published.by_kind) or row.run_here]
        lines += ["", f"`{first}` by kind of page, published and run here:", ""]
        lines.append(_table(["system", *benchmark.kinds], [line for row in by_kind for line in _by_kind(row)]))
    return "\n".join(lines) + "\n"


def replace_section(page: str, name: str, text: str) -> str:
    """The page with the section between the marks of `name` replaced, or put at its end."""
    marked = f"<!-- {name} -->\n{text}<!-- end of {name} -->\n"
    pattern = re.compile(rf"<!-- {re.escape(name)} -->\n.*?<!-- end of {re.escape(name)} -->\n", re.S)
    if pattern.search(page):
        return pattern.sub(lambda _: marked, page)
    return f"{page.rstrip()}\n\n{marked}" if page.strip() else marked


def _cells(benchmark: Benchmark, row: ReproductionRow) -> list[str]:
    published = row.published
    measured = row.run_here or row.from_outputs
    return [
        published.system if published else measured.extractor if measured else "",
        _with_version(published.values, published.version) if published else NONE,
        _values(row.from_outputs.values) if row.from_outputs else NONE,
        _difference(published, row.from_outputs),
        _with_version(row.run_here.values, row.run_here.version) if row.run_here else NONE,
        _difference(published, row.run_here),
        _why(benchmark, published, row.run_here),
    ]


def _why(benchmark: Benchmark, published: Published | None, here: Reproduced | None) -> str:
    """Why what was run here differs, as far as that is known."""
    reasons = []
    if here and published and published.version and here.version != published.version:
        reasons.append(f"version {here.version}, not {published.version}")
    if here and published and published.note:
        reasons.append(published.note)
    if here and published and here.pages != benchmark.pages:
        reasons.append(f"{here.pages} of {benchmark.pages} pages")
    if here and here.failed:
        reasons.append(f"{plural(here.failed, 'page')} failed here")
    return "; ".join(reasons)


def _by_kind(row: ReproductionRow) -> list[list[str]]:
    lines = []
    if row.published and row.published.by_kind:
        lines.append([f"{row.published.system}, published", *map(number, row.published.by_kind)])
    if row.run_here:
        lines.append([_name(row.run_here), *map(number, row.run_here.by_kind)])
    return lines


def _name(here: Reproduced) -> str:
    """The extractor with its version, which a name with a release has already."""
    return here.extractor if "@" in here.extractor or not here.version else f"{here.extractor} {here.version}"


def _difference(published: Published | None, item: Reproduced | None) -> str:
    """The difference in the first metric, in the digits that were published."""
    if published is None or item is None or published.values[0] is None or item.values[0] is None:
        return NONE
    return signed(round(item.values[0], 3) - published.values[0])


def _with_version(values: Values, version: str | None) -> str:
    return f"{_values(values)} ({version})" if version else _values(values)


def _values(values: Values) -> str:
    return " / ".join(map(number, values))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return markdown.table(head, rows, ["left"] * len(head))
