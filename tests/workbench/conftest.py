from hashlib import sha256

import pytest

from factories.workbench import GOLDEN, POND, Client, workbench


@pytest.fixture
def pond(tmp_path):
    """A folder with one page and its golden."""
    folder = tmp_path / "ponds"
    folder.mkdir()
    (folder / "pond.html").write_text(POND, encoding="utf-8")
    (folder / "pond.yaml").write_text(GOLDEN.format(sha256=sha256(POND.encode()).hexdigest()), encoding="utf-8")
    return folder


@pytest.fixture
def client(pond):
    return Client(workbench(pond))
