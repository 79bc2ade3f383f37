"""Rewrites golden files of an earlier format, comments and all else as they are."""

from __future__ import annotations

from pathlib import Path

import yaml

from harness.common.files import content_of, write_whole
from harness.goldens.golden import GOLDEN_FILE_FORMAT


class NotUpgraded(Exception):
    """A file that is no golden of a known format, and why."""


def upgrade(path: Path) -> bool:
    """Make a golden file one of the newest format; False if it is already. Raises NotUpgraded and OSError.

    Format 1 is a part of format 2: only the number changes.
    """
    written = content_of(path)
    try:
        text = written.decode("utf-8")
        root = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise NotUpgraded(f"not UTF-8: byte {error.start} is 0x{written[error.start]:02x}") from None
    except yaml.YAMLError as error:
        raise NotUpgraded(f"not YAML: {str(error).splitlines()[0]}") from None
    rows = root.value if isinstance(root, yaml.MappingNode) else []
    number = next((value for key, value in rows if key.value == "golden" and isinstance(value, yaml.ScalarNode)), None)
    if number is None:
        raise NotUpgraded("not a golden: it has no key 'golden'")
    if number.value == str(GOLDEN_FILE_FORMAT):
        return False
    if number.value != "1":
        raise NotUpgraded(f"unknown golden {number.value!r}: this harness knows formats 1 and {GOLDEN_FILE_FORMAT}")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix("\ufeff")
    text = f"{mark}{text[: number.start_mark.index]}{GOLDEN_FILE_FORMAT}{text[number.end_mark.index :]}"
    write_whole(path, text.encode("utf-8"))
    return True
