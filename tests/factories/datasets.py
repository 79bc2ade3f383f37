"""Small datasets, one in each format."""

from __future__ import annotations

import gzip
import json
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.datasets.base import Entry
from harness.goldens.golden import Golden

PAGE = b'<!DOCTYPE html><html lang="en"><body><p>The ferry sails at noon.</p><p>Share this</p></body></html>'


def write(file: Path, content: str | bytes | object) -> Path:
    """A file with bytes, text or JSON in it; packed if its name says so."""
    raw = (
        content
        if isinstance(content, bytes)
        else content.encode()
        if isinstance(content, str)
        else json.dumps(content).encode()
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(raw) if file.suffix == ".gz" else raw)
    return file


def wcxb_truth(**changes: object) -> dict[str, object]:
    """A file of WCXB's ground truth; changes that name no key of the outer object go into the inner one."""
    inner = {"main_content": "The ferry sails at noon.", "with": ["sails at NOON"], "without": ["Share"]}
    outer = {"url": "https://www.ferry.example/plan", "_internal": {"page_type": {"primary": "article"}}}
    inner |= {key: value for key, value in changes.items() if key not in outer}
    return {**outer, "ground_truth": inner, **{key: value for key, value in changes.items() if key in outer}}


def wcxb_page(split: Path, id: str, page: bytes = PAGE, **changes: object) -> None:
    write(split / "ground-truth" / f"{id}.json", wcxb_truth(**changes))
    write(split / "html" / f"{id}.html.gz", page)


def wceb_set(root: Path, name: str, rows: list[dict[str, object]]) -> Path:
    (root / "html" / name).mkdir(parents=True, exist_ok=True)
    for row in rows:
        write(root / "html" / name / f"{row['page_id']}.html", PAGE)
    return write(root / "ground-truth" / f"{name}.jsonl", "".join(json.dumps(row) + "\n" for row in rows))


def small_dataset(format: str, root: Path) -> Path:
    """A dataset of each format with one page."""
    if format == "aeb":
        write(
            root / "ground-truth.json",
            {"a1": {"articleBody": "The ferry sails at noon.", "url": "https://www.ferry.example/"}},
        )
        write(root / "html" / "a1.html.gz", PAGE)
    elif format == "folder":
        write(root / "plan.html", PAGE)
        write(root / "plan.txt", "The ferry sails at noon.\n")
    elif format == "readability":
        write(root / "test/test-pages/plan/source.html", PAGE)
        write(root / "test/test-pages/plan/expected.html", "<div><p>The ferry sails at noon.</p></div>")
    elif format == "trafilatura":
        row = {"file": "plan.html", "with": ["The ferry sails"], "without": ["Share this"]}
        write(root / "tests/evaldata.json", {"https://www.ferry.example/plan": row})
        write(root / "tests/eval/plan.html", PAGE)
    elif format == "wceb":
        wceb_set(
            root, "cetd", [{"page_id": "ab12", "plaintext": "The ferry sails at noon.", "url": "https://www.ferry.example/"}]
        )
    elif format == "wcxb":
        wcxb_page(root / "dev", "0001")
    return root


def ids(entries: Iterator[Entry]) -> list[str]:
    return [entry.id for entry in entries]


def flags(entries: Iterator[Entry]) -> dict[str, tuple[str, ...]]:
    return {entry.id: entry.flags for entry in entries}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for one example of Hypothesis."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def loaded(entries: Iterator[Entry]) -> dict[str, Golden]:
    """The goldens by id, each loaded by a copy of its entry, which must say the same as the golden."""
    found = {}
    previous = ""
    for entry in entries:
        assert previous < entry.id
        golden = pickle.loads(pickle.dumps(entry)).load()
        assert (golden.id, golden.kind, golden.lang, golden.site, golden.flags) == (
            entry.id,
            entry.kind,
            entry.lang,
            entry.site,
            entry.flags,
        )
        found[previous := entry.id] = golden
    return found


def of_verdict(golden: Golden, verdict: str) -> list[tuple[str, str]]:
    assert golden.labelled is not None
    return [(part.text.strip(), part.kind) for part in golden.labelled if part.verdict == verdict and part.text.strip()]


def put(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file
