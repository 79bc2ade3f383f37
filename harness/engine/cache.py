"""Outputs of extractors, kept from run to run: one SQLite file that concurrent runs share.

An answer is found again under what made it: the extractor's identity, all that the extractor sees of the page, and the
repeat; and only as long as all that the worker had read is as it was then: files, folders, what could be imported,
environment variables. It is kept only if it would come again: texts, empty answers, exceptions and values that are not
text. Time, memory and crashes depend on the machine's other work, and a service behind a network on the world.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from harness.common.errors import CannotTell
from harness.common.files import LARGEST_FILE, inflate
from harness.common.places import cache_folder
from harness.common.typed import plain_json, typed
from harness.engine.answer import Answer, ReadStates
from harness.engine.current_states import CurrentStates
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

_KEPT = ("ok", "empty", "error", "invalid")

_CACHE_FORMAT = 3  # part of every key
_PATIENCE = 3.0  # seconds for another process to let go of the file: none of ours needs it for long
_LOOK = 0.01  # seconds between looks at whether it did
_TABLES = (
    "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS files (key TEXT PRIMARY KEY, hashes BLOB NOT NULL)",  # one row for many answers
    "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, result BLOB NOT NULL)",  # what others make of all that
)
_DROPS = [f"DROP TABLE {name}" for name in ("answers", "files", "results")]


class CacheError(CannotTell):
    """A cache file that cannot be used; the message says why."""


@dataclass(frozen=True)
class Seen:
    """What an extractor of HTML sees of an HTML page, without its bytes."""

    sha256: str
    """As `Page.sha256`."""
    charset: str | None
    """As `Page.charset`."""
    media: str
    """As `Page.media`."""
    url: str | None
    """As `Page.url`."""
    lang: str | None
    """As `Page.lang`."""

    def is_all_of(self, runnable: Runnable) -> bool:
        """Whether an extractor sees no more: nothing is converted for it."""
        return runnable.declared.media == self.media == "text/html"


@dataclass(frozen=True)
class Stamp:
    """Which answer the cache has."""

    output: bytes
    """A hash of the answer as it is kept."""
    files: str | None
    """A key of what it was made from, for `may_use`."""


@dataclass(frozen=True)
class Cached:
    """An answer of an earlier run."""

    version: str | None
    """The version of the extractor that gave it, None where it reported none."""
    answer: Answer
    """The answer."""
    stamp: Stamp
    """Which one it is."""


@dataclass(frozen=True)
class _Row:
    """An answer as the cache has it."""

    version: str | None
    answer: Answer
    files: str | None


@dataclass(frozen=True)
class CacheState:
    """What there is in the cache."""

    path: Path
    """Its file."""
    entries: int
    """How many answers it holds."""
    results: int
    """How many results of scoring and digests of goldens."""
    bytes: int
    """Bytes that it takes on disk."""


class OutputCache:
    """The cache as a run uses it. A problem with its file is reported once, and the run goes on without it."""

    def __init__(self, warn: Callable[[str], None], *, fresh: bool = False, memory: int = 0) -> None:
        """Open the cache, or make it. warn: called with the reason why it cannot be used. fresh: find nothing, keep all.
        memory: bytes for one worker; answers that took more are not found; 0: no limit."""
        self._warn = warn
        self._memory = memory
        self.fresh = fresh
        """Whether no answer and no score of an earlier run is used."""
        self._converted: dict[Page, str] = {}
        self._listed: dict[ReadStates, str | None] = {}  # keys of what was read for answers of this run
        self._unchanged: dict[str, bool] = {}  # by those keys
        self._states_now = CurrentStates()
        self._unkept: dict[str, None] = {}
        self._reads: dict[str, dict[str, None]] = {}  # by extractor: keys of what was read for answers that were used
        self._warnings: dict[str, None] = {}
        self._database: sqlite3.Connection | None = None
        try:
            self._database = _open(cache_path())
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def lookup(self, runnable: Runnable, page: Page, repeat: int) -> Cached | None:
        """The answer that is known for this extractor, page and repeat."""
        packed = self._packed(runnable, page, repeat)
        cached = _unpack(packed) if packed else None
        if cached is None or not self.fits(cached.answer.peak_memory):
            return None
        return cached if self.may_use(runnable.name, cached.stamp.files) else None

    def fits(self, peak_memory: float | None) -> bool:
        """Whether an answer took no more memory than a worker may have now, as far as that was measured."""
        return not self._memory or (peak_memory or 0) <= self._memory

    def output(self, runnable: Runnable, page: Seen, repeat: int) -> bytes | None:
        """The hash of the answer that `lookup` would find if the files that it was made from are unchanged."""
        packed = self._packed(runnable, page, repeat)
        return hashlib.sha256(packed).digest() if packed else None

    def _packed(self, runnable: Runnable, page: Page | Seen, repeat: int) -> bytes | None:
        if self.fresh or not _may_keep(runnable):
            return None
        return self._select("SELECT answer FROM answers WHERE key = ?", self._key(runnable, page, repeat))

    def changed_since(self, keys: Iterable[str]) -> list[str] | None:
        """The paths of files, folders and modules that are not as they were read for answers, and environment variables,
        each with `$` before its name; sorted. None where it is not known what was read. keys: see `reads`."""
        changed: set[str] = set()
        for key in keys:
            states = self._states_of(key)
            if states is None:
                return None
            found = (name for name in states if name != "." and states[name] != self._states_now.now(name))
            changed.update(name.lstrip("!?").rstrip("/") for name in found)
        return sorted(changed)

    def kept(self, key: bytes, *, fresh_too: bool = False) -> bytes | None:
        """What was kept under a key by `keep`. fresh_too: also where no answer or score of an earlier run is used."""
        return None if self.fresh and not fresh_too else self._select("SELECT result FROM results WHERE key = ?", key)

    def keep(self, key: bytes, result: bytes) -> None:
        """Keep what was made of pages and answers."""
        if self._database is None:
            return
        try:
            self._database.execute("INSERT OR REPLACE INTO results VALUES (?, ?)", (key, result))
        except sqlite3.Error as error:
            self._give_up(error)

    def _select(self, query: str, key: bytes) -> bytes | None:
        if self._database is None:
            return None
        try:
            found = self._database.execute(query, (key,)).fetchone()
        except sqlite3.Error as error:
            self._give_up(error)
            return None
        return found[0] if found and isinstance(found[0], bytes) else None

    @property
    def unkept(self) -> tuple[str, ...]:
        """Names of extractors of which no output was kept, since it is not known what else they are made from."""
        return tuple(self._unkept)

    @property
    def reads(self) -> dict[str, tuple[str, ...]]:
        """By extractor: keys of what was read for its answers that were looked up or kept, for `changed_since`."""
        return {name: tuple(keys) for name, keys in self._reads.items()}

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why the cache could not be used."""
        return tuple(self._warnings)

    def take_over(self, unkept: Iterable[str], reads: Mapping[str, Iterable[str]], warnings: Iterable[str]) -> None:
        """Report what another process has found with the same cache; a warning that was given already is not repeated."""
        self._unkept.update(dict.fromkeys(unkept))
        for name, keys in reads.items():
            self._reads.setdefault(name, {}).update(dict.fromkeys(keys))
        for warning in warnings:
            self._tell(warning)

    def _tell(self, warning: str) -> None:
        if warning not in self._warnings:
            self._warnings[warning] = None
            self._warn(warning)

    def store(self, runnable: Runnable, page: Page, repeat: int, version: str | None, answer: Answer) -> Stamp | None:
        """Keep an answer, if it is one that would come again; None if it is not kept."""
        if self._database is None or answer.outcome not in _KEPT or answer.retried:
            return None
        files = self._key_of_reads(answer.reads)
        self._note_reads(runnable.name, files)
        if not _may_keep(runnable) or (files is None and not runnable.cache):
            self._unkept[runnable.name] = None
            return None
        if self._database is None:  # its file may have become unusable
            return None
        row: dict[str, Any] = {"version": version, "answer": asdict(replace(answer, reads=None)), "files": files}
        packed = zlib.compress(json.dumps(row).encode("ascii"), level=1)
        try:
            values = (self._key(runnable, page, repeat), packed)
            self._database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", values)
        except sqlite3.Error as error:
            self._give_up(error)
            return None
        return Stamp(hashlib.sha256(packed).digest(), files)

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    def _key(self, runnable: Runnable, page: Page | Seen, repeat: int) -> bytes:
        # What the harness converts for an extractor is part of what it sees.
        converted = self._hash_of_converted(page) if isinstance(page, Page) and _is_converted(runnable, page) else ""
        shown = [page.sha256, page.charset, converted, page.media, page.url, page.lang]
        # What a relative import or an undeclared one finds depends on where the extractor and its Python are.
        told = [_CACHE_FORMAT, runnable.identity, runnable.source, runnable.command, *shown, repeat]
        return hashlib.sha256(json.dumps(told).encode("ascii")).digest()

    def _hash_of_converted(self, page: Page) -> str:
        if page not in self._converted:
            text = page.html if page.media == "text/plain" else page.text
            self._converted[page] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._converted[page]

    def _key_of_reads(self, reads: ReadStates | None) -> str | None:
        """The key under which it is kept what was read, and how it was then; None if that is not known."""
        if reads is None or self._database is None:
            return None
        if reads not in self._listed:
            states = {name: self._states_now.as_read(name, state) for name, state in sorted(reads)}
            listed = json.dumps(states).encode("ascii")
            key = None if None in states.values() else hashlib.sha256(listed).hexdigest()
            if key is not None:
                try:
                    self._database.execute("INSERT OR IGNORE INTO files VALUES (?, ?)", (key, zlib.compress(listed)))
                except sqlite3.Error as error:
                    self._give_up(error)
            self._listed[reads] = key
        return self._listed[reads]

    def may_use(self, name: str, key: str | None) -> bool:
        """Whether an answer of an extractor is used, since the files under a key are what they were; True for none, which
        only extractors have that ask for it."""
        if key is None:
            return True
        if key not in self._unchanged:
            self._unchanged[key] = self._look_at_files(key)
        if self._unchanged[key]:
            self._note_reads(name, key)
        return self._unchanged[key]

    def _note_reads(self, name: str, key: str | None) -> None:
        if key is not None:
            self._reads.setdefault(name, {})[key] = None

    def _look_at_files(self, key: str) -> bool:
        states = self._states_of(key)
        return states is not None and all(state == self._states_now.now(name) for name, state in states.items())

    def _states_of(self, key: str) -> dict[str, str] | None:
        """What is kept under a key: how everything was that a worker had read; None if that cannot be told."""
        if self._database is None:
            return None
        try:
            found = self._database.execute("SELECT hashes FROM files WHERE key = ?", (key,)).fetchone()
            return typed(dict[str, str], plain_json(inflate(found[0], LARGEST_FILE))) if found else None
        except sqlite3.Error as error:
            self._give_up(error)
        except (zlib.error, ValueError, TypeError):
            pass
        return None

    def _give_up(self, error: Exception) -> None:
        self.close()
        self._tell(f"going on without the cache of outputs, {cache_path()}: {error}; see `harness cache`")


def cache_path() -> Path:
    """The file that the cache is, or would be."""
    return cache_folder() / "outputs.sqlite3"


def cache_state() -> CacheState:
    """What there is in the cache. Raises CacheError."""
    path = cache_path()
    if not path.exists():
        return CacheState(path, 0, 0, 0)
    try:
        database = _open(path)
        try:
            counted = "SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM results)"
            entries, results = database.execute(counted).fetchone()
        finally:
            database.close()
    except (sqlite3.Error, OSError) as error:
        raise CacheError(f"{path} cannot be read: {error}; `harness cache --clear` makes a new one") from None
    return CacheState(path, entries, results, sum(file.stat().st_size for file in _files(path) if file.exists()))


def clear_cache() -> None:
    """Empty the cache; runs that use it meanwhile go on. Raises CacheError."""
    path = cache_path()
    if not path.exists():
        return
    try:
        try:
            database = _open(path)
            try:
                database.executescript(f"BEGIN IMMEDIATE; {'; '.join(_DROPS)}; {'; '.join(_TABLES)}; COMMIT")
                database.execute("VACUUM")
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                database.close()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # not a database, or a damaged one
            for file in _files(path):
                file.unlink(missing_ok=True)
    except (sqlite3.Error, OSError) as error:
        raise CacheError(f"{path} cannot be emptied: {error}") from None


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes that turn a new file into a database at once would find it locked without waiting for each other.
    with path.with_suffix(".lock").open("w") as lock:
        _wait_for(lock)
        # Every statement is a transaction of its own: a killed run loses nothing and leaves nothing locked.
        database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            for table in _TABLES:
                database.execute(table)
        except BaseException:
            database.close()
            raise
    return database


def _wait_for(lock: IO[str]) -> None:
    """Take a lock. Raises OSError if another process, such as an extractor that means harm, keeps it."""
    begun = time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() - begun > _PATIENCE:
                raise OSError(error.errno, "another process keeps its lock", lock.name) from None
            time.sleep(_LOOK)
        else:
            return


def _files(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]


def _is_converted(runnable: Runnable, page: Page) -> bool:
    return not runnable.declared.media == page.media == "text/html"


def _may_keep(runnable: Runnable) -> bool:
    return bool(runnable.identity) and not runnable.declared.network and runnable.cache is not False


def _unpack(packed: bytes) -> Cached | None:
    """An answer as it is kept."""
    try:
        row = typed(_Row, plain_json(inflate(packed, LARGEST_FILE)))
    except (zlib.error, ValueError, TypeError):
        return None  # damaged, or written by another version of the harness
    stamp = Stamp(hashlib.sha256(packed).digest(), row.files)
    return Cached(row.version, row.answer, stamp) if row.answer.outcome in _KEPT else None
