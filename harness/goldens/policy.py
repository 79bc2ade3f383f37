"""Policies: which kinds of text belong to the main content, for what use.

A golden says of each text what kind it is, and whether it is to be kept. The second is one answer to a question that search
indexes, readers and training corpora answer differently. A policy is another answer, kind by kind; what it does not name
stays as it is labelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from harness.common.errors import CannotTell, Impossible
from harness.common.files import content_of
from harness.common.typed import plain_yaml
from harness.common.wording import did_you_mean
from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import NO_MAIN_CONTENT, TEXT_KINDS, LabelVerdict

_BUILT_IN = Path(__file__).with_name("policies")
_TELL_NOTHING = {"body", "other", "alt", "attribute", "json-ld", "metadata", "noscript", "template"}  # given without labels


@dataclass(frozen=True)
class Policy:
    """Which verdict each kind of text has."""

    name: str
    """Its name, or the file that it is from."""
    verdicts: Mapping[str, LabelVerdict]
    """By kind of text. Other kinds keep the verdicts of the golden."""


def built_in_policies() -> list[str]:
    """The names of the policies that come with the harness."""
    return sorted(path.stem for path in _BUILT_IN.glob("*.yaml"))


def read_policy(name: str) -> Policy:
    """The policy of this name, or that a YAML file holds. Raises Impossible with what is wrong."""
    known = built_in_policies()
    path = _BUILT_IN / f"{name}.yaml" if name in known else Path(name)
    if not path.is_file():
        if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
            raise Impossible(f"policy {name}: no such file")
        raise Impossible(
            f"unknown policy {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}, or a file such as ./mine.yaml"
        )
    try:
        written = plain_yaml(content_of(path).decode("utf-8-sig"))
    except OSError as error:
        raise Impossible(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Impossible(f"{path}: not UTF-8 (byte {error.start})") from None
    except ValueError as error:
        raise Impossible(f"{path}: not YAML: {error}") from None
    return Policy(name, _verdicts(written, path))


def _verdicts(written: object, path: Path) -> Mapping[str, LabelVerdict]:
    verdicts: tuple[LabelVerdict, ...] = get_args(LabelVerdict)
    if not isinstance(written, dict) or not written:
        raise Impossible(f"{path}: not a policy: write lists of kinds of text under {', '.join(verdicts)}")
    found: dict[str, LabelVerdict] = {}
    for key, kinds in written.items():
        if key not in verdicts:
            raise Impossible(f"{path}: unknown key {key!r}{did_you_mean(str(key), verdicts)}; known: {', '.join(verdicts)}")
        if not isinstance(kinds, list):
            raise Impossible(f"{path}: {key} must be a list of kinds of text, such as [title, caption]")
        for kind in kinds:
            if not isinstance(kind, str) or kind not in TEXT_KINDS or kind == "other":
                hint = did_you_mean(str(kind), TEXT_KINDS)
                raise Impossible(f"{path}: {key}: unknown kind of text {kind!r}{hint}; see harness list kinds")
            if kind in found:
                raise Impossible(f"{path}: {kind} stands under both {found[kind]} and {key}")
            found[kind] = key
    return found


def golden_under(policy: Policy, golden: Golden) -> Golden:
    """A golden with the verdicts of a policy; one without main content stays as it is.

    Text of a kind stays dropped where other text of the kind is not, as a second copy of the title. The main content is then
    what labels say, also for metrics of public benchmarks. Raises CannotTell for a golden that does not tell kinds apart.
    """
    if NO_MAIN_CONTENT in golden.flags:
        return golden
    if golden.labelled is None or {part.kind for part in golden.labelled} <= _TELL_NOTHING:
        raise CannotTell(
            f"{golden.id} does not tell kinds of text apart, so that a policy has nothing to go by: "
            "choose goldens with labels by kind, such as core"
        )
    elsewhere = {part.kind for part in golden.labelled if part.verdict != "drop"}
    labelled = tuple(
        part if part.verdict == "drop" and part.kind in elsewhere else _under(policy, part) for part in golden.labelled
    )
    return replace(golden, labelled=labelled, text=None, markdown=None, published={})


def _under(policy: Policy, part: Segment) -> Segment:
    verdict = policy.verdicts.get(part.kind, part.verdict)
    if verdict == part.verdict or (part.notation and verdict == "keep"):
        return part
    return replace(part, verdict=verdict, notation=None)
