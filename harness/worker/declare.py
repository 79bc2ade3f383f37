"""Reads what a plugin file or module declares, in a process of its own: whatever an import does, it does it here.

It runs in the environment of the harness. It reads one JSON object from standard input: `source` (a file or a module),
`function` (the one that is asked for, or empty) and `memory` (bytes of address space, 0 for no limit). It answers with one
line of JSON and ends.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def main() -> None:
    """Answer one request."""
    here = Path(__file__).resolve().parent
    # Python puts this file's folder first; its modules must not shadow those that a plugin imports.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    sys.path.append(str(here.parents[1]))  # where the harness is, if it is not installed
    request = json.loads(sys.stdin.readline())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the pipe stays open as long as the answer is waited for
    # What a module prints while it is imported is no answer.
    answers = os.dup(1)
    os.dup2(2, 1)
    from harness.worker.bytecode import compile_what_has_changed
    from harness.worker.worker import limit_memory

    compile_what_has_changed()
    if request["memory"]:
        limit_memory(request["memory"])
    try:
        answer = _read(request["source"], request["function"])
        line = json.dumps(answer)
    except BaseException as error:  # libraries in other languages raise beside Exception, too
        line = json.dumps({"error": _line(error)})
    data = line.encode("ascii") + b"\n"
    while data:
        data = data[os.write(answers, data) :]
    os._exit(0)  # threads of the module do not keep this process


def _line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:2000]


def _read(source: str, function: str) -> dict[str, Any]:
    from harness.worker.plugin import Extractor, extractor

    module = _module(source)
    public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    answer: dict[str, Any] = {
        "callables": [name for name, value in public.items() if callable(value)],
        "extends": any(_extends(value) for value in vars(module).values()),
        "code": _code(source, module),
    }
    found = {name: value for name, value in vars(module).items() if isinstance(value, Extractor)}
    if function:
        value: Any = module
        for part in function.split("."):
            value = getattr(value, part, None)
        found = {function: value if isinstance(value, Extractor) else extractor(value)} if callable(value) else {}
    answer["extractors"] = [
        {"attribute": name, "name": value.name, "summary": value.summary, "declaration": value.declaration._asdict()}
        for name, value in found.items()
    ]
    return answer


def _module(source: str) -> ModuleType:
    if not source.endswith(".py"):
        sys.path.insert(0, str(Path.cwd()))
        return importlib.import_module(source)
    # A name of its own, so that a plugin file may be called like the library that it imports.
    digest = hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()
    name = f"harness_plugin_{Path(source).stem}_{digest[:8]}"
    spec = importlib.util.spec_from_file_location(name, source)
    if spec is None or spec.loader is None:
        raise ImportError("not a Python file: " + source)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    sys.path.append(str(Path(source).parent))  # for modules beside it, as in a worker
    spec.loader.exec_module(module)
    return module


def _extends(value: Any) -> bool:
    """Whether a value is something else that a plugin file may declare: a metric, a dataset format, an operator."""
    if "harness.common.extensions" not in sys.modules:
        return False
    extension = sys.modules["harness.common.extensions"].Extension
    return isinstance(value, extension) or (
        isinstance(value, type) and issubclass(value, extension) and value is not extension
    )


def _code(source: str, module: ModuleType) -> list[str]:
    """The file of a plugin; of a module, the file or the folders of the package that it belongs to."""
    if source.endswith(".py"):
        return [source]
    top = sys.modules.get(source.partition(".")[0], module)
    file = getattr(top, "__file__", None)
    return [str(Path(place).resolve()) for place in [*getattr(top, "__path__", [])] or [file] if place]


if __name__ == "__main__":
    main()
