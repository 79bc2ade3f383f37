"""The schemas of what the harness writes, and of outputs that were made elsewhere."""

from __future__ import annotations

from typing import Any

from harness.analysis.audit import REASONS
from harness.baseline.file import BASELINE_FILE_FORMAT
from harness.baseline.model import Baseline, BaselineRow
from harness.common.options import options_of
from harness.datasets.choice import Choice
from harness.datasets.suspected import SUSPECTS_FILE_FORMAT, SuspectList
from harness.engine.answer import OUTCOMES
from harness.exposure.record import FORMAT as EXPOSURE_FILE_FORMAT
from harness.exposure.record import ExposureRecord
from harness.fuzz.findings.finding import FINDING_FILE_FORMAT, Finding
from harness.pages.page import MEDIA
from harness.runs.header import RUN_FILE_FORMAT, RunHeader
from harness.runs.record import Record
from harness.runs.request import RunRequest
from harness.schemas.dataclasses import TEXT, TEXTS, Schema, parts_of

_NO_TEXT: Schema = {"type": ["string", "null"]}


def run() -> Schema:
    """A line of a run."""
    header = parts_of(RunHeader, request=None, states_choice=None)
    facts = {name: schema for name, schema in header.properties.items() if name not in ("request", "states_choice")}
    asked = parts_of(RunRequest, choice=None).properties | parts_of(Choice).properties
    arguments = {item.key: asked[item.name] for item in options_of(RunRequest)} | {"predictions": TEXTS}
    top = {
        "format": {"const": RUN_FILE_FORMAT},
        **facts,
        "seed": {"type": "integer", "description": "Determines which goldens a sample has."},
        "arguments": {"type": "object", "properties": arguments, "description": "What was asked for."},
    }
    record = parts_of(Record)
    row = record.properties | _measured() | {"media": {"enum": [*MEDIA], "description": "The track of the page."}}
    row["text"] = TEXT | {"description": "The output as plain text: zlib, then base64."}
    lines = [
        _line("header", top, ("format", "id", "arguments", "goldens"), "The first line: what was asked for, and facts."),
        _line("record", row, record.required, record.about),
        _line("extractor", {"name": TEXT, "version": _NO_TEXT, "runtime": TEXT}, ("name",), "An extractor was loaded."),
        _line("not_loaded", {"name": TEXT, "reason": TEXT}, ("name", "reason"), "An extractor could not be loaded."),
        _line("not_cached", {"name": TEXT}, ("name",), "The outputs of an extractor are not kept for later runs."),
        _line("reads", {"name": TEXT, "keys": TEXTS}, ("name", "keys"), "What was read for the outputs of an extractor."),
        _line("footer", {"finished": TEXT}, (), "The last line of a run that is whole."),
    ]
    known = header.definitions | record.definitions
    return {"description": "A line of a run, a file of JSON lines (docs/runs.md)", "oneOf": lines, "$defs": known}


def _measured() -> dict[str, Schema]:
    return {"outcome": {"enum": [*OUTCOMES], "description": "What became of the page."}}


def _line(kind: str, properties: dict[str, Any], required: tuple[str, ...], about: str) -> Schema:
    tagged = {"type": {"const": kind}, **properties}
    return {"type": "object", "description": about, "properties": tagged, "required": ["type", *required]}


def baseline() -> Schema:
    """The baseline."""
    found = parts_of(Baseline, rows=list[BaselineRow])
    for part in ("BaselineRow", "Measurement"):
        found.definitions[part]["properties"] |= _measured()
    found.definitions["BaselineGolden"]["properties"]["media"]["enum"] = [*MEDIA]
    properties = {"baseline": {"const": BASELINE_FILE_FORMAT}, **found.properties}
    about = "What extractors did when somebody last looked and agreed (docs/gate.md)"
    return _file(properties, tuple(properties), about, found.definitions)


def finding() -> Schema:
    """A finding of `harness fuzz --search`."""
    found = parts_of(Finding, pages=dict[str, str])
    pages = {"type": "object", "additionalProperties": TEXT, "required": ["page"], "description": "Golden files, by role."}
    properties = {
        "finding": {"const": FINDING_FILE_FORMAT},
        "fingerprint": TEXT | {"description": "Equal for variants of one failure."},
        **found.properties,
        "pages": pages,
    }
    return _file(properties, ("finding", *found.required, "inserted", "pages"), "A layout that breaks an extractor")


def exposure() -> Schema:
    """What `harness exposure` has measured."""
    record = parts_of(ExposureRecord)
    extractors = {"type": "array", "items": record.table}
    properties = {"exposure": {"const": EXPOSURE_FILE_FORMAT}, "extractors": extractors}
    about = "What came out of extractors that no reader sees, and what did not though readers see it"
    return _file(properties, tuple(properties), about, record.definitions)


def suspects() -> Schema:
    """A list of goldens that are probably wrong."""
    found = parts_of(SuspectList)
    found.definitions["Suspect"]["properties"]["reason"]["enum"] = [*REASONS]
    about = "Goldens that are probably wrong, by `harness audit --format suspects`: `--without-flag suspect` leaves them out"
    return _file(
        {"suspects": {"const": SUSPECTS_FILE_FORMAT}, **found.properties},
        ("suspects", *found.required),
        about,
        found.definitions,
    )


def predictions() -> Schema:
    """Outputs of one extractor in a JSON file."""
    page = {"anyOf": [_NO_TEXT, {"type": "object", "required": ["articleBody"], "properties": {"articleBody": _NO_TEXT}}]}
    pages = {"type": "object", "additionalProperties": page, "description": "Outputs by id of the page; null for none."}
    versioned = {"version": TEXT, "output": {"$ref": "#/$defs/pages"}}
    return {
        "description": "Outputs for `harness score`, as AEB and WCXB keep them (docs/datasets.md)",
        "anyOf": [
            {"type": "object", "properties": versioned, "required": [*versioned], "additionalProperties": False},
            {"$ref": "#/$defs/pages"},
        ],
        "$defs": {"pages": pages},
    }


def prediction_lines() -> Schema:
    """A line of outputs in a file of JSON lines."""
    wceb = {"properties": {"page_id": TEXT, "plaintext": _NO_TEXT}, "required": ["page_id", "plaintext"]}
    ids = [{"required": [name], "properties": {name: TEXT}} for name in ("track_id", "sample_id", "id")]
    outputs = {"^.*_content$": _NO_TEXT}
    webmainbench = {"not": {"required": ["page_id"]}, "anyOf": ids, "patternProperties": outputs}
    return {
        "description": "A line of outputs for `harness score`, as WCEB and WebMainBench keep them (docs/datasets.md)",
        "type": "object",
        "oneOf": [wceb, webmainbench],
    }


def _file(
    properties: dict[str, Any], required: tuple[str, ...], about: str, known: dict[str, Schema] | None = None
) -> Schema:
    defs = {"$defs": known} if known else {}
    return {"type": "object", "description": about, "properties": properties, "required": [*required], **defs}
