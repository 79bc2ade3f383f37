"""What every command's help has in common."""

from __future__ import annotations

import argparse
from typing import Any

EXIT_CODES = """\
exit codes:
  0    done
  1    done, and something is wrong: worse than the baseline (gate), findings (fuzz --search, replay),
       mistakes in goldens (check, agree, show --golden, upgrade), a file that is out of date (scorecard --check),
       a failed extractor (run --fail-on-errors)
  2    invalid request: unknown name, bad option, bad file
  3    could not tell: no page, an extractor that is not installed or cannot be loaded, a broken golden, no run yet,
       no baseline; or output could not be written
  70   internal error: a defect of the harness; --debug shows where
  130  interrupted; the run is kept and can be resumed
"""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of descriptions, and puts the names of commands and what they do side by side."""

    def add_argument(self, action: argparse.Action) -> None:
        """Take an argument into the help."""
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):
            self._action_max_length += self._indent_increment  # argparse forgets that they are indented


def described(what: str) -> dict[str, Any]:
    """How a command's help describes it."""
    return {
        "description": what[0].upper() + what[1:] + ".",
        "epilog": EXIT_CODES,
        "formatter_class": HelpFormatter,
    }
