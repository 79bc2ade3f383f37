"""What the tests of several commands share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.datasets import write_aeb

STORY = "The ferry was late again because the winch had frozen overnight."
ADVERT = "Read next: ten ways to keep a winch warm in winter"


@pytest.fixture
def aeb_outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three pages in AEB's layout, `benchmark`, and the outputs of two systems, `good.json` and `greedy.json`."""
    texts = [f"{STORY} {number}" for number in range(3)]
    pages = ((f"<body><p>{text}</p><aside>{ADVERT}</aside></body>", text) for text in texts)
    keys = write_aeb(tmp_path / "benchmark", pages)
    good = {key: {"articleBody": text} for key, text in zip(keys, texts)}
    greedy = {key: {"articleBody": f"{text}\n{ADVERT}"} for key, text in zip(keys, texts)}
    (tmp_path / "good.json").write_text(json.dumps({"version": "1.2", "output": good}))
    (tmp_path / "greedy.json").write_text(json.dumps(greedy))
    monkeypatch.chdir(tmp_path)
    return tmp_path
