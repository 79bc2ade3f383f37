"""Operators made again of the plain values that findings keep."""

from harness.fuzz.catalogue import all_operators


def operator_of(values):
    (kind,) = (kind for kind in all_operators() if kind.__name__ == values["operator"])
    own = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return kind(**{key: value for key, value in own.items() if key not in ("operator", "code")})
