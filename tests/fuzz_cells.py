"""Cells of a matrix that the tests of its statistics and reports share."""

from harness.fuzz.measure.matrix import MatrixCell


def cell(
    operator: str = "Op()", change: float = 0.0, golden: str = "set/00", extractor: str = "a", **other: object
) -> MatrixCell:
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
