"""Whether the addresses that README.md and the documentation link to answer: `make links`. Needs a network."""

import re
import sys
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 20  # for one address
AT_ONCE = 8
FENCED = re.compile(r"^ *```.*?^ *```$|`[^`\n]*`", re.M | re.S)
ADDRESS = re.compile(r"\]\((https?://[^)\s#]+)")
OURS = "/OWNER/"  # in addresses of the project, until it is published


def addresses(pages: Iterable[Path]) -> dict[str, list[Path]]:
    """What the pages link to, outside code, each with the pages that do."""
    found = defaultdict(list)
    for page in pages:
        for address in ADDRESS.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
            if OURS not in address and page not in found[address]:
                found[address].append(page)
    return {address: pages for address, pages in found.items() if pages}


def fault(address: str) -> str:
    """What is wrong with an address; nothing if a page is there, or if its site says who may ask (401, 403, 429)."""
    request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0 (a check of links)"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in (401, 403, 429) else f"{error.code} {error.reason}"
    except OSError as error:
        return str(getattr(error, "reason", None) or error)


def report(found: Mapping[str, list[Path]]) -> int:
    """Print each address that does not answer, with the pages that link to it. 1 if there is one."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        dead = [(address, wrong) for address, wrong in zip(found, pool.map(fault, found)) if wrong]
    for address, wrong in dead:
        print(f"{address}: {wrong} ({', '.join(page.name for page in found[address])})")
    print(f"{len(found)} addresses, {len(dead)} of them dead")
    return 1 if dead else 0


if __name__ == "__main__":
    folders = ("docs", "goldens", "reports")
    pages = [*sorted(ROOT.glob("*.md")), *(page for folder in folders for page in sorted((ROOT / folder).rglob("*.md")))]
    sys.exit(report(addresses(pages)))
