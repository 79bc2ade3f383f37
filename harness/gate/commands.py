"""The commands that a verdict names, about the same run, baseline and rules as the verdict itself."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from harness.baseline.file import BASELINE


@dataclass(frozen=True)
class Commands:
    """What was judged, as the user named it."""

    run: str = ""
    """The run; empty where there is none."""
    baseline: str = ""
    """The file of the baseline; empty for the usual one."""
    rules: str = ""
    """What `--rules` was given."""
    policy: str = ""
    """The policy that the outputs of the run were scored again under."""
    measure: str = ""
    """The command that measures the run under that policy; empty where it was measured as it was judged."""
    extractors: tuple[str, ...] = ()
    """The extractors that were judged, where only some were asked for."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """By extractor of the run the name that it has in the baseline."""

    def accept(self, *options: str) -> str:
        """The command that makes the run, or what was judged of it, the baseline. options: further ones."""
        if self.measure:
            return f"{self.measure} && {shlex.join(['harness', 'accept', *self._about(), *options])}"
        return shlex.join(["harness", "accept", *self._run(), *self._about(), *options])

    def prune(self) -> str:
        """The command that also deletes what the run does not have."""
        return replace(self, extractors=()).accept("--prune")

    def gate(self, *options: str) -> str:
        """The command that judges the run again. options: further ones."""
        rules = ["--rules", self.rules] if self.rules else []
        return shlex.join(["harness", "gate", *self._run(), *self._about(), *rules, *self._policy(), *options])

    def show(self, page: str, extractor: str) -> str:
        """The command that shows what an extractor does on a page."""
        return shlex.join(["harness", "show", *self._run(), "--page", page, "-e", extractor, *self._policy()])

    def _run(self) -> list[str]:
        return [self.run] if self.run else []

    def _policy(self) -> list[str]:
        return ["--policy", self.policy] if self.policy else []

    def _about(self) -> list[str]:
        """The baseline, the extractors and their names, as `accept` and `gate` take them."""
        baseline = ["--baseline", self.baseline] if self.baseline not in ("", str(BASELINE)) else []
        only = [word for name in self.extractors for word in ("-e", name)]
        return [*baseline, *only, *(word for new, old in self.renamed.items() for word in ("--as", f"{new}={old}"))]
