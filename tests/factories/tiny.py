"""A project small enough to score in one's head, with extractors of every outcome."""

from pathlib import Path

from factories.goldens import write_golden

ESCAPE = "\x1b"
STORY = "The ferry was late again because the winch had frozen."  # ten words
MENU = "Home News Sport Weather Jobs"  # five words
GOLD_PLAIN = "Rain fell on the valley all night."  # seven words

TINY_PLUGINS = '''\
"""Extractors of the tests."""
import re
from harness import extractor


@extractor(media="text/plain", licence="Apache-2.0")
def whole_text(page):
    """The whole text."""
    return page.text


@extractor
def paragraphs(page):
    return "\\n".join(re.findall("<p>(.*?)</p>", page.html))


@extractor(variants={"loud": {"suffix": " foreign"}}, media="text/plain")
def last_line(page, suffix=""):
    return page.text.strip().splitlines()[-1] + suffix


@extractor
def breaks(page):
    raise ValueError("\\x1b[31mno way\\x1b[0m")


@extractor
def returns_none(page):
    return None


@extractor
def quiet(page):
    return " "


@extractor(requires=["surely-not-installed>=2"])
def needy(page):
    return ""


@extractor(media="text/plain")
def hostile(page):
    return page.text + "\\x1b]0;owned\\x07\\x1b[2J wiped \\x9b31m"
'''


def make_tiny(folder: Path) -> Path:
    """Two sets of goldens small enough to score in one's head, and a file of extractors."""
    tiny = folder / "goldens" / "tiny"
    html_labels = [{"keep": "p", "as": "body"}, {"drop": "nav", "as": "navigation"}]
    write_golden(tiny, "ferry", f"<nav>{MENU}</nav><p>{STORY}</p>", html_labels)
    write_golden(tiny, "rain", f"{MENU}\n{GOLD_PLAIN}\n", [{"drop": 1, "as": "navigation"}, {"keep": 2, "as": "body"}])
    other = folder / "goldens" / "other"
    write_golden(
        other, "faehre", f"<p>{STORY}</p>", [{"keep": "p", "as": "post"}], kind="forum", lang="de", site="b.example"
    )
    (folder / "mine.py").write_text(TINY_PLUGINS)
    return folder


NAMES = ["whole_text", "paragraphs", "last_line", "last_line/loud", "breaks", "returns_none", "quiet", "hostile"]
RUN = ["run", "--plugins", "mine.py", "-j", "2"]
RUN_ALL = [*RUN, *(word for name in NAMES for word in ("-e", name))]


def runs() -> list[Path]:
    """The stored runs, the oldest first; of two of one second, the later one has `-0002` behind its id."""
    return sorted(Path("reports/runs").glob("*.jsonl"), key=lambda path: path.stem)


def row_of(table: str, name: str) -> list[str]:
    """The cells of an extractor's first row."""
    return next(line.split() for line in table.splitlines() if line.split()[:1] == [name])
