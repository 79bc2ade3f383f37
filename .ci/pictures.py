"""The pictures of README.md, in docs/images: `make pictures` takes them anew.

A terminal, recorded as SVG, and the first screen of the scorecard of the baseline, as PNG, which needs Chromium and Pillow.
What a command prints depends on the releases of the extractors: use those of .ci/constraints.txt.
"""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.text import Text

from harness.common.errors import OK

ROOT = Path(__file__).resolve().parents[1]
TERMINAL = ROOT / "docs/images/terminal.svg"
SCORECARD = ROOT / "docs/images/scorecard.png"
WIDTH = 92  # cells of the terminal
SCREEN = (1280, 552)  # pixels: down to the last extractor that competes
SHOWN = {
    "harness run -g core -e trafilatura -e resiliparse -e readability_lxml -e justext": slice(0, 10),
    "harness show --page core/traffic-light-infinite-scroll -e trafilatura": slice(4, None),
}
"""The commands of the recording, with the lines that it shows of what each prints."""
SVG = "http://www.w3.org/2000/svg"
# As rich's own, without the fonts that it would fetch, and with what it shows as text.
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>harness in a terminal</title>
<desc>DESCRIPTION</desc>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def recorded(folder: Path) -> Text:
    """What the commands print in a folder of their own, in colour, each behind its prompt."""
    screen = Text()
    environment = {**os.environ, "COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color", "HARNESS_DUMPS": ""}
    for command, lines in SHOWN.items():
        words = [sys.executable, "-m", *shlex.split(command)]
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != OK:
            sys.exit(f"{command}\n{done.stderr}")
        printed = done.stdout.rstrip("\n").split("\n")
        shown = printed[lines]
        screen.append(f"$ {command}\n", style="bold")
        screen.append(Text.from_ansi("\n".join(shown)))
        screen.append("\n…\n\n" if shown[-1] is not printed[-1] else "\n")
    screen.rstrip()
    return screen


def drawn(screen: Text) -> str:
    """The recording as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(screen, soft_wrap=True)
    text = screen.plain.replace("&", "&amp;").replace("<", "&lt;").replace("{", "{{").replace("}", "}}")
    return console.export_svg(title="harness", code_format=FORMAT.replace("DESCRIPTION", text), unique_id="recording")


def text_of(svg: Path) -> str:
    """What a recording shows; empty where there is none."""
    if not svg.exists():
        return ""
    return ElementTree.parse(svg).findtext(f"{{{SVG}}}desc") or ""


def without_times(text: str) -> str:
    """The text without the last column of the result table, which differs from run to run."""
    return re.sub(r" +[\d.]+$", "", re.sub(r"─+$", "─", text, flags=re.M), flags=re.M)


def screenshot(page: Path, to: Path) -> None:
    """The first screen of a page, with 256 colours."""
    from PIL import Image

    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no chromium: the scorecard's picture is as it was")
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder, "shot.png")
        size = f"--window-size={SCREEN[0]},{SCREEN[1]}"
        command = [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--hide-scrollbars",
            size,
            f"--screenshot={shot}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        Image.open(shot).convert("RGB").quantize(256).save(to, optimize=True)


def main() -> None:
    """Take both. The recording stays as it is where nothing but times has changed."""
    TERMINAL.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        screen = recorded(Path(folder))
    if without_times(text_of(TERMINAL)) != without_times(screen.plain):
        TERMINAL.write_text(drawn(screen), encoding="utf-8")
    screenshot(ROOT / "reports/scorecard.html", SCORECARD)


if __name__ == "__main__":
    main()
