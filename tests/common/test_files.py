"""Files that are written as a whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.common.files import write_whole


def test_an_error_names_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "record.json"
    taken.mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        write_whole(taken, b"{}")
    assert caught.value.filename == str(taken)
    assert list(tmp_path.iterdir()) == [taken]
