"""Numbers as people read them: scores, differences, times, sizes, shares. A dash means no value."""

from __future__ import annotations

from collections.abc import Mapping

NONE = "–"


def number(value: float | None) -> str:
    """A score: three decimals, no leading zero."""
    if value is None:
        return NONE
    shown = f"{abs(value):.3f}".removeprefix("0")
    return f"−{shown}" if value <= -0.0005 else shown


def signed(value: float | None, decimals: int = 3) -> str:
    """A difference of scores: a sign, so many decimals, no leading zero; `0` for less than half of the last one."""
    if value is None:
        return NONE
    shown = f"{abs(value):.{decimals}f}"
    return "0" if float(shown) == 0 else ("+" if value > 0 else "−") + shown.removeprefix("0")


def p_value(p: float | None) -> str:
    """A p value: two or three decimals, no leading zero."""
    if p is None:
        return NONE
    return "<.001" if p < 0.001 else "1" if p > 0.995 else (f"{p:.3f}" if p < 0.1 else f"{p:.2f}").removeprefix("0")


def share(value: float | None, decimals: int = 0) -> str:
    """A share in 0…1 as a percentage."""
    return NONE if value is None else f"{value:.{decimals}%}"


def count(value: int) -> str:
    """A count that is usually 0, which is shown as a dash so that the others stand out."""
    return str(value or NONE)


def milliseconds(time: float | None) -> str:
    """A time in milliseconds, one decimal below ten."""
    return NONE if time is None else f"{time:.1f}" if time < 9.95 else f"{time:.0f}"


def mebibytes(size: float | None) -> str:
    """A size in bytes as whole MiB."""
    return NONE if size is None else f"{size / 2**20:.0f}"


def money(amount: float | None) -> str:
    """An amount of money with four significant digits."""
    return NONE if amount is None else f"{amount:.4g}"


def interval(low: float, high: float) -> str:
    """The limits of an interval of differences."""
    return f"{signed(low)} … {signed(high)}"


def words_by_kind(words: Mapping[str, float], form: str = "g") -> str:
    """`related 61, comment 20`: numbers of words by kind, without zeros, the largest first."""
    largest = sorted(words.items(), key=lambda item: (-abs(item[1]), item[0]))
    return ", ".join(f"{kind} {format(words, form)}" for kind, words in largest if words)


def largest_kinds(words: Mapping[str, int] | None, most: int = 2) -> str:
    """`related 61%, comment 20%`: the kinds with most words and their shares; words are None where they were not counted."""
    if words is None:
        return "not counted"
    total = sum(words.values())
    largest = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:most]
    return ", ".join(f"{kind} {share(words / total)}" for kind, words in largest if words) or NONE
