"""What `--harness-layouts` asks of a golden: that no natural layout of its page breaks the extractor (docs/fuzzing.md)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

import pytest

from harness.common.places import ACCEPTED_FINDINGS, in_project
from harness.engine.answer import FAILURES
from harness.fuzz.catalogue import operators_of
from harness.fuzz.findings.finding import Finding, read_accepted
from harness.fuzz.search.extractor_search import ExtractorSearch, SearchOptions
from harness.fuzz.search.search import DISPUTED, strategies_of
from harness.goldens.golden import Golden
from harness.pages.page import Media
from harness.plugins.runnable import Runnable
from harness.pytest_plugin.failure import PageFailed
from harness.pytest_plugin.fixture import Harness, quoted, shortened
from harness.report.kit.terminal import escape_controls

_LONGEST_PAGE = 8_000  # characters; pages that hang are not made small
_LONGEST_ERROR = 1_000


class Layouts:
    """Searches so many layouts of a page after the other, with the extractor and the timeout of a session's options."""

    def __init__(self, harness: Harness, examples: int) -> None:
        """Raises Impossible if the list of accepted findings cannot be read."""
        self._harness, self._examples = harness, examples
        self._accepted = read_accepted(in_project(ACCEPTED_FINDINGS))

    def name(self, golden_id: str) -> str:
        """What the test of a golden with this id is called."""
        return f"{golden_id}[layouts]"

    def check(self, golden: Golden) -> None:
        """Search natural layouts of a golden.

        Raises PageFailed for those that break the extractor; pytest's outcomes where nothing can be searched (skipped) or
        where all that is found was accepted (an expected failure); Impossible and CannotTell if the extractor cannot run.
        """
        runnable = self._harness.runnable()
        if golden.page.media != runnable.declared.media:
            pytest.skip(
                escape_controls(
                    f"{runnable.name} is made for {runnable.declared.media}, and this page is {golden.page.media}"
                )
            )
        if (outcome := self._harness.measure(golden).outcome) in FAILURES:
            pytest.skip(f"the extractor fails on the page as it is: {outcome}")
        found = self._found(runnable, golden)
        new = [finding for finding in found if finding.id not in self._accepted]
        if new:
            raise PageFailed("\n".join([*_report_lines(new), self._again(golden)]))
        if found:
            pytest.xfail(escape_controls(f"{', '.join(finding.id for finding in found)}, as in {ACCEPTED_FINDINGS}"))

    def _found(self, runnable: Runnable, golden: Golden) -> list[Finding]:
        options = SearchOptions(examples=self._examples, timeout=self._harness.timeout)
        operators = strategies_of(golden.page.media, natural_codes(golden.page.media))
        search = ExtractorSearch(runnable, [golden], operators, options, lambda reason: pytest.skip(escape_controls(reason)))
        return list(search.findings())

    def _again(self, golden: Golden) -> str:
        """The command that finds it again: the same options find the same layouts."""
        goldens = [part for name in self._harness.names for part in ("--harness-goldens", name)]
        words = re.findall(r"[\w:+.\[\]/-]+", self.name(golden.id))  # what pytest's -k can read
        options = ["--harness-timeout", f"{self._harness.timeout:g}", "--harness-layouts", str(self._examples)]
        chosen = ["-k", " and ".join(word for word in words if word not in ("and", "or", "not"))]
        command = ["pytest", "--harness-extractor", str(self._harness.extractor), *goldens, *options, *chosen]
        return "again: " + escape_controls(shlex.join(command))


def natural_codes(media: Media) -> list[str]:
    """The codes of the operators that real pages could have gone through, and whose effect is beyond dispute."""
    kinds = operators_of(media)
    return [kind.code for kind in kinds if kind.nature in ("same", "noise") and kind.code not in DISPUTED]


def _report_lines(found: Sequence[Finding]) -> Iterator[str]:
    yield f"layouts break it: {', '.join(finding.kind for finding in found)}"
    for finding in found:
        yield ""
        yield f"{finding.level}: {finding.kind} {finding.severity:.2f}, {finding.id}"
        yield f"  {escape_controls(finding.python) if finding.operators else 'without any change'}"
        for what, words in (("lost", finding.lost), ("leaked", finding.leaked)):
            if words:
                yield f"  {what}: {escape_controls(words)}"
        if finding.error:
            yield quoted(shortened(escape_controls(finding.error), _LONGEST_ERROR))
        yield "  the page:"
        yield quoted(shortened(escape_controls(finding.page.page.content), _LONGEST_PAGE))
    yield ""
