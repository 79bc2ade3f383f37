"""Faults that releases of trafilatura had, by its own history: the gate is red for the release and names the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from factories.records import store
from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.runs.find import read_run
from harness.runs.record import Run

PARAGRAPHS = (
    "The salt works at Maldern kept three pans on the boil from March until the first frost, and the oldest of them had been"
    " patched so often that no two of its plates were of the same age.",
    "Brine came up from a shaft behind the chapel by a wheel that two ponies turned in shifts of four hours, and the ledger"
    " has their names beside those of the boilers.",
    "What was raked from the pans dried on wicker for nine days under the eaves of the long shed before it was weighed.",
)
# Each with the newest release that has the fault, and the first one that has it no more.
FAULTS = {
    "colspan": (
        "2.0.0",
        "2.1.0",
        '<table><tr><td colspan="2.5">Sacks sold in autumn</td></tr><tr><td>To inns</td><td>four hundred</td></tr></table>',
        "Sacks sold in autumn\nTo inns four hundred",
    ),
    "nobr": (
        "2.1.0",
        "2.2.0",
        "<table><tr><th>Month</th><th>Weight</th></tr><tr><td>March</td><td><nobr>two hundred stone</nobr></td></tr>"
        "<tr><td>April</td><td><nobr>nearly three hundred stone</nobr></td></tr></table>",
        "Month Weight\nMarch two hundred stone\nApril nearly three hundred stone",
    ),
    "links": (
        "2.1.0",
        "2.2.0",
        '<ul><li><p><a href="/a">How the wheel was built anew by the smith of the next parish</a></p></li>'
        '<li><p><a href="/b">Ponies of the second shift and what they were fed in winter</a></p></li>'
        '<li><p><a href="/c">A list of all boilers until the pans went cold</a></p></li></ul>',
        "How the wheel was built anew by the smith of the next parish\n"
        "Ponies of the second shift and what they were fed in winter\nA list of all boilers until the pans went cold",
    ),
}
RELEASES = sorted({release for fault in FAULTS.values() for release in fault[:2]})


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A run of all these releases on a page for each fault."""
    folder = tmp_path_factory.mktemp("releases")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, (_, _, markup, text) in FAULTS.items():
            first, *others = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
            body = f"<article><h1>The pans</h1>{first}{markup}{''.join(others)}</article>"
            Path(f"{name}.html").write_text(
                f"<!DOCTYPE html><html><head><title>Pans</title></head><body>{body}</body></html>"
            )
            Path(f"{name}.txt").write_text("\n".join(["The pans", PARAGRAPHS[0], text, *PARAGRAPHS[1:]]))
        names = [word for release in RELEASES for word in ("-e", f"trafilatura@{release}")]
        code = main(["run", "-g", "folder:.", *names])
        if code == CANNOT_TELL:
            pytest.skip("not all releases can be installed here")
        assert code == OK
        return read_run()


def of_release(run: Run, release: str) -> Run:
    """The part of a run that is about a release, under the library's name."""
    part = run.only([f"trafilatura@{release}"])
    records = tuple(replace(record, extractor="trafilatura") for record in part.records)
    return replace(part, records=records, versions={"trafilatura": release})


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_release_is_red_and_its_page_is_named(measured, fault, tmp_path, monkeypatch, capsys):
    with_fault, without, *_ = FAULTS[fault]
    monkeypatch.chdir(tmp_path)
    store(of_release(measured, without))
    assert main(["accept"]) == OK
    store(of_release(measured, with_fault))
    capsys.readouterr()
    assert main(["gate"]) == WORSE
    assert f"/{fault} " in capsys.readouterr().out
    store(of_release(measured, without))
    assert main(["gate"]) == OK
