"""Makes large runs of a small one: the same outputs under other names, with other scores."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any


def multiplied(source: Path, target: Path, *, extractors: int, noise: float, seed: int) -> None:
    """Write a run of so many extractors, each with the records of the first one of another run.

    Their scores, leaks and misses differ from its own at random, more for each further extractor; one page in five hundred
    fails. noise: how far scores move, as a standard deviation.
    """
    chance = random.Random(seed)
    rows = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
    header, footer = rows[0], rows[-1]
    first = next(row["name"] for row in rows if row["type"] == "extractor")
    names = [f"{first}_{number:02}" for number in range(extractors)]
    header["id"] = target.stem
    header["extractors"] = {name: header["extractors"][first] for name in names}
    written = [header]
    for number, name in enumerate(names):
        written.append({"type": "extractor", "name": name, "version": "1.0", "runtime": ""})
        shift = 0.005 * number
        own = [row for row in rows if row["type"] == "record" and row["extractor"] == first]
        written += [_noisy(row, name, chance, shift, noise) for row in own]
    with target.open("w", encoding="utf-8") as file:
        for row in [*written, footer]:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _noisy(row: dict[str, Any], name: str, chance: random.Random, shift: float, noise: float) -> dict[str, Any]:
    row = {**row, "extractor": name}
    if chance.random() < 0.002:
        worst = {
            metric: value and (1.0 if metric in ("WER", "CER", "MER") else 0.0) for metric, value in row["scores"].items()
        }
        return {**row, "outcome": "error", "error": "ValueError: made for this measurement", "text": "", "scores": worst}
    scores = {
        metric: value
        if value is None or isinstance(value, int)
        else min(1.0, max(0.0, value - shift + chance.gauss(0, noise)))
        for metric, value in row["scores"].items()
    }
    leaks = {kind: max(0, number + chance.randrange(-3, 4)) for kind, number in row["leaks"].items()}
    misses = {kind: max(0, number + chance.randrange(-3, 4)) for kind, number in row["misses"].items()}
    counts = {**row["counts"], "leaked": sum(leaks.values()), "missed": sum(misses.values())}
    return {**row, "scores": scores, "counts": counts, "leaks": leaks, "misses": misses}
