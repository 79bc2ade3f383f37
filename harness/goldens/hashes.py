"""One hash for many goldens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def goldens_hash(goldens: Mapping[str, tuple[str, str]]) -> str:
    """A hash of goldens, which changes with any page or label. goldens: by id the hashes of their pages and labels."""
    rows = sorted((golden_id, *hashes) for golden_id, hashes in goldens.items())
    return hashlib.sha256(json.dumps(rows).encode("ascii")).hexdigest()
