"""The code of an extractor that can be found by reading it: its file, and what that names in turn.

A JavaScript module names what it imports by a relative path; a Python file the modules beside it that it imports, and style
sheets, schemas and models, which libraries in other languages read unseen; a command line and a script the files with code
that they call. An ending of such files stands for all beside the code. What else is put together while it runs is not found.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

_JAVASCRIPT = (".mjs", ".js", ".cjs", ".ts", ".mts", ".cts", ".json")  # its modules, which may be imported without that
_IMPORT = re.compile(r"""\b(?:from|import|require|URL)\s*\(?\s*["'`](\.{1,2}/[^"'`\n]+)["'`]""")
_WORD = re.compile(r"[\w.+@%/-]+")
_ENTERED = re.compile(r"\bcd\s+([\w.+@%/-]+)")
_SCRIPTS = frozenset(
    ".py .sh .bash .zsh .ksh .fish .pl .pm .rb .php .lua .r .jl .awk .sed .jq .xsl .xslt .tcl .jar .class .wasm".split()
).union(_JAVASCRIPT[:-1])
_READ_UNSEEN = tuple(
    ".xsl .xslt .xml .xsd .rng .rnc .sch .dtd .bin .model .ftz .onnx .pt .pth .safetensors .pb .tflite .so .dylib".split()
)
_OF_THE_SYSTEM = ("/bin/", "/sbin/", "/usr/", "/lib", "/etc/", "/dev/", "/proc/", "/sys/")
_LONGEST = 1_000_000  # bytes of a file that is read for what it names
_MOST = 500  # files


def own_code(*starts: Path) -> list[Path]:
    """These files and all that they name in turn, once each; at most 500."""
    found: dict[Path, None] = {}
    pending = [start.resolve() for start in starts]
    while pending and len(found) < _MOST:
        file = pending.pop(0)
        if file not in found:
            found[file] = None
            pending += [place.resolve() for place in _named_in(file)]
    return [*found]


def called_by(command: str) -> list[Path]:
    """The files with code that a command line names, and all that they name in turn; `-m` in it is Python's."""
    here = Path.cwd()
    words = _WORD.findall(command)
    modules = [name for flag, name in pairwise(words) if flag == "-m"]
    starts = [place for name in modules for place in _python_module(here, name.split("."))]
    return own_code(*starts, *_scripts_in(command, [here]))


def _named_in(file: Path) -> list[Path]:
    try:
        if file.stat().st_size > _LONGEST:
            return []
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):  # gone, or no text
        return []
    if file.suffix in _JAVASCRIPT:
        return [place for name in _IMPORT.findall(text) if (place := _javascript_module(file.parent, name))]
    if file.suffix == ".py":
        return [*_named_in_python(file, text)]
    return [*_scripts_in(text, [file.parent, Path.cwd()])]


def _javascript_module(folder: Path, name: str) -> Path | None:
    place = folder / name.partition("?")[0].partition("#")[0]
    endings = [path for end in _JAVASCRIPT for path in (place.with_name(place.name + end), place / f"index{end}")]
    return next((path for path in [place, *endings] if _is_file(path)), None)


def _named_in_python(file: Path, text: str) -> Iterator[Path]:
    try:
        nodes = [*ast.walk(ast.parse(text))]
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in nodes:
        if (name := _path_of(node)) in _READ_UNSEEN:  # the end of a name that is put together: f"{site}.xsl"
            yield from (place for place in sorted(file.parent.glob(f"*{name}")) if _is_file(place))
        elif name.endswith((*_READ_UNSEEN, ".html", ".htm", ".xhtml")):
            yield from (place for folder in (file.parent, Path.cwd()) if _is_file(place := folder / name))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from _python_module(file.parent, alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            folder = file.parent
            for _ in range(node.level - 1):
                folder = folder.parent
            parts = node.module.split(".") if node.module else []
            yield from _python_module(folder, parts)
            for alias in node.names:
                yield from _python_module(folder, [*parts, alias.name])


def _path_of(node: ast.AST) -> str:
    """The path that a string is, or those that are joined by a function or by `/`; empty for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    parts: list[ast.expr] = []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Call):
        parts = node.args
    return "/".join(filter(None, map(_path_of, parts)))


def _python_module(folder: Path, parts: list[str]) -> Iterator[Path]:
    """The files that Python reads for a module that is in a folder, those of the packages above it among them."""
    for number in range(1, len(parts) + 1):
        place = folder.joinpath(*parts[:number])
        tries = [place / "__init__.py", place.with_name(place.name + ".py"), place / "__main__.py"]
        yield from (path for path in tries if _is_file(path))


def _scripts_in(text: str, folders: list[Path]) -> Iterator[Path]:
    entered = [folder / name for name in _ENTERED.findall(text) for folder in folders]
    for word in dict.fromkeys(_WORD.findall(text)):
        for folder in (*folders, *entered):
            place = folder / word
            if _is_file(place) and not str(place).startswith(_OF_THE_SYSTEM) and _is_script(place):
                yield place


def _is_script(file: Path) -> bool:
    return file.suffix.lower() in _SCRIPTS or os.access(file, os.X_OK)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
