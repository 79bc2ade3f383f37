"""The earlier states of a golden file, so that changes can be undone and done again, also after a restart."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from harness.common.files import content_of, write_whole
from harness.common.places import cache_folder

_MOST = 500  # states of one file


class History:
    """The states of one file, in a folder of the user's cache. Whoever uses it holds `lock`."""

    def __init__(self, path: Path) -> None:
        """path: the golden file."""
        name = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
        self._folder = cache_folder() / "workbench" / name
        self._folder.mkdir(parents=True, exist_ok=True)
        self.lock = self._folder / "lock"
        """A file to lock while the golden is changed."""
        state = self._state()
        self.position = state.get("position", 0)
        """The number of the current state; 0 where there is none."""
        self.seconds = state.get("seconds", 0)
        """How long somebody has worked on the file, in seconds."""

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._file(self.position - 1).is_file()

    @property
    def can_redo(self) -> bool:
        """Whether a change was undone and nothing was changed since."""
        return self._file(self.position + 1).is_file()

    def push(self, before: str, after: str) -> None:
        """Keep a new state; what was undone is forgotten. before: what the file held, which others may have changed."""
        if self.position == 0 or self._read(self.position) != before:
            self._add(before)
        self._add(after)

    def step(self, by: int, now: str) -> str | None:
        """The state before (-1) or after (1) the current one, which it becomes; None if there is none.

        now: what the file holds. If others have changed it, that becomes the current state first, so that it is not lost.
        """
        if self.position and self._read(self.position) != now:
            self._add(now)
        if not self._file(self.position + by).is_file():
            return None
        self.position += by
        self.save()
        return self._read(self.position)

    def save(self) -> None:
        """Keep which state is the current one, and the time."""
        state = {"position": self.position, "seconds": self.seconds}
        write_whole(self._folder / "state.json", json.dumps(state).encode("ascii"))

    def _add(self, text: str) -> None:
        self.position += 1
        write_whole(self._file(self.position), text.encode("utf-8"))
        for number in (self.position - _MOST, *range(self.position + 1, self.position + _MOST)):
            if number > 0 and self._file(number).is_file():
                self._file(number).unlink()
            elif number > self.position:
                break
        self.save()

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:06}.yaml"

    def _read(self, number: int) -> str:
        try:
            return content_of(self._file(number)).decode("utf-8")
        except OSError:
            return ""

    def _state(self) -> dict[str, int]:
        try:
            state = json.loads(content_of(self._folder / "state.json"))
        except (OSError, ValueError):
            return {}
        numbers = state.items() if isinstance(state, dict) else ()
        return {key: value for key, value in numbers if isinstance(value, int) and value >= 0}
