"""What goldens are without their texts; kept in the user's cache as long as their files have the same sizes and times, in a
fresh run as long as they have the same bytes."""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, astuple, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from harness.common.files import content_of
from harness.common.typed import typed_json
from harness.datasets import Entry
from harness.engine.cache import OutputCache, Seen
from harness.goldens.golden import Golden
from harness.pages.page import KnownPage
from harness.runs.header import GoldenFacts

_PACKAGE = Path(__file__).resolve().parents[1]
_CODE = ("alignment", "datasets", "evaluation", "goldens", "metrics", "pages", "runs", "worker/elements.py")
_PLAIN = (str, bytes, int, float, type(None))
_LARGE = 50_000_000  # bytes of files that hold many pages: to load one of them is faster than to read all


@dataclass(frozen=True)
class Digest:
    """What is known of a golden without its texts. Can be pickled."""

    golden: str
    """Its id."""
    facts: GoldenFacts
    """What a run's header says of it."""
    content: str
    """A hash of all that it is."""
    page: Seen
    """What an extractor sees of its page."""
    known: KnownPage
    """What need not be found out again when the page is scored."""


def digest_of(golden: Golden) -> Digest:
    """The digest of a golden."""
    page = golden.page
    seen = Seen(page.sha256, page.charset, page.media, page.url, page.lang)
    facts = facts_of(golden)
    more = [getattr(golden, field.name) for field in fields(golden) if field.name not in ("page", "text", "markdown")]
    content = [*astuple(seen), facts.labels, repr(more)]
    known = KnownPage(len(page.raw), page.unreadable)
    return Digest(golden.id, facts, hashlib.sha256(json.dumps(content).encode("ascii")).hexdigest(), seen, known)


@dataclass(frozen=True)
class _KeptDigest:
    """A digest as the cache has it."""

    files: str
    digest: Digest


class KeptDigests:
    """The digests that the cache has, as one run looks them up."""

    def __init__(self, cache: OutputCache) -> None:
        self._cache = cache
        self._folders: dict[Path, list[list[Any]]] = {}  # that entries are loaded from, as they are now
        self._hashes: dict[str, bytes] = {}  # of the bytes of files

    def digests(self, entry: Entry, load: Callable[[Entry], Iterable[Golden]]) -> Iterator[Digest]:
        """The digest of an entry, if `load` gives a golden for it; it is not asked where the files are as they were when the
        digest was kept.
        """
        source = self._source(entry)  # before it is loaded, so that a change meanwhile is seen the next time
        if source is None:
            yield from map(digest_of, load(entry))
            return
        key = hash_of([code_hash(), entry.id, source])
        packed = self._cache.kept(key, fresh_too=True)
        kept = _unpack(packed, entry.id) if packed else None
        content = self._content(source) if kept is None or self._cache.fresh else ""
        if kept and (not self._cache.fresh or (content and content == kept.files)):
            yield kept.digest
            return
        for golden in load(entry):
            digest = digest_of(golden)
            self._cache.keep(key, json.dumps({"files": content, "digest": asdict(digest)}).encode("ascii"))
            yield digest

    def _source(self, entry: Entry) -> list[Any] | None:
        """What loads an entry, and from which files, with their sizes and times; None where that is not all."""
        told = list(self._arguments(entry.load))
        return None if None in told or not any(isinstance(one, list) for one in told) else told

    def _arguments(self, value: Any) -> Iterator[Any]:
        """What a loader is given: files with their sizes and times, and plain values; None for anything else."""
        if isinstance(value, Path):
            yield self._states(value)
        elif isinstance(value, functools.partial):  # what functions of others read is not known
            known = value.func.__module__.startswith("harness.datasets.") and not value.keywords
            yield f"{value.func.__module__}.{value.func.__qualname__}" if known else None
            yield from self._arguments(value.args)
        elif isinstance(value, Golden):
            yield None
        elif isinstance(value, tuple):
            for one in value:
                yield from self._arguments(one)
        elif is_dataclass(value) and not isinstance(value, type):
            for field in fields(value):
                yield from self._arguments(getattr(value, field.name))
        else:
            yield repr(value) if isinstance(value, _PLAIN) else None

    def _states(self, path: Path) -> list[list[Any]] | None:
        """The name, size and times of a file; of a folder those of all files in it."""
        if path in self._folders:
            return self._folders[path]
        try:
            if not path.is_dir():
                return [_state(path)]
            self._folders[path] = [_state(file) for file in sorted(path.rglob("*")) if file.is_file()]
        except OSError:
            return None
        return self._folders[path]

    def _content(self, source: list[Any]) -> str:
        """A hash of the bytes of all files that an entry is loaded from; empty where they are large, or cannot be read."""
        files = [file for states in source if isinstance(states, list) for file in states]
        if sum(size for _, size, *_ in files) > _LARGE:
            return ""
        state = hashlib.sha256()
        for name, *_ in files:
            try:
                state.update(self._hashes.get(name) or self._hashes.setdefault(name, _hash(name)))
            except OSError:
                return ""
        return state.hexdigest()


def _hash(file: str) -> bytes:
    return hashlib.sha256(content_of(Path(file))).digest()


def _state(file: Path) -> list[Any]:
    stat = file.stat()
    # Copies may keep the time of the last change of their content; that of the file itself cannot be set.
    return [str(file.absolute()), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]


def _unpack(packed: bytes, golden: str) -> _KeptDigest | None:
    """What is kept of a golden; None for what is damaged."""
    try:
        kept = typed_json(_KeptDigest, packed)
    except ValueError:
        return None
    return kept if kept.digest.golden == golden else None


def facts_of(golden: Golden) -> GoldenFacts:
    """What a run's header says of a golden as it is now."""
    return GoldenFacts(golden.page.sha256, labels_hash(golden), (*golden.flags, *golden.page.flags), facts_hash(golden))


def facts_hash(golden: Golden) -> str:
    """A hash of the facts that a golden states, wherever they are written; empty where it states none of its own."""
    written = [repr(replace(fact, place="")) for fact in golden.own_facts]
    return hashlib.sha256(json.dumps(written).encode("ascii")).hexdigest() if written else ""


def labels_hash(golden: Golden) -> str:
    """A hash of what a golden says of its page but for its own facts: scores and outputs depend on it as they do on the
    page's bytes."""
    labelled = golden.labelled and [[part.text, part.verdict, part.kind, part.line] for part in golden.labelled]
    snippets = golden.snippets and [golden.snippets.required, golden.snippets.forbidden]
    about = [golden.kind, golden.site, golden.page.media, golden.page.url, golden.page.lang]
    notations = [repr(part.notation) for part in golden.labelled or () if part.notation]
    rare = [*sorted(golden.published.items()), *filter(None, [golden.page.charset]), *notations]
    known = [about, labelled, golden.text, golden.markdown, snippets, *rare]
    return hashlib.sha256(json.dumps(known).encode("ascii")).hexdigest()


@functools.cache
def code_hash() -> str:
    """A hash of the code that reads goldens and scores outputs, and of the names and versions of all that is installed."""
    state = hashlib.sha256(sys.version.encode())
    for name in _CODE:
        place = _PACKAGE / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            state.update(f"{file.relative_to(_PACKAGE)}\0".encode())
            state.update(file.read_bytes())
    for folder in map(Path, filter(None, sys.path)):
        if folder.is_dir():
            installed = [file.name for file in folder.iterdir() if file.suffix in (".dist-info", ".egg-info")]
            state.update("\0".join(sorted(installed)).encode("utf-8", "surrogateescape"))
    return state.hexdigest()


def hash_of(value: Any) -> bytes:
    """A hash of a value of JSON."""
    return hashlib.sha256(json.dumps(value).encode("ascii")).digest()
