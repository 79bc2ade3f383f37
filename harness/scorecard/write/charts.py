"""The charts of a scorecard, drawn by matplotlib: the same for the same numbers.

Each is drawn for a medium. In a page its colours are names of CSS variables, so that one drawing serves light and dark; it
is hidden from screen readers but for its title, and its numbers are in a table beside it. In a file of its own, SVG or PDF,
it has colours for white paper.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar
from xml.etree import ElementTree

from harness.analysis.confidence import Confidence
from harness.common.errors import Impossible
from harness.common.wording import pip_install
from harness.scorecard.values.changes import ReleaseHistory
from harness.scorecard.values.robustness import DOSES, LOSSES, DoseCurve, DosePoint, RobustTrack
from harness.scorecard.values.track import BANDS, LeaderboardRow, Tails, Track
from harness.scorecard.write.phrases import band_names, dose_bin, dose_names
from harness.scorecard.write.sanitise import sanitise

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ON_WHITE = {
    "ink": "#1f2328",
    "muted": "#59636e",
    "line": "#c4cad1",
    "accent": "#0b5cad",
    "bad": "#b3261e",
    **{f"band{number}": colour for number, colour in enumerate("#c9683a #dd9a5e #e6c79c #b5c9dc #74a0cb #2f6cb0".split())},
    **{f"series{number}": colour for number, colour in enumerate("#1f68bc #a84811 #1d7d3e #834ba8 #a93b65 #10777c".split())},
}
"""The colours of a file, by the name of the CSS variable that a page has for each."""
_IN_PAGE = {f"#0102{number:02x}": name for number, name in enumerate(_ON_WHITE)}
"""What stands for each variable until a drawing for a page is finished."""
_COLOUR = re.compile("|".join(_IN_PAGE))


def _named(name: str) -> str:
    """What matplotlib is told for a colour; `_figure` says what that is in its medium."""
    return f"harness:{name}"


INK, MUTED, LINE, ACCENT, BAD = map(_named, ("ink", "muted", "line", "accent", "bad"))
_BAND_COLOURS = tuple(_named(f"band{number}") for number in range(len(BANDS) + 1))
_SERIES_COLOURS = tuple(_named(f"series{number}") for number in range(6))
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_TICKS = 80  # characters that stand side by side below a chart
_NAME = 32  # characters of a name in a chart

_Box = tuple[float, float, float, float]  # left, bottom, right, top
_Side = tuple[tuple[float, float], Literal["left", "center", "right"], Literal["bottom", "center", "top"]]
_SIDES: tuple[_Side, ...] = (
    ((7, 0), "left", "center"),
    ((-7, 0), "right", "center"),
    ((6, 5), "left", "bottom"),
    ((6, -5), "left", "top"),
    ((-6, 5), "right", "bottom"),
    ((-6, -5), "right", "top"),
)
_SIZE = 10
_MARKERS = "os^Dv*P"  # with the colours and dashes, 42 lines are told apart
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)))
_FEWEST_PAGES = 10  # from which on a mean is drawn


T = TypeVar("T", str, bytes)


@dataclass(frozen=True)
class Medium(Generic[T]):
    """What a chart is drawn for."""

    colours: Mapping[str, str]
    """As hexadecimal RGB, by name."""
    write: Callable[[Figure, str], T]
    """Makes a figure and its title what is wanted."""
    has_legends: bool = True
    """Whether a chart explains its own colours; a page does that beside it."""


def in_page(prefix: str) -> Medium[str]:
    """An element of an HTML page. prefix: what its ids begin with; each chart of a page has another."""
    colours = {name: colour for colour, name in _IN_PAGE.items()}
    return Medium(colours, lambda figure, title: _svg(figure, prefix, title), has_legends=False)


def _file(figure: Figure, title: str, form: str) -> bytes:
    """The figure as a file, the same for the same figure."""
    metadata: dict[str, Any] = {"Title": title, "Creator": None}
    metadata |= {"Date": None} if form == "svg" else {"CreationDate": None, "Producer": None}
    figure.patch.set_alpha(1)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form, facecolor="white", metadata=metadata)
    return buffer.getvalue()


SVG_FILE = Medium(_ON_WHITE, lambda figure, title: _file(figure, title, "svg"))
"""A file for browsers and word processors. Its text is text."""
PDF_FILE = Medium(_ON_WHITE, lambda figure, title: _file(figure, title, "pdf"))
"""A file for LaTeX and printers, with its fonts in it."""


def leaderboard_chart(track: Track, medium: Medium[T]) -> T | None:
    """The metric of each extractor with its interval, in the order of the leaderboard; None without two values."""
    rows = [(line, line.value) for line in track.lines if line.value is not None]
    if len(rows) < 2:
        return None
    with _figure(medium, 7.6, 0.9 + 0.26 * len(rows)) as (figure, axes):
        for place, (line, value) in enumerate(reversed(rows)):
            colour = ACCENT if line.competes else MUTED
            if line.interval:
                axes.plot(line.interval, [place, place], color=colour, linewidth=4, alpha=0.35, solid_capstyle="butt")
            axes.plot([value], [place], "o", color=colour, markersize=5)
        axes.set_yticks(range(len(rows)), [_short(line.extractor) for line, _ in reversed(rows)])
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.set_xlabel(f"{track.metric}, with its 95 % interval over sites" if not track.no_interval else track.metric)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=LINE, linewidth=0.5, alpha=0.6)
        axes.set_axisbelow(True)
        return medium.write(figure, f"{track.metric} of each extractor, {track.name}")


def speed_chart(track: Track, medium: Medium[T]) -> T | None:
    """Quality against milliseconds, with the line of those that nobody beats in both; None without two times."""
    lines = [line for line in track.lines if not line.converted and line.milliseconds and line.value is not None]
    if len(lines) < 2:
        return None
    with _figure(medium, 7.6, 4.4) as (figure, axes):
        axes.set_xscale("log")
        for line in lines:
            _point(axes, line)
        front = sorted(_place(line) for line in lines if line.pareto)
        axes.plot(
            [x for x, _ in front],
            [y for _, y in front],
            color=ACCENT,
            linewidth=1,
            linestyle=(0, (4, 3)),
            zorder=1,
            drawstyle="steps-post",
        )
        axes.set_xlabel("median milliseconds a page (log scale): faster to the left")
        axes.set_ylabel(track.metric)
        _label_times(axes, [x for x, _ in map(_place, lines)])
        axes.margins(x=0.12, y=0.1)
        if not track.higher_is_better:
            axes.invert_yaxis()
        _label(figure, axes, lines, front)
        return medium.write(figure, f"{track.metric} against milliseconds a page, {track.name}")


def tails_chart(track: Track, medium: Medium[T]) -> T | None:
    """How the scores of each extractor's pages spread, from pages without text to perfect ones."""
    tails = [tail for tail in track.tails if tail.quantiles]
    if not tails:
        return None
    with _figure(medium, 7.6, 0.9 + 0.26 * len(tails)) as (figure, axes):
        _bars(axes, tails)
        if medium.has_legends:
            figure.legend(loc="outside upper left", ncols=len(band_names()), frameon=False, labelcolor=INK, fontsize=8)
        return medium.write(figure, f"Shares of pages by {track.metric}, {track.name}")


def history_chart(history: ReleaseHistory, medium: Medium[T]) -> T:
    """Quality with its interval, time and pages without text, release by release."""
    points = history.points
    times = any(point.milliseconds is not None for point in points)
    with _figure(medium, 7.6, 5.2 if times else 3.6, rows=3 if times else 2) as (figure, first):
        panels = figure.axes
        places = range(len(points))
        for place, point in enumerate(points):
            if point.interval:
                first.plot([place, place], point.interval, color=ACCENT, linewidth=3, alpha=0.35, solid_capstyle="butt")
        series: list[tuple[str, list[float | None]]] = [(history.metric, [point.value for point in points])]
        if times:
            series.append(("ms a page", [point.milliseconds for point in points]))
        series.append(("pages\nwithout text", [float(point.without_text) for point in points]))
        for axes, (name, values) in zip(panels, series):
            known = [(place, value) for place, value in zip(places, values) if value is not None]
            axes.plot(*zip(*known), color=ACCENT, marker="o", markersize=4, linewidth=1.2) if known else None
            axes.set_ylabel(name)
            axes.margins(x=0.05, y=0.2)
            names = [_short(point.name) for point in points]
            axes.set_xticks(list(places), names, rotation=90 if sum(map(len, names)) > _TICKS else 0)
            axes.tick_params(labelbottom=axes is panels[-1])
        for axes, (_, values) in zip(panels[1:], series[1:]):
            axes.set_ylim(0, 1.2 * max((value or 0.0 for value in values), default=0.0) or 1.0)
        return medium.write(figure, f"Releases of {history.title}")


def dose_chart(track: RobustTrack, medium: Medium[T]) -> T | None:
    """Change of F and leaked share against the dose of related stories, for each markup; None without two points."""
    drawn = [(curve, points) for curve in track.doses if len(points := drawn_points(curve)) > 1]
    if not drawn:
        return None
    markups = list(dict.fromkeys(curve.markup for curve, _ in drawn))
    names = [line.extractor for line in track.resistances]
    with _figure(medium, 7.6, 5.2 + _legend_height(names), rows=2, columns=len(markups)) as (figure, _):
        for number, axes in enumerate(figure.axes):
            row, column = divmod(number, len(markups))
            for curve, points in drawn:
                if curve.markup == markups[column]:
                    values = [point.change if row == 0 else point.leaked for point in points]
                    known = [(dose_bin(point), value) for point, value in zip(points, values) if value is not None]
                    axes.plot(*zip(*known), **_style(names, curve.extractor)) if known else None
            axes.axhline(0, color=LINE, linewidth=0.8, zorder=0)
            axes.set_xlim(-0.3, len(DOSES) + 0.3)
            axes.set_xticks(range(len(DOSES) + 1), dose_names())
            axes.margins(y=0.08)
            axes.tick_params(labelbottom=row == 1, labelleft=column == 0)
            if row == 0:
                axes.set_title(f"{markups[column]} stories", fontsize=_SIZE, color=INK, loc="left")
            else:
                axes.set_ylim(-0.04, 1.04)
                axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
                axes.set_xlabel("dose: inserted text for one of main content")
            if column == 0:
                axes.set_ylabel("change of F" if row == 0 else "leaked of what\nwas inserted")
        _legend(figure, names)
        return medium.write(figure, f"Change of F and leaked share against the dose of related stories, {track.name}")


def losses_chart(track: RobustTrack, medium: Medium[T]) -> T | None:
    """The share of pairs of page and operator that lose more F than so much; None without noise."""
    if not track.tails:
        return None
    names = [line.extractor for line in track.resistances]
    with _figure(medium, 7.6, 3.2 + _legend_height(names)) as (figure, axes):
        for tail in track.tails:
            axes.plot(LOSSES, tail.shares, markevery=(10, 20), **_style(names, tail.extractor))
        axes.set_xlim(0, 1)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("loss of F")
        axes.set_ylabel("pairs that lose more")
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        _legend(figure, names)
        return medium.write(figure, f"Shares of pages and operators that lose more F than so much, {track.name}")


def risk_chart(confidences: Sequence[Confidence], medium: Medium[T]) -> T | None:
    """Risk-coverage curves, one for each extractor that gave a confidence; None without one."""
    if not confidences:
        return None
    names = [one.extractor for one in confidences]
    with _figure(medium, 7.6, 3.2 + _legend_height(names)) as (figure, axes):
        for one in confidences:
            axes.plot(*zip(*one.curve), markevery=0.1, **_style(names, one.extractor))
        axes.set_xlim(0, 1.02)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("coverage: pages with the highest confidence")
        axes.set_ylabel(f"risk: 1 − their {confidences[0].metric}")
        axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        _legend(figure, names)
        return medium.write(figure, f"Risk against coverage, by {confidences[0].metric}")


def drawn_points(curve: DoseCurve) -> list[DosePoint]:
    """The points of a curve that are means over pages enough."""
    return [point for point in curve.points if point.pages >= _FEWEST_PAGES]


def _style(names: Sequence[str], name: str) -> dict[str, Any]:
    """How the line of an extractor is drawn, in every chart of a track alike."""
    number = names.index(name)
    colours, markers = len(_SERIES_COLOURS), len(_MARKERS)
    return {
        "color": _SERIES_COLOURS[number % colours],
        "marker": _MARKERS[number % markers],
        "linestyle": _DASHES[number // colours % len(_DASHES)],
        "markersize": 5,
        "linewidth": 1.4,
    }


def _legend(figure: Figure, names: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    lines = [Line2D([], [], label=_short(name), **_style(names, name)) for name in names]
    figure.legend(
        handles=lines, loc="outside upper left", ncols=_legend_columns(names), frameon=False, labelcolor=INK, fontsize=9
    )


def _legend_height(names: Sequence[str]) -> float:
    """Inches."""
    return 0.22 * -(-len(names) // _legend_columns(names))


def _legend_columns(names: Sequence[str]) -> int:
    """How many names stand beside one another, each with room for the longest."""
    return min(len(names), 100 // (8 + max(len(_short(name)) for name in names)))


def _place(line: LeaderboardRow) -> tuple[float, float]:
    """Where a line of the leaderboard stands: time and quality, both of which it has."""
    return line.milliseconds or 0.0, line.value or 0.0


def _label_times(axes: Axes, times: Sequence[float]) -> None:
    """Label as many steps of a logarithmic axis of milliseconds as there is room for."""
    from matplotlib.ticker import LogLocator, NullFormatter

    decades = math.log10(max(times) / min(times))
    steps = range(1, 10) if decades < 0.7 else (1, 2, 5) if decades < 2.5 else (1,)
    axes.xaxis.set_major_locator(LogLocator(subs=steps, numticks=50))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())


def _colour(line: LeaderboardRow) -> str:
    return ACCENT if line.pareto else MUTED if line.reference else INK


def _point(axes: Axes, line: LeaderboardRow) -> None:
    x, y = _place(line)
    colour = _colour(line)
    if line.interval:
        axes.plot([x, x], line.interval, color=colour, linewidth=1, alpha=0.35, zorder=1)
    axes.plot([x], [y], "o", color=colour, markerfacecolor="none" if line.reference else colour, markersize=6, zorder=3)


def _label(figure: Figure, axes: Axes, lines: Sequence[LeaderboardRow], front: Sequence[tuple[float, float]]) -> None:
    """Names beside the points, where there is room; those on the line of best trades come first."""
    figure.draw_without_rendering()

    def box(x0: float, y0: float, x1: float, y1: float, room: float) -> _Box:
        (left, bottom), (right, top) = axes.transData.transform([(x0, y0), (x1, y1)])
        return left - room, bottom - room, right + room, top + room

    taken = [box(x, y, x, y, 5) for x, y in map(_place, lines)]
    for (x0, y0), (x1, y1) in pairwise(front):
        taken += [box(x0, y0, x1, y0, 1), box(x1, min(y0, y1), x1, max(y0, y1), 1)]
    bars = [box(x, line.interval[0], x, line.interval[1], 1) for line in lines if line.interval for x, _ in [_place(line)]]
    for line in sorted(lines, key=lambda line: (not line.pareto, line.reference, line.extractor)):
        # Rather across the interval of another point than nowhere.
        if name := _name_beside(axes, line, [*taken, *bars]) or _name_beside(axes, line, taken):
            taken.append(name)


def _name_beside(axes: Axes, line: LeaderboardRow, taken: Sequence[_Box]) -> _Box | None:
    """Write a name on the first side of its point that is free; where that is, or None."""
    edge = axes.get_window_extent()
    for offset, side, height in _SIDES:
        text = axes.annotate(
            _short(line.extractor),
            _place(line),
            offset,
            textcoords="offset points",
            ha=side,
            va=height,
            color=_colour(line),
            fontsize=9,
        )
        text.set_in_layout(False)
        box = text.get_window_extent()
        free = all(box.x1 < x0 or box.x0 > x1 or box.y1 < y0 or box.y0 > y1 for x0, y0, x1, y1 in taken)
        if free and edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0 and box.y1 <= edge.y1:
            return box.x0, box.y0, box.x1, box.y1
        text.remove()
    return None


def _bars(axes: Axes, tails: Sequence[Tails]) -> None:
    places = range(len(tails) - 1, -1, -1)
    left = [0.0] * len(tails)
    for number, colour in enumerate((BAD, *_BAND_COLOURS)):
        widths = [100 * tail.shares[number] for tail in tails]
        axes.barh(places, widths, left=left, color=colour, height=0.72, linewidth=0, label=band_names()[number])
        left = [start + width for start, width in zip(left, widths)]
    axes.set_yticks(list(places), [_short(tail.extractor) for tail in tails])
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(-0.6, len(tails) - 0.4)


@contextmanager
def _figure(
    medium: Medium[Any], width: float, height: float, rows: int = 1, columns: int = 1
) -> Iterator[tuple[Figure, Axes]]:
    """An empty figure of so many inches and its first axes. Raises Impossible without matplotlib."""
    try:
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.colors import get_named_colors_mapping
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise Impossible(f"a chart needs {error.name}: {pip_install('scorecard')}") from None
    known = get_named_colors_mapping()
    for name, colour in medium.colours.items():
        known[_named(name)] = colour  # one by one: `update` would leave the last medium's colours in a cache
    style: dict[Any, Any] = {
        "pdf.fonttype": 42,
        "svg.fonttype": "none",
        "svg.hashsalt": "harness",
        "text.parse_math": False,
        "font.family": "DejaVu Sans",
        "font.size": _SIZE,
        "axes.edgecolor": LINE,
        "axes.labelcolor": MUTED,
        "xtick.color": LINE,
        "ytick.color": LINE,
        "xtick.labelcolor": MUTED,
        "ytick.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **style}), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # glyphs that matplotlib's font lacks: the reader's has them, or not
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        figure.patch.set_alpha(0)
        grid = figure.subplots(rows, columns, sharey="row", squeeze=False)
        for axes in figure.axes:
            axes.patch.set_alpha(0)
        yield figure, grid[0][0]


def _svg(figure: Figure, name: str, title: str) -> str:
    """The figure as an element of an HTML page. name: what its ids begin with."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = ElementTree.fromstring(buffer.getvalue())
    for parent in root.iter():
        for child in [child for child in parent if child.tag.endswith(("}metadata", "}style"))]:
            parent.remove(child)  # its rules would hold for the whole page
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        element.attrib = {key: _local(name, key, value) for key, value in element.attrib.items()}
        if _XLINK in element.attrib:
            element.attrib["href"] = element.attrib.pop(_XLINK)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.attrib["role"] = "img"
    label = ElementTree.Element("title")
    label.text = sanitise(title)
    root.insert(0, label)
    return ElementTree.tostring(root, encoding="unicode")


def _local(name: str, key: str, value: str) -> str:
    """An attribute with ids of this chart's own and the colours of the page."""
    if key == "id":
        return f"{name}-{value}"
    if key == _XLINK:
        return f"#{name}-{value[1:]}"
    value = re.sub(r"url\(#", f"url(#{name}-", value)
    return _COLOUR.sub(lambda match: f"var(--{_IN_PAGE[match[0]]})", value)


def _short(name: str) -> str:
    name = sanitise(name)
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
