"""Records of outputs that an earlier run scored, kept beside the outputs in the user's cache.

A record is a function of the golden, the output, the metrics, and the code that scores, with the libraries that it uses: its
key is a hash of all of them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from harness.common.files import LARGEST_FILE, inflate
from harness.common.typed import typed
from harness.engine.cache import OutputCache, Stamp
from harness.evaluation.digests import Digest, code_hash, hash_of
from harness.metrics.choice import sources_of
from harness.plugins.runnable import Runnable
from harness.runs.record import Record


@dataclass(frozen=True)
class KnownRecord:
    """A record of an earlier run, and what its output was made by."""

    record: Record
    """The record; its answer came from the cache."""
    version: str | None
    """The version of the extractor that gave the output."""


@dataclass(frozen=True)
class _KeptRecord:
    """A record as the cache has it."""

    record: Record
    version: str | None
    files: str | None


class KeptRecords:
    """Records of earlier runs with the same metrics."""

    def __init__(self, cache: OutputCache, metrics: Sequence[str]) -> None:
        """cache: where they are kept. metrics: what is scored; records are kept only if all come with the harness."""
        self._cache = cache
        self._metrics = None if sources_of(metrics) else list(metrics)

    def record(self, digest: Digest, runnable: Runnable, repeat: int, timeout: float) -> KnownRecord | None:
        """The record of an output that is known and took no longer than `timeout` seconds."""
        if self._metrics is None or not digest.page.is_all_of(runnable):
            return None
        output = self._cache.output(runnable, digest.page, repeat)
        packed = self._cache.kept(self._key(digest, runnable, output)) if output else None
        if packed is None:
            return None
        about = {"extractor": runnable.name, "repeat": repeat, "cached": True}
        try:
            row = json.loads(inflate(packed, LARGEST_FILE))
            found = typed(_KeptRecord, {**row, "record": {**row["record"], **about}})
        except (zlib.error, ValueError, TypeError, KeyError):
            return None  # damaged
        timing = found.record.timing
        wall = timing.get("wall") or timing.get("first_wall") or 0
        if wall > timeout or not self._cache.fits(timing.get("peak_memory")):
            return None
        if not self._cache.may_use(runnable.name, found.files):
            return None
        return KnownRecord(found.record, found.version)

    def keep_record(self, digest: Digest, runnable: Runnable, stamp: Stamp, version: str | None, record: Record) -> None:
        """Keep the record of an output that is in the cache, unless it depends on the time that scoring took."""
        if self._metrics is None or record.unscored or record.outcome in ("unreadable", "unscored"):
            return
        row = {name: value for name, value in vars(record).items() if name not in ("extractor", "repeat", "cached")}
        told = {"record": row, "version": version, "files": stamp.files}
        self._cache.keep(self._key(digest, runnable, stamp.output), zlib.compress(json.dumps(told).encode("ascii"), level=1))

    def _key(self, digest: Digest, runnable: Runnable, output: bytes) -> bytes:
        made_by = [runnable.output, runnable.declared.media, output.hex()]
        return hash_of([code_hash(), self._metrics, digest.content, *made_by])
