"""Cells of a matrix of layouts."""

from harness.fuzz.measure.matrix import MatrixCell


def cell(
    operator: str = "Op()", change: float = 0.0, golden: str = "set/00", extractor: str = "a", **other: object
) -> MatrixCell:
    """What a layout changed in one output: its F went from 0.9 (from 0 where it rose) by `change`."""
    given = {
        "label": f"label of {operator}",
        "code": "D18",
        "nature": "noise",
        "site": golden,
        "set": "set",
        "outcome": "ok",
        "before_f": 0.9 if change <= 0.1 else 0.0,
        "after_f": (0.9 if change <= 0.1 else 0.0) + change,
        "before_recall": 1.0,
        "after_recall": 1.0,
        "retention": 0.0,
        "leaked": None,
        "dose": 0.0,
        "changed": bool(change),
        "kind": None,
        "severity": 0.0,
    }
    return MatrixCell(extractor, operator, golden=golden, **{**given, **other})
