"""What it takes to label pages in the workbench: a script in Chromium knows the main content, and counts what it presses.

It labels pages of a dataset with the proposals of extractors, corrects what they got wrong, and confirms. It labels them a
second time blind, with slips, and decides what the two passes dispute.

Usage: python benchmarks/labelling.py DATASET [PAGES] [CHROMIUM]     (such as aeb:FOLDER; default: 20 pages)
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page as Screen
from playwright.sync_api import expect, sync_playwright

from harness.alignment.known_text import find_text
from harness.cli.main import main as harness
from harness.datasets.entries import find_entries
from harness.goldens.reader import Dumps
from harness.goldens.sets import dumps_from
from harness.pages import visible
from harness.pages.page import Page
from harness.pages.words import words
from harness.workbench.agree import Agreements
from harness.workbench.app import application
from harness.workbench.bench import Workbench
from harness.workbench.desk import Desk
from harness.workbench.layout import Layout
from harness.workbench.proposals import Voters
from harness.workbench.reading import Shelf

SLIPS = 0.03  # share of blocks that the second labeller takes for the contrary


@dataclass
class Counted:
    """Keys and clicks on a page."""

    name: str
    blocks: int
    wrong: int
    actions: int = 0
    seconds: float = 0.0
    log: list[str] = field(default_factory=list)


def truth_of(page: Page, text: str) -> list[bool]:
    """Which blocks of a page belong to the main content."""
    lines, layout = find_text(page, text).lines, Layout(page)
    assert layout.tree is not None
    sums = [[0.0, 0] for _ in layout.blocks]
    for piece in visible.pieces(layout.tree):
        block = -1 if piece.is_beside else layout.block_of.get(piece.node, -1)
        if block >= 0:
            size = len(words(piece.text))
            sums[block] = [sums[block][0] + size * lines.get(piece.line, 0.0), sums[block][1] + size]
    return [total >= size / 2 if size else False for total, size in sums]


@contextmanager
def served(folder: Path, labeller: str, *, blind: bool) -> Iterator[str]:
    """A workbench for a folder: its address."""
    import socket

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        desk = Desk([str(folder)], Dumps([]), labeller, blind=blind, own_files=True)
        bench = Workbench(desk, Voters(None), Shelf(folder), (host,))
        server = uvicorn.Server(uvicorn.Config(application(bench), log_level="error", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://{host}"
        finally:
            server.should_exit = True
            thread.join()


def state_of(screen: Screen) -> Any:
    """What the screen has of the page."""
    return screen.evaluate("({verdicts: state.verdicts, spans, elements, blocks: blocks.map((block) => block[0])})")


def corrections(state: Any, truth: Sequence[bool]) -> list[tuple[int, int, str]]:
    """Ranges of blocks to correct, each with a key: as long as no block in between would become wrong."""
    verdicts = state["verdicts"]
    ranges: list[tuple[int, int, str]] = []
    wrong = [verdict != "k" if is_kept else verdict == "k" for verdict, is_kept in zip(verdicts, truth)]
    number = 0
    while number < len(truth):
        if not wrong[number]:
            number += 1
            continue
        last = end = number
        while end + 1 < len(truth) and truth[end + 1] == truth[number] and (truth[number] or verdicts[end + 1] != "m"):
            end += 1
            last = end if wrong[end] else last
        ranges.append((number, last, "y" if truth[number] else "x"))
        number = last + 1
    return ranges


def correct(screen: Screen, state: Any, first: int, last: int, key: str, counted: Counted) -> None:
    """Choose blocks, and say what they are: by one click and `h` where an element holds just these."""
    outward, element, span = 0, state["blocks"][first], [first, first]
    while element >= 0 and span != [first, last]:
        outward += state["spans"][element] != span
        span = state["spans"][element]
        element = state["elements"][element][0]
    screen.evaluate("document.getElementById('status').textContent = ''")
    screen.locator(f"#block-{first}").click(modifiers=["Control"] if first == last else [])
    if first == last:
        presses = []
    elif span == [first, last] and outward < 2:
        presses = ["h"] * outward + [key]
    else:
        screen.locator(f"#block-{last}").click(modifiers=["Shift"])
        counted.actions += 1
        presses = [key]
    for press in presses:
        screen.keyboard.press(press)
    expect(screen.locator("#status")).to_have_text("saved", timeout=30_000)
    counted.actions += 1 + len(presses)


def label(screen: Screen, address: str, name: str, truth: Sequence[bool], *, blind: bool) -> Counted:
    """Label a page, and confirm."""
    start = time.monotonic()
    if screen.url != f"{address}/label/{name}":  # confirming the page before may have led there
        screen.goto(f"{address}/label/{name}")
    screen.wait_for_selector("body[data-open]", timeout=60_000)
    if not blind:
        screen.wait_for_selector("body[data-voted]", timeout=120_000)
        expect(screen.locator("#status")).not_to_have_text("asking extractors …", timeout=60_000)
    state = state_of(screen)
    ranges = corrections(state, truth)
    wrong = sum(verdict != "k" if is_kept else verdict == "k" for verdict, is_kept in zip(state["verdicts"], truth))
    counted = Counted(name, len(truth), wrong)
    for first, last, key in ranges:
        correct(screen, state, first, last, key, counted)
    screen.evaluate("document.getElementById('status').textContent = ''")
    here, following = screen.url, screen.locator("#bar").get_attribute("data-next")
    screen.keyboard.press("Enter")
    counted.actions += 1
    for _ in range(600):
        if screen.url != here or screen.locator("#status").inner_text().startswith(
            "confirmed, but" if following else "confirmed"
        ):
            break
        screen.wait_for_timeout(50)
    counted.seconds = time.monotonic() - start
    return counted


def main(dataset: str, number: int, chromium: str) -> int:
    """Label, label again, decide, and print what it took."""
    goldens = [entry.load() for entry in find_entries([dataset], dumps_from([])).entries[:number]]
    generator = random.Random(0)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place) / "pages"
        folder.mkdir()
        truths = {}
        for golden in goldens:
            name = golden.id.rpartition("/")[2][:24]
            (folder / f"{name}.html").write_bytes(golden.page.raw)
            truths[f"pages/{name}"] = truth_of(Page(golden.page.raw, "text/html"), golden.main_content)
        sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.html")}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for labeller, blind in (("ann", False), ("ben", True)):
            with served(folder, labeller, blind=blind) as address:
                screen = browser.new_page(viewport={"width": 1280, "height": 800})
                rows = []
                for name, truth in truths.items():
                    mine = [kept != (blind and generator.random() < SLIPS) for kept in truth]
                    rows.append(label(screen, address, name, mine, blind=blind))
                screen.close()
            report("blind, with slips" if blind else "with proposals", rows)
        with served(folder, "cara", blind=False) as address:
            presses = decide(browser.new_page(), address, list(truths))
        browser.close()
        print(f"decided by cara: {presses} keys")
        for overview in Agreements([folder], Dumps([])).overviews():
            print(
                f"alpha of verdicts {overview.agreement.alpha_verdict:.3f}, F by each other's labels {overview.ceiling:.3f}"
            )
            print(
                "alpha by kind:", ", ".join(f"{kind} {one.alpha or 1:.2f}" for kind, one in overview.agreement.kinds.items())
            )
        same = sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.html")}
        print(f"bytes of the pages: {'untouched' if same else 'CHANGED'}")
        return harness(["check", *map(str, sorted(folder.glob("*.yaml")))])


def decide(screen: Screen, address: str, names: Sequence[str]) -> int:
    """Decide for the first labeller wherever the two disagree: how many keys that took."""
    presses = 0
    for name in names:
        screen.goto(f"{address}/agree/{name}?a=ann&b=ben")
        screen.wait_for_selector("body[data-open]", timeout=60_000)
        for _ in range(screen.evaluate("state.disputes.filter((one) => !one.kinds).length")):
            screen.keyboard.press("1")
            presses += 1
        screen.keyboard.press("Escape")
        screen.evaluate("save()")
        expect(screen.locator("#status")).to_have_text("saved", timeout=60_000)
    return presses


def report(title: str, rows: Sequence[Counted]) -> None:
    """Print what it took."""
    wrong, actions, pages = (sum(values) for values in zip(*((row.wrong, row.actions, 1) for row in rows)))
    each = (actions - pages) / wrong if wrong else 0.0
    print(f"{title}: {pages} pages, {sum(row.blocks for row in rows)} blocks, {wrong} to change")
    print(f"  {actions} actions: one to confirm each page, {each:.2f} for each block to change")
    print(f"  {sum(row.seconds for row in rows) / pages:.1f} s a page, by a script that need not read", flush=True)


if __name__ == "__main__":
    found = sys.argv[3] if len(sys.argv) > 3 else shutil.which("chromium") or ""
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20, found))
