"""What runs beyond one machine cost: nodes, web archives, exports.

    python -m benchmarks.scale nodes WCXB [PAGES]    two nodes of Ray with a CPU each, against one of them
    python -m benchmarks.scale archives [RECORDS]    memory and speed over web archives that it writes
    python -m benchmarks.scale listing [RECORDS]     MB/s of listing an archive on one core
    python -m benchmarks.scale export [ROWS]         time and memory of `harness export`

WCXB is the folder of that dataset. Ratios of one call count; seconds depend on the machine and its load.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import harness

_EXTRACTOR = "resiliparse"
_SHARD = 2_000  # records
_ARCHIVES = 10  # so that one has a tenth of the records
_WORDS = [f"word{number}" for number in range(5_000)]


def main(words: list[str]) -> int:
    """Do what the words ask for."""
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        what, *rest = words
        if what == "nodes":
            nodes(Path(folder), Path(rest[0]).resolve(), int(rest[1]) if rest[1:] else 2_000)
        else:
            number = int(rest[0]) if rest else 0
            {"archives": archives, "listing": listing, "export": export}[what](Path(folder), *([number] if number else []))
    return 0


def nodes(folder: Path, wcxb: Path, pages: int) -> None:
    """How much faster two nodes are than one, of the same cluster: one, two, and one again."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "HARNESS_CACHE": str(folder / "cache")}
    from ray.cluster_utils import Cluster

    patience = {"health_check_timeout_ms": 60_000, "health_check_initial_delay_ms": 60_000}
    head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": 80_000_000, "_system_config": patience}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    cluster.add_node(num_cpus=1, object_store_memory=80_000_000)
    seconds = []
    try:
        for number in (1, 2, 1):
            if number == 2:
                second = cluster.add_node(num_cpus=1, object_store_memory=80_000_000)
            _run_on(cluster.address, folder, wcxb, 40)  # what a node does once
            seconds.append(_run_on(cluster.address, folder, wcxb, pages))
            print(f"{number} node(s): {seconds[-1]:.0f} s for {pages} pages", flush=True)
            if number == 2:
                cluster.remove_node(second)
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]
    print(f"two nodes are {(seconds[0] + seconds[2]) / 2 / seconds[1]:.2f} times as fast as one")


def _run_on(address: str, folder: Path, wcxb: Path, pages: int) -> float:
    words = [
        "run",
        "-e",
        _EXTRACTOR,
        "-g",
        f"wcxb:{wcxb}",
        "--sample",
        str(pages),
        "--fresh",
        "--shards",
        str(min(pages, 40)),
    ]
    begun = time.perf_counter()
    harness(*words, "--engine", f"ray:{address}", folder=folder)
    return time.perf_counter() - begun


def archives(folder: Path, records: int = 200_000) -> None:
    """Memory after a tenth of the records and after all, pages and MB a second, in shards of this machine."""
    size = _write_archives(folder, records)
    spent = {}
    for part, shards in ((records // 10, max(1, records // 10 // _SHARD)), (records, max(1, records // _SHARD))):
        pattern = "crawl/00000.warc.gz" if part < records else "crawl/*.warc.gz"
        words = ["run", "-e", _EXTRACTOR, "-g", f"warc:{pattern}", "--keep-texts", "none", "--fresh", "-j", "1"]
        spent[part] = harness(*words, "--shards", str(shards), "--run-folder", f"parts{part}", folder=folder)
    few, many = spent.values()
    print(f"{records} records, {size / 1e6:.0f} MB unpacked, shards of {_SHARD} records, -j 1")
    print(f"memory: {few.memory:.0f} MB for a tenth, {many.memory:.0f} MB for all")
    print(f"wall: {records / many.wall:.0f} pages/s, {size / 1e6 / many.wall:.1f} MB/s")
    print(f"CPU: {records / many.cpu:.0f} pages/s, {size / 1e6 / many.cpu:.1f} MB/s")


def listing(folder: Path, records: int = 20_000) -> None:
    """MB of unpacked records a second of CPU."""
    from harness.datasets.formats.warc import warc_entries

    size = _write_archives(folder, records, paragraphs=140)
    begun = time.process_time()
    number = sum(1 for _ in warc_entries(folder / "crawl"))
    spent = time.process_time() - begun
    print(f"listing: {size / 1e6 / spent:.0f} MB/s, {number / spent:.0f} records/s of CPU")


def export(folder: Path, rows: int = 1_000_000) -> None:
    """Time and memory of the export of a run with so many rows."""
    harness("run", "-e", _EXTRACTOR, "-e", "justext", "-g", "core", folder=folder)
    (stored,) = (folder / "reports/runs").glob("*.jsonl")
    lines = [json.loads(line) for line in stored.read_text("utf-8").splitlines()]
    records = [line for line in lines if line["type"] == "record"]
    with (folder / "many.jsonl").open("w") as file:
        for line in lines:
            if line["type"] not in ("record", "footer"):
                file.write(_line(line))
        for number in range(rows):
            record = records[number % len(records)]
            file.write(_line({**record, "golden": f"{record['golden']}-{number}"}))
        file.write(_line(lines[-1]))
    spent = harness("export", "many.jsonl", "-o", "run.parquet", folder=folder)
    print(f"export: {rows} rows in {spent.cpu:.0f} s of CPU, {spent.wall:.0f} s of the clock, {spent.memory:.0f} MB")


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, separators=(",", ":")) + "\n"


def _write_archives(folder: Path, records: int, paragraphs: int = 12) -> int:
    """Write archives into `crawl/`, and return the bytes that they unpack to."""
    chance = random.Random(1)
    (folder / "crawl").mkdir()
    each = max(1, records // _ARCHIVES)
    size = 0
    for number, first in enumerate(range(0, records, each)):
        with (folder / "crawl" / f"{number:05}.warc.gz").open("wb") as file:
            for place in range(first, min(first + each, records)):
                texts = (" ".join(chance.choices(_WORDS, k=60)) for _ in range(paragraphs))
                body = f"<html lang=en><title>{place}</title><nav>Home News</nav>{''.join(f'<p>{text}' for text in texts)}"
                content = _response(f"http://s{place % 997}.example/{place}", body.encode("ascii"))
                size += len(content)
                file.write(gzip.compress(content, 1, mtime=0))
    return size


def _response(url: str, body: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode("ascii") + block + b"\r\n\r\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
