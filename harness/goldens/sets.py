"""Finds goldens by folder, set name or id, and loads them."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.common.errors import Impossible
from harness.common.files import content_of
from harness.common.places import bundled, of_project
from harness.common.wording import command_line, did_you_mean
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps, GoldenError, Mistake, PageNotFound, read_golden

DUMPS_VARIABLE = "HARNESS_DUMPS"
BY_NAME_ONLY = "BY_NAME_ONLY"
"""A file that keeps the set in whose folder it lies out of the default: it is read only where it is named."""


class UnknownGoldens(Impossible):
    """Goldens that were asked for and do not exist. `reasons` has one line for each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class GoldenFile:
    """Where a golden lies."""

    id: str
    """The id, `SET/NAME`."""
    path: Path
    """The YAML file."""


@dataclass(frozen=True)
class LoadedGoldens:
    """Goldens that could be read, those whose page is not here, and the mistakes of those that are broken."""

    goldens: list[Golden] = field(default_factory=list)
    """Those that could be read."""
    skipped: list[PageNotFound] = field(default_factory=list)
    """Those whose page is not here."""
    mistakes: list[Mistake] = field(default_factory=list)
    """What is wrong with the others."""


def default_folder() -> Path:
    """`goldens/` of the project that the current folder is in, else the goldens that come with the harness."""
    here = of_project("goldens")
    return here if here.is_dir() and _sets_in(here) else bundled("goldens")


def dumps_from(folders: Sequence[Path]) -> Dumps:
    """The folders given, then those of the variable HARNESS_DUMPS (separated as PATH is).

    Raises Impossible for one that does not exist.
    """
    variable = os.environ.get(DUMPS_VARIABLE, "")
    every = [*folders, *(Path(part) for part in variable.split(os.pathsep) if part)]
    for folder in every:
        if not folder.is_dir():
            raise Impossible(f"no folder of dumps {str(folder)!r}")
    return Dumps(every)


def find_goldens(names: Sequence[str] = ()) -> list[GoldenFile]:
    """The goldens that names select, sorted by id: a folder, a file, a set's name, or a golden's id.

    Without names, all sets of the default folder but those whose folder has a file `BY_NAME_ONLY`. Raises UnknownGoldens
    with every name that selects nothing.
    """
    sets = {folder.name: folder for folder in _sets_in(default_folder())}
    found: dict[Path, GoldenFile] = {}
    unknown: list[str] = []
    by_default = sorted(name for name, folder in sets.items() if not (folder / BY_NAME_ONLY).exists())
    for name in names or by_default:
        files = _find(name, sets)
        if not files:
            known = [*sets, *(file.id for folder in sets.values() for file in _files_of(folder))]
            unknown.append(_why_unknown(name, known, sets))
        found.update((file.path.resolve(), file) for file in files)
    if unknown:
        raise UnknownGoldens(unknown)
    return sorted(found.values(), key=lambda file: (file.id, str(file.path)))


def set_names() -> list[str]:
    """The names of all sets of the default folder, also of those that are read only by name."""
    return sorted(folder.name for folder in _sets_in(default_folder()))


def load_goldens(files: Sequence[GoldenFile], dumps: Dumps) -> LoadedGoldens:
    """Read goldens one after the other; a broken one stops nothing."""
    loaded = LoadedGoldens()
    first_with_id: dict[str, Path] = {}
    for file in files:
        first = first_with_id.setdefault(file.id, file.path)
        if first is not file.path:
            loaded.mistakes.append(Mistake(file.path, 0, "", f"duplicate id {file.id}: also in {first}"))
        try:
            golden = read_golden(file.path, dumps, file.id)
            if first is file.path:
                loaded.goldens.append(golden)
        except GoldenError as error:
            loaded.mistakes.extend(error.mistakes)
        except PageNotFound as error:
            loaded.skipped.append(error)
        except OSError as error:
            loaded.mistakes.append(Mistake(file.path, 0, "", f"cannot be read: {error.strerror}"))
    return loaded


def _can_be_path(name: str) -> bool:
    """Whether a name can be that of a file or a folder: it is neither empty, as of an unset variable, nor too long."""
    try:
        Path(name).exists()
    except OSError:
        return False
    return bool(name)


def _find(name: str, sets: dict[str, Path]) -> list[GoldenFile]:
    if not _can_be_path(name):
        return []
    path = Path(name)
    if path.is_dir():
        return [file for folder in _sets_in(path) for file in _files_of(folder)]
    if path.is_file():
        return [GoldenFile(f"{path.resolve().parent.name}/{path.stem}", path)]
    if name in sets:
        return _files_of(sets[name])
    folder = sets.get(name.rpartition("/")[0])
    return [file for file in _files_of(folder) if file.id == name] if folder else []


def _why_unknown(name: str, known: list[str], sets: dict[str, Path]) -> str:
    if _can_be_path(name) and Path(name).is_dir():
        alone = sorted(path for path in Path(name).glob("*.yaml") if _labeller_of(path))
        if alone:
            people = sorted({_labeller_of(path) for path in alone})[:2]
            both = f", or make goldens of two people's: {command_line('agree', *people, '-g', name, '--write')}"
            what = f"folder {name!r} holds labels of single people only"
            return f"{what}: name a file, such as {str(alone[0])!r}{both if len(people) > 1 else ''}"
        return f"folder {name!r} holds no golden (*.yaml)"
    return f"unknown goldens {name!r}{did_you_mean(name, known)}; sets: {', '.join(sorted(sets)) or 'none'}"


def _sets_in(folder: Path) -> list[Path]:
    """The folder itself if goldens lie in it, and the folders in it that hold goldens."""
    return [f for f in [folder, *sorted(p for p in folder.iterdir() if p.is_dir())] if _files_of(f)]


def of_labeller(name: str, where: Sequence[str] = ()) -> list[GoldenFile]:
    """The label files of one of several people, sorted by id.

    where: folders and sets; none for `goldens/` of the project and the current folder.

    Raises UnknownGoldens for a name in `where` that is neither.
    """
    default = of_project("goldens")
    folders = [Path(place) if Path(place).is_dir() else default / place for place in where] or [default, Path()]
    if missing := [place for place, folder in zip(where, folders) if not folder.is_dir()]:
        raise UnknownGoldens([f"{place!r} is neither a folder nor a set" for place in missing])
    here = [folder for folder in folders if folder.is_dir()]
    places = [place for folder in here for place in [folder, *sorted(folder.iterdir())] if place.is_dir()]
    paths = {path.resolve(): path for place in places for path in place.glob(f"*.{glob.escape(name)}.yaml")}
    files = (GoldenFile(_id(path), path) for path in paths.values() if _labeller_of(path) == name)
    return sorted(files, key=lambda file: (file.id, str(file.path)))


def labellers_in(folder: Path) -> dict[str, dict[str, Path]]:
    """The label files of single people in a folder: by the name of the golden, then by the labeller."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*.yaml")):
        if labeller := _labeller_of(path):
            found.setdefault(path.stem.removesuffix(f".{labeller}"), {})[labeller] = path
    return found


def _labeller_of(path: Path) -> str:
    """Whose labels a file `NAME.LABELLER.yaml` holds, beside those of others; empty for a golden of a set."""
    named = path.stem.rpartition(".")[2] if "." in path.stem else ""
    if not named:
        return ""
    try:
        written = content_of(path).decode("utf-8", "replace")
    except OSError:
        return ""
    said = re.search(r"^labeller:[ ]*([^#\n]*)", written, re.MULTILINE)
    return named if said and said[1].strip().strip("'\"") == named else ""


def _id(path: Path) -> str:
    return f"{path.resolve().parent.name}/{path.stem}"


def _files_of(folder: Path) -> list[GoldenFile]:
    """The goldens in a folder; not what one of several people says of a page, in a file of their own."""
    name = folder.resolve().name
    paths = sorted(p for pattern in ("*.yaml", "*.yml") for p in folder.glob(pattern))
    return [GoldenFile(f"{name}/{path.stem}", path) for path in paths if not _labeller_of(path)]
