"""LaTeX: escaping, and tables with the rules of booktabs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harness.report.kit.markdown import Justify
from harness.report.kit.terminal import one_line

_WRITTEN = {
    **{char: f"\\{char}" for char in "&%$#_{}"},
    **{"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"},
    **{"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''"},
    **{"†": r"\dag{}", "‡": r"\ddag{}", "–": "--", "…": r"\dots{}"},
}
_SPECIAL = re.compile("|".join(map(re.escape, _WRITTEN)))


def escape(text: str) -> str:
    """Text in one line, in which nothing is a command."""
    return _SPECIAL.sub(lambda match: _WRITTEN[match[0]], one_line(text))


def strong(text: str) -> str:
    """Escaped text in bold."""
    return rf"\textbf{{{text}}}"


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], sides: Sequence[Justify], caption: str, notes: Sequence[str] = ()
) -> str:
    """A floating table of escaped cells. heads, caption, notes: as people read them."""
    columns = "".join("l" if side == "left" else "r" for side in sides)
    lines = [" & ".join(cells) + r" \\" for cells in (map(escape, heads), *rows)]
    below = [r"\par\smallskip\footnotesize " + r" \\ ".join(map(escape, notes))] if notes else []
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{escape(caption)}}}",
            rf"\begin{{tabular}}{{{columns}}}",
            r"\toprule",
            lines[0],
            r"\midrule",
            *lines[1:],
            r"\bottomrule",
            r"\end{tabular}",
            *below,
            r"\end{table}",
        ]
    )
