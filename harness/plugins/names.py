"""Names of extractors, as they are written and as runs have them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from harness.common.moved import moved_command, moved_reference
from harness.common.project import project_root

_ALIAS = re.compile(r"([^\s=:/]+)=(?=.)", re.DOTALL)


def split_alias(word: str) -> tuple[str, str]:
    """`ALIAS=REFERENCE` as its two parts; an empty alias for a name that has none."""
    found = _ALIAS.match(word)
    return (found[1], word[found.end() :]) if found else ("", word)


def spelled_out(word: str, known: Iterable[str]) -> str:
    """`ALIAS=REFERENCE` for a word that is one of the aliases that are known, with the release for `ALIAS@RELEASE`; another
    word as it is. known: words that extractors are asked for by, some of them with aliases."""
    references = {alias: reference for alias, reference in map(split_alias, known) if alias}
    alias, at, release = word.partition("@")
    if word in references:
        return f"{word}={references[word]}"
    reference = references.get(alias, "")
    return f"{word}={reference}{at}{release}" if reference and not {"@", ":"} & {*reference} else word


def name_of(word: str) -> str:
    """What an extractor that was asked for by this word is called in runs: its alias, else the word, in which a file is
    named as from the root of the project, so that the name is the same wherever in it the command is called."""
    alias, _ = split_alias(word)
    return alias or (moved_extractor(word, Path(), project_root()) if ":" in word else word)


def moved_extractor(word: str, start: Path, end: Path) -> str:
    """A word that asks for an extractor, with the files in it relative to `end`, where they are relative to `start`."""
    alias, reference = split_alias(word)
    scheme, colon, rest = reference.partition(":")
    if scheme in ("cmd", "protocol"):
        reference = f"{scheme}:{moved_command(rest, start, end)}"
    elif scheme in ("union", "vote"):
        reference = f"{scheme}:{'+'.join(moved_extractor(member, start, end) for member in rest.split('+'))}"
    elif colon:
        reference = moved_reference(reference, start, end)
    return f"{alias}={reference}" if alias else reference
