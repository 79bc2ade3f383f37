"""Whether findings are older than a change: replays them on the release that the baseline was measured with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.common import extensions
from harness.common.errors import HarnessError
from harness.common.wording import Announce
from harness.engine.base import LAYOUT_TIMEOUT
from harness.engine.seat import Seat
from harness.evaluation.extractors import make_ready, select
from harness.fuzz.findings.finding import find_findings, read_finding
from harness.fuzz.findings.replay import replay
from harness.runs.request import RunRequest

_AS_BAD = 0.1  # of severity, by which an old fault may be milder


@dataclass(frozen=True)
class Replayed:
    """What an earlier release does on the page of a finding."""

    id: str
    """The finding's id."""
    is_old: bool
    """Whether it fails in the same way, and about as badly."""
    detail: str
    """What happened, in a line; why it could not be tried, where it could not."""


def replay_on(extractor: str, ids: Sequence[str], request: RunRequest, announce: Announce) -> list[Replayed]:
    """Replay findings with another extractor, such as `x@1.2`, in the environment of a run but for its `--with`.

    announce: is called with a line where something takes long.
    """
    asked = replace(request, extractors=(extractor,), local_packages=())
    try:
        extensions.use_plugin_files(request.plugins, memory=request.memory, timeout=request.timeout)
        runnables, unavailable = make_ready(select(asked)[0], asked, announce)
    except HarnessError as error:
        return [Replayed(finding, False, f"{extractor} cannot run: {' '.join(str(error).split())}") for finding in ids]
    if not runnables:
        return [Replayed(finding, False, f"{extractor} cannot run: {unavailable[0].reason}") for finding in ids]
    found = []
    with Seat(runnables[0], timeout=LAYOUT_TIMEOUT, memory=request.memory) as seat:
        for finding_id in ids:
            paths, unknown = find_findings([finding_id])
            if not paths:
                found.append(Replayed(finding_id, False, "; ".join(unknown)))
                continue
            try:
                finding = read_finding(paths[0])
            except HarnessError as error:
                found.append(Replayed(finding_id, False, " ".join(str(error).split())))
                continue
            result = replay(finding, seat)
            is_old = result.state == "FAILED" and result.severity >= finding.severity - _AS_BAD
            found.append(Replayed(finding_id, is_old, f"{result.state} on {extractor}: {result.detail}"))
    return found
