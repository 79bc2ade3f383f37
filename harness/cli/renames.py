"""`--as NEW=OLD`: an extractor is compared with one that had another name."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence

from harness.common.errors import Impossible
from harness.common.wording import did_you_mean


def as_option(parser: argparse.ArgumentParser) -> None:
    """Which extractors had other names."""
    parser.add_argument(
        "--as",
        dest="judged_as",
        action="append",
        default=[],
        metavar="NEW=OLD",
        help="compare this extractor with one that had another name, such as x@2.0=x@1.9; may be repeated",
    )


def renames(words: Sequence[str], new: Collection[str], old: Collection[str]) -> dict[str, str]:
    """The old name of each new one. new, old: the extractors that there are. Raises Impossible for other names."""
    found: dict[str, str] = {}
    mistakes = []
    for word in words:
        places = [at for at, character in enumerate(word) if character == "="]
        pairs = [(word[:at], word[at + 1 :]) for at in places]  # names of commands may have the sign, too
        known = [pair for pair in pairs if pair[0] in new and pair[1] in old]
        if known and known[0][0] not in old and known[0][0] not in found and known[0][1] not in found.values():
            found[known[0][0]] = known[0][1]
        elif known:
            mistakes.append(f"--as {word}: {known[0][0]!r} is on the other side, too, or one of the names is given twice")
        elif not pairs:
            mistakes.append(f"--as {word}: not two names with = between them, the one of now first")
        else:
            sides = [("the run", pairs[0][0], new), ("the baseline", pairs[0][1], old)]
            mistakes += [
                f"--as {word}: {side} has no extractor {name!r}{did_you_mean(name, names)}; it has {', '.join(names)}"
                for side, name, names in sides
                if name not in names
            ]
    if mistakes:
        raise Impossible("\n".join(mistakes))
    return found
