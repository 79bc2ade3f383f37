"""Votes on the blocks of a page: those of a stored run, read when its page is opened."""

from dataclasses import replace

from factories.pages import html_page
from factories.run_files import HEADER, RECORD, write_run
from factories.workbench import POND
from harness.runs.file import new_run
from harness.runs.header import GoldenFacts
from harness.workbench.index import indexed
from harness.workbench.layout import Layout
from harness.workbench.proposals import Voters
from harness.workbench.reading import shown_of

PAGE = html_page(POND)
STORY = "On Sunday the pond froze from bank to bank, for the first time in nine years."


def test_the_outputs_of_a_run_vote_on_its_page(tmp_path):
    header = replace(HEADER, goldens={"ponds/pond": GoldenFacts(PAGE.sha256)})
    answers = {"a": STORY, "b": STORY, "c": f"{STORY}\nThe ducks have moved to the mill race."}
    with new_run("20261130-120000", header, tmp_path) as writer:
        for name, text in {**answers, "keep_everything": "Home News"}.items():  # a reference does not vote
            writer.record(replace(RECORD, extractor=name, golden="ponds/pond", text=text))
        writer.record(replace(RECORD, extractor="d", golden="ponds/pond", outcome="crash", text=""))
        writer.finish()
    layout = Layout(PAGE)
    votes = Voters(lambda: indexed(writer.path, shown_of)).of(PAGE, layout)
    assert votes is not None and votes.voters == ("a", "b", "c")
    shares = {block.text: share for block, share in zip(layout.blocks, votes.blocks)}
    assert shares[STORY] == 1.0
    assert 0 < shares["The ducks have moved to the mill race."] < 0.5
    assert shares["All rights reserved."] == 0.0


def test_a_run_is_not_read_before_a_page_is_opened(tmp_path):
    def read():
        raise AssertionError("nobody has opened a page")

    Voters(read).close()
    path = write_run(tmp_path, "20261130-120000", [RECORD])
    assert indexed(path, shown_of).page("ponds/pond").records == ()
