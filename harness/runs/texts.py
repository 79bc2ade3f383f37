"""Which texts of outputs a run keeps."""

from __future__ import annotations

import hashlib

from harness.common.options import positive_integer

ALL, NONE = "all", "none"


def texts_to_keep(word: str) -> str:
    """`all`, `none`, or N of one page in N. Raises ValueError for anything else."""
    if word in (ALL, NONE):
        return word
    try:
        return str(positive_integer(word))
    except ValueError:
        raise ValueError(f"{word!r} is neither all nor none nor a whole number of 1 or more") from None


def keeps_text(kept: str, golden_id: str) -> bool:
    """Whether the texts of a page are kept. kept: as `texts_to_keep` returns it.

    Of one page in N, a hash of its id decides which: the same in every run and in every shard.
    """
    if kept in (ALL, NONE):
        return kept == ALL
    return int.from_bytes(hashlib.sha256(golden_id.encode("utf-8", "surrogatepass")).digest()[:8], "big") % int(kept) == 0
