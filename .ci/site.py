"""A hook of MkDocs: links to files outside docs/ lead to the repository; the commands are listed from the parser."""

import posixpath
import re
from typing import Any

from harness.cli.reference import COMMANDS_GO_HERE, commands_as_markdown

_LINK = re.compile(r"\]\((\.\./[^)\s]+)\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """The page with such links, and with the commands in place of their mark."""
    folder = posixpath.dirname(page.file.src_uri)

    def link(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join("docs", folder, match[1]))
        return match[0] if target.startswith("docs/") else f"]({config.repo_url}/blob/main/{target})"

    linked = _LINK.sub(link, markdown)
    return linked.replace(COMMANDS_GO_HERE, commands_as_markdown()) if COMMANDS_GO_HERE in linked else linked
