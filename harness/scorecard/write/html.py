"""A scorecard as one HTML file, which opens from disk, fetches nothing and needs no script to be read."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from harness.common.errors import Impossible
from harness.common.wording import pip_install, plural
from harness.report.fuzzing import NATURES
from harness.report.kit.numbers import NONE, milliseconds, number, share, signed
from harness.report.result_columns import LEGEND
from harness.scorecard.values.card import Scorecard
from harness.scorecard.values.robustness import LISTED_LOSSES
from harness.scorecard.values.track import QUANTILES, NumberGrid, Track
from harness.scorecard.write import charts
from harness.scorecard.write.phrases import (
    band_names,
    change_sentence,
    dose_name,
    limit_of,
    limits_of_columns,
    marks,
    overlap,
    scores_beside,
    worst_error,
)
from harness.scorecard.write.sanitise import clean, sanitise

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = "templates"
# Nothing is fetched, and no script runs but the one whose hash this is.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
_DEEPEST = 0.55
_GOOD, _ILL = "58 124 194", "214 122 26"
STEPS = (0.005, 0.02, 0.05, 0.15, 0.4)
"""Changes of F from which on a cell of a heat map has the next deeper colour."""
_SVG = re.compile(r"<svg .*?</svg>", re.DOTALL)


def html(card: Scorecard) -> str:
    """The scorecard as a page. Raises Impossible without the libraries that it needs."""
    script = _file("filter.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = _environment()
    from markupsafe import Markup

    def drawing(svg: str | None) -> Markup | None:
        return None if svg is None else Markup(svg)  # made by `charts`; ElementTree has escaped every text in it

    robust = card.robustness.tracks if card.robustness else ()
    return environment.get_template("scorecard.html.j2").render(
        card=card,
        style=Markup(_file("scorecard.css")),
        script=Markup(script),
        policy=_POLICY.format(digest),
        speed=[
            drawing(charts.speed_chart(track, charts.in_page(f"speed-{number}"))) for number, track in enumerate(card.tracks)
        ],
        tails=[
            drawing(charts.tails_chart(track, charts.in_page(f"tails-{number}"))) for number, track in enumerate(card.tracks)
        ],
        releases=[
            drawing(charts.history_chart(item, charts.in_page(f"history-{number}")))
            for number, item in enumerate(card.history)
        ],
        robust_style=Markup(_file("robustness.css")),
        doses=[drawing(charts.dose_chart(track, charts.in_page(f"doses-{number}"))) for number, track in enumerate(robust)],
        losses=[
            drawing(charts.losses_chart(track, charts.in_page(f"losses-{number}"))) for number, track in enumerate(robust)
        ],
        risk=drawing(charts.risk_chart(card.models.confidence, charts.in_page("risk")) if card.models else None),
        natures=NATURES,
        steps=STEPS,
        losses_listed=LISTED_LOSSES,
        bands=band_names(),
        quantiles=["worst", *(f"{100 * quantile:.0f} %" for quantile in QUANTILES[1:-1]), "median"],
        legend=LEGEND,
    )


def strip_drawings(page: str) -> str:
    """A page without its charts, whose bytes differ from one release of the chart library to the next."""
    return _SVG.sub("", page)


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup, escape
    except ModuleNotFoundError as error:
        raise Impossible(f"a scorecard needs {error.name}: {pip_install('scorecard')}") from None

    def finished(value: Any) -> Any:
        return sanitise(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("harness.scorecard.write", _TEMPLATES),
        autoescape=True,
        finalize=finished,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": number,
        "milliseconds": milliseconds,
        "marks": marks,
        "change_sentence": change_sentence,
        "whole": lambda text: Markup(escape(clean(text))),
        "heat": _heat,
        "largest": _largest,
        "cell": _cell,
        "scale": _scale,
        "on": _position,
        "plural": plural,
        "signed": signed,
        "step": _step,
        "percent": share,
        "overlap": overlap,
        "scores_beside": scores_beside,
        "limit_of": limit_of,
        "limits_of_columns": limits_of_columns,
        "worst_error": worst_error,
        "dose_name": dose_name,
    }
    return environment


def _largest(grid: NumberGrid, form: str) -> float:
    """What a cell of a grid is coloured in relation to; the column of all kinds of words together is left out."""
    first = 1 if form == "words" else 0
    return 1.0 if form in ("score", "error") else max((v or 0.0 for _, row in grid.rows for v in row[first:]), default=0.0)


def _heat(value: float | None, most: float, form: str) -> str:
    """The colour of a cell: never so deep that its number could not be read, in light and in dark."""
    depth = 0.0 if value is None or most <= 0 else _DEEPEST * min(1.0, max(0.0, value / most))
    return f"background:rgb({_GOOD if form == 'score' else _ILL}/{depth:.2f})"


def _cell(value: float | None, form: str) -> str:
    """A cell of a grid as people read it."""
    if value is None:
        return NONE
    if form in ("score", "error"):
        return number(value)
    return "·" if value == 0 else f"{value:.0f}" if form == "pages" else f"{value:.1f}"


def _scale(track: Track) -> tuple[float, float]:
    """The scores between which the leaderboard draws: those of who competes and their intervals, with some room."""
    lines = [line for line in track.lines if line.competes] or track.lines
    ends = [end for line in lines for end in (*(line.interval or ()), line.value) if end is not None]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    return max(0.0, low - 0.02), max(min(1.0, high + 0.02), low + 0.05)


def _position(value: float, scale: tuple[float, float]) -> str:
    """Where a score stands on a scale, in percent; at an end if it lies beyond."""
    low, high = scale
    return f"{100 * min(1.0, max(0.0, (value - low) / (high - low))):.2f}%"


def _step(change: float | None) -> str:
    """The class of a cell of a heat map: how many of STEPS its change reaches, and which way."""
    reached = sum(abs(change or 0.0) >= step for step in STEPS)
    return f"{'gain' if (change or 0.0) > 0 else 'loss'}{reached}" if reached else ""


def _file(name: str) -> str:
    return (files("harness.scorecard.write") / _TEMPLATES / name).read_text(encoding="utf-8")
