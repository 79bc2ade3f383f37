"""The schemas by name, and their texts as docs/schemas has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from harness.common.published import schema_address
from harness.schemas import goldens, results, rules
from harness.schemas.dataclasses import Schema

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class KnownSchema:
    """A schema, and the files that it is of."""

    files: str
    """Which files it is of."""
    make: Callable[[], Schema]
    """Makes it."""


SCHEMAS = {
    "golden": KnownSchema("goldens, such as goldens/core/*.yaml", goldens.golden),
    "policy": KnownSchema("policies, for --policy FILE.yaml", goldens.policy),
    "gate-rules": KnownSchema("rules of the gate: [tool.harness.gate], or --rules FILE", rules.gate_rules),
    "run-line": KnownSchema("each line of a run, reports/runs/*.jsonl", results.run),
    "baseline": KnownSchema("the baseline, reports/baseline.json", results.baseline),
    "finding": KnownSchema("findings, reports/findings/*/*.yaml", results.finding),
    "exposure": KnownSchema("reports/exposure.json", results.exposure),
    "suspects": KnownSchema("goldens that are probably wrong, suspects.json", results.suspects),
    "predictions": KnownSchema("outputs for `harness score`, *.json", results.predictions),
    "prediction-line": KnownSchema("each line of outputs for `harness score`, *.jsonl", results.prediction_lines),
}
"""Every format of file that has a schema, by the schema's name."""


def schema(name: str) -> Schema:
    """The schema of that name."""
    return {"$schema": _DIALECT, "$id": schema_address(name), "title": name, **SCHEMAS[name].make()}


def schema_text(name: str) -> str:
    """The schema of that name as its file has it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
