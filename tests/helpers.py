"""What several test files repeat: pages, extractors that are ready to run, wheels, and what came of them."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from harness.common.places import worker_file
from harness.engine.answer import Answer
from harness.engine.base import Answered, Event, Task
from harness.engine.local import LocalEngine
from harness.pages.page import Page
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.plugins.runnable import Runnable

WORKER = worker_file("worker.py")


def text_page(text: str, url: str | None = None) -> Page:
    return Page(text.encode(), "text/plain", url)


def html_page(text: str) -> Page:
    return Page(f"<p>{text}</p>".encode(), "text/html")


def python_runnable(source: Path, function: str, *, network: bool = False, **options: object) -> Runnable:
    """A function of a file, run by this interpreter, without a look into the registry."""
    return Runnable(
        name=function,
        command=(sys.executable, str(WORKER)),
        source=str(source),
        function=function,
        package=None,
        options=options,
        media="text/plain",
        reference=False,
        network=network,
        code="",
        identity=f"{source}:{function}",
    )


def ready(names: Sequence[str], plugins: Iterable[Path] = (), **how: object) -> list[Runnable]:
    """What names stand for, ready to run, in their order; all of it must be available."""
    runnables, unavailable = prepare(Registry(plugins).select(names), **how)
    assert not unavailable, unavailable
    return runnables


def run_pages(pairs: Sequence[tuple[Runnable, Sequence[tuple[Hashable, Page]]]], **how: float) -> Iterator[Event]:
    """What the local engine tells of extractors, each with its (key, page) pairs. how: the engine's fields."""
    return LocalEngine(**how).run([Task(key, runnable, page) for runnable, pages in pairs for key, page in pages])


def answers_of(runnable: Runnable, pages: Sequence[Page], **how: object) -> list[Answer]:
    """The answers of a real worker to pages, in their order."""
    events = run_pages([(runnable, list(enumerate(pages)))], **{"timeout": 20, **how})
    found = {event.key: event.answer for event in events if isinstance(event, Answered)}
    return [found[number] for number in range(len(pages))]


def output_of(runnable: Runnable, page: Page | None = None) -> str:
    """What comes out for one page, which must not fail."""
    (answer,) = answers_of(runnable, [page or text_page("a line of text")])
    assert answer.outcome in ("ok", "empty"), answer
    return answer.text


def is_alive(pid: int) -> bool:
    try:
        # A killed process whose parent is gone may stay as a zombie where nobody reaps it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self").exists()


def still_alive(folder: Path) -> list[int]:
    """The processes noted in a folder that live; killed ones are given a moment to go."""
    pids = [int(path.name) for path in folder.iterdir()]
    assert pids, "no process was noted: the test tests nothing"
    for _ in range(100):
        if not any(map(is_alive, pids)):
            break
        time.sleep(0.05)
    return [pid for pid in pids if is_alive(pid)]


@cache
def can_cut_network() -> bool:
    """Whether this system lets an extractor be cut off from the network; asked of a process that then ends."""
    code = "import sys; from harness.worker.launch import cut_network; sys.exit(not cut_network())"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def make_wheel(folder: Path, name: str, version: str, modules: dict[str, str]) -> Path:
    """A wheel of a distribution that exists nowhere else: no build tool and no network needed."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = {f"{module}.py": source for module, source in modules.items()}
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return path


def write_goldens(folder: Path, texts: Sequence[str]) -> Path:
    """A set of goldens, one text page for each text, of which everything is to be kept."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"page-{number}.txt").write_text(text)
        described = {
            "golden": 1,
            "page": f"page-{number}.txt",
            "sha256": sha256(text.encode()).hexdigest(),
            "media": "text/plain",
            "lang": "en",
            "kind": "article",
            "site": "quay.example",
            "labels": [{"keep": f"1-{len(text.splitlines())}", "as": "body"}],
        }
        (folder / f"page-{number}.yaml").write_text(json.dumps(described))
    return folder
