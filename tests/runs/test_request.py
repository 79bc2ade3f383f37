"""A request says itself as a command line, and is read from disk as it was written."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cli.commands import run as run_command
from harness.cli.options import run_request
from harness.common.options import options_of
from harness.datasets.choice import Choice
from harness.goldens.vocabulary import FLAGS, PAGE_KINDS
from harness.runs.header import RUN_FILE_FORMAT, HeaderError, RunHeader, header_object, read_header
from harness.runs.request import RunRequest

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
several = st.lists(words, max_size=2).map(tuple)
paths = st.lists(words.map(Path), max_size=2).map(tuple)
few = st.none() | st.integers(1, 99)
choices = st.builds(
    Choice,
    kinds=st.lists(st.sampled_from(sorted(PAGE_KINDS)), max_size=2).map(tuple),
    langs=several,
    sites=several,
    without_flags=st.lists(st.sampled_from(sorted(FLAGS)), max_size=2).map(tuple),
    sample=few,
    seed=st.integers(0, 9),
    limit=few,
    shard=st.sampled_from([None, "1/2", "7/7"]),
)
requests = st.builds(
    RunRequest,
    extractors=several,
    goldens=several,
    choice=choices,
    metrics=several,
    policy=st.just("") | words,
    isolated=st.booleans(),
    own_requirements=st.booleans(),
    local_packages=several,
    plugins=paths,
    dumps=paths,
    timeout=st.sampled_from([0.5, 30.0, 33.1234567, 1234567.891]),
    memory=st.sampled_from([0, 2 * 1024**3, 500_000_000]),
    repeat=st.integers(1, 9),
    keep_texts=st.sampled_from(["all", "none", "7"]),
)


def parsed(command: list[str]) -> RunRequest:
    parser = argparse.ArgumentParser()
    run_command.arguments(parser)
    return run_request(parser.parse_args(command))


@given(requests)
def test_the_command_line_of_a_request_asks_for_that_request(request: RunRequest) -> None:
    said = request.to_words()
    assert said[:2] == ["harness", "run"]
    assert parsed(said[2:]) == request


@given(requests)
def test_a_header_is_read_as_it_was_written(request: RunRequest) -> None:
    header = RunHeader("20260101-000000", request, metrics=("F",), definitions={"F": 2}, skipped=("a/b",))
    stored = json.loads(json.dumps({"format": RUN_FILE_FORMAT, **header_object(header)}))
    assert read_header(stored) == header


def test_every_option_of_a_request_is_written_to_disk_and_has_a_flag() -> None:
    known = header_object(RunHeader("x"))["arguments"]
    options = list(options_of(RunRequest))
    assert [item.key for item in options] == list(known)
    assert len({item.flag for item in options}) == len(options)


def test_nothing_that_is_usual_is_said() -> None:
    assert RunRequest().to_words() == ["harness", "run"]
    assert RunRequest(metrics=("aeb",), goldens=("core",)).to_words() == ["harness", "run", "-g", "core", "-m", "aeb"]


def test_outputs_made_elsewhere_are_scored_and_not_run() -> None:
    request = RunRequest(predictions=(Path("out.json"),), goldens=("aeb:x",), extractors=("them",), metrics=("aeb",))
    assert request.to_words() == ["harness", "score", "out.json", "-g", "aeb:x", "-m", "aeb"]


def test_parts_of_the_command_line() -> None:
    request = RunRequest(
        goldens=("core",),
        choice=Choice(sample=5, seed=3, shard="1/2"),
        plugins=(Path("p.py"),),
        isolated=True,
        timeout=5.0,
    )
    assert request.page_words() == ["-g", "core", "--sample", "5", "--seed", "3"]
    assert request.environment_words() == ["--isolated", "--plugins", "p.py"]


def test_headers_of_earlier_versions_are_read() -> None:
    began_with = {"goldens": ["core"], "extractor": ["x"], "predictions": ["out.json"]}
    old = {"type": "header", "format": 2, "id": "20250101-000000", "arguments": began_with, "seed": 0, "metrics": ["F"]}
    header = read_header(old)
    assert header.request == RunRequest(extractors=("x",), goldens=("core",), predictions=(Path("out.json"),))
    assert not header.states_choice and header.goldens == {} and header.golden("core/a").hashes == ("", "")
    assert read_header(header_object(replace(header, states_choice=True))).states_choice


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ({"id": 3}, "id"),
        ({"arguments": []}, "arguments"),
        ({"arguments": {"timeout": "long"}}, "request.timeout"),
        ({"arguments": {"kind": [1]}}, "choice.kinds[0]"),
        ({"goldens": {"a/b": {"page": None}}}, "goldens"),
        ({"definitions": {"F": "one"}}, "definitions"),
        ({"extractors": []}, "extractors"),
    ],
)
def test_a_damaged_header_is_told_with_the_place(damage: dict[str, object], place: str) -> None:
    with pytest.raises(HeaderError) as raised:
        read_header({"id": "x", **damage})
    assert place in str(raised.value)


def test_extractors_keep_their_aliases_where_a_request_is_changed() -> None:
    asked = RunRequest(extractors=("fast=cmd:cat", "justext"))
    assert asked.extractor_names == ["fast", "justext"]
    assert asked.with_extractors(["justext", "fast", "other"]).extractors == ("justext", "fast=cmd:cat", "other")
