"""Files of extractors, and what the registry says of names."""

from pathlib import Path

import pytest

from harness.plugins.ready import prepare
from harness.plugins.registry import PluginError, Registry
from harness.plugins.runnable import Runnable

ECHO = "from harness import extractor\n\n@extractor\ndef {name}(page):\n    return page.text\n"


def write_plugin(path: Path, name: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ECHO.format(name=name))
    return path


def reasons_of(*plugins: Path, names: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(PluginError) as caught:
        Registry(plugins).select(names)
    return caught.value.reasons


def only_runnable(registry: Registry, name: str) -> Runnable:
    (runnable,), unavailable = prepare(registry.select([name]))
    assert not unavailable
    return runnable
