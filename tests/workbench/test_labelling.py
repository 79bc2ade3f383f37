"""Labels that are changed in the workbench, as the golden file then has them."""

import re
from hashlib import sha256

from factories.workbench import POND, Client, workbench
from harness.goldens.reader import Dumps, read_golden

ID = "ponds/pond"
# blocks of the page: nav, h1, byline, two paragraphs, footer


def read(pond, name="pond.yaml"):
    return read_golden(pond / name, Dumps([]))


def test_blocks_have_what_the_labels_say(client):
    layout = client.get(f"/api/layout/{ID}").json()
    assert [block[1] for block in layout["blocks"]][:3] == ["Home News", "The pond froze over", "By Ann Reed"]
    assert layout["state"]["verdicts"] == "dmmkkd"
    assert layout["state"]["kinds"] == ["other", "title", "byline", "body", "body", "other"]
    assert layout["state"]["mistakes"] == []


def test_a_label_is_added_and_all_else_stays_as_it_was_written(client, pond):
    before = (pond / "pond.yaml").read_text()
    answer = client.label(ID, [5], "drop", "legal")
    assert answer.json()["kinds"][5] == "legal"
    after = (pond / "pond.yaml").read_text()
    assert after.startswith(before)
    assert after[len(before) :] == "  - {drop: 'footer > p:nth-child(1)', as: legal}  # All rights reserved.\n"
    assert read(pond).labels[-1].kind == "legal"
    assert (pond / "pond.html").read_text() == POND


def test_labels_that_say_nothing_any_more_are_left_out(client, pond):
    client.label(ID, [1], "drop", "title")
    assert "maybe: h1" not in (pond / "pond.yaml").read_text()
    assert read(pond).labels[-1].verdict == "drop"


def test_a_label_that_others_imply_is_not_written(client, pond):
    client.label(ID, [3], "drop", "promo")
    client.label(ID, [3], "keep", "body")
    assert [label.places for label in read(pond).labels] == [("article p",), ("h1",), ("p.by",)]


def test_labels_that_say_the_same_are_joined(client, pond):
    client.label(ID, [0], "drop", "navigation")
    client.label(ID, [5], "drop", "navigation")
    assert read(pond).labels[-1].places == ("nav", "footer > p:nth-child(1)")


def test_a_note_stands_behind_its_label(client, pond):
    client.label(ID, [4], "maybe", "body", note="an aside: #2")
    assert "# an aside: #2" in (pond / "pond.yaml").read_text().splitlines()[-1]
    assert client.state(ID)["mistakes"] == []


def test_a_part_of_a_block_is_named_by_its_text(client, pond):
    client.label(ID, [3], "drop", "promo", text="for the first time in nine years")
    label = read(pond).labels[-1]
    assert label.quotes[0].exact == "for the first time in nine years"
    assert client.state(ID)["mixed"] == [3]


def test_a_text_that_is_not_there_is_refused_and_nothing_saved(client, pond):
    before = (pond / "pond.yaml").read_bytes()
    answer = client.label(ID, [3], "drop", "promo", text="seven swans")
    assert answer.status_code == 422
    assert "not found" in answer.json()["error"]
    assert (pond / "pond.yaml").read_bytes() == before


def test_selectors_say_what_else_they_name(client):
    layout = client.get(f"/api/layout/{ID}").json()
    found = client.post(f"/api/candidates/{ID}", {"elements": [layout["blocks"][3][0]]}).json()
    assert (found[0]["matches"], found[0]["others"]) == (1, 0)
    assert any(one["place"].endswith("p") and one["others"] == 2 for one in found[1:])


def test_undo_and_redo_outlive_the_server(client, pond):
    start = (pond / "pond.yaml").read_text()
    client.label(ID, [0], "drop", "navigation")
    client.label(ID, [5], "drop", "legal")
    end = (pond / "pond.yaml").read_text()
    again = Client(workbench(pond))  # a new server
    for _ in range(2):
        again.post(f"/api/step/{ID}", {"version": again.state(ID)["version"], "by": -1})
    assert (pond / "pond.yaml").read_text() == start
    assert again.state(ID)["undo"] is False
    for _ in range(2):
        again.post(f"/api/step/{ID}", {"version": again.state(ID)["version"], "by": 1})
    assert (pond / "pond.yaml").read_text() == end
    assert again.post(f"/api/step/{ID}", {"version": again.state(ID)["version"], "by": 1}).status_code == 422


def test_an_edit_by_hand_can_be_undone_to(client, pond):
    client.label(ID, [0], "drop", "navigation")
    by_hand = (pond / "pond.yaml").read_text().replace("site: pond.example", "site: other.example")
    (pond / "pond.yaml").write_text(by_hand)
    client.label(ID, [5], "drop", "legal")
    client.post(f"/api/step/{ID}", {"version": client.state(ID)["version"], "by": -1})
    assert (pond / "pond.yaml").read_text() == by_hand


def test_an_edit_by_hand_is_not_lost_by_undoing(client, pond):
    client.label(ID, [0], "drop", "navigation")
    saved = (pond / "pond.yaml").read_text()
    by_hand = saved.replace("site: pond.example", "site: other.example")
    (pond / "pond.yaml").write_text(by_hand)
    client.post(f"/api/step/{ID}", {"version": client.state(ID)["version"], "by": -1})
    assert (pond / "pond.yaml").read_text() == saved
    client.post(f"/api/step/{ID}", {"version": client.state(ID)["version"], "by": 1})
    assert (pond / "pond.yaml").read_text() == by_hand


def test_a_click_is_heard_by_the_tab_that_it_was_made_in(client):
    tabs = {tab: client.get(f"/page/{ID}?tab={tab}").text for tab in ("a1", "b2")}
    links = {tab: re.search(r'<a href="(/pick/[^"]+/)3"', page)[1] for tab, page in tabs.items()}
    assert client.http.get(f"{links['a1']}3").status_code == 204
    assert client.get("/api/picked?tab=a1&after=0").json() == {"number": 1, "block": 3}
    assert client.get("/api/picked?tab=b2&after=0").json() == {"number": 0, "block": None}
    assert client.http.get(f"{links['a1'].replace('a1', '../x')}3").status_code in (403, 404)


def test_the_second_of_two_writers_is_told(client, pond):
    """Two tabs: the one that has not seen the other's change saves nothing."""
    old = client.state(ID)["version"]
    client.label(ID, [0], "drop", "navigation")
    saved = (pond / "pond.yaml").read_bytes()
    answer = client.label(ID, [5], "drop", "legal", version=old)
    assert answer.status_code == 409
    assert "changed elsewhere" in answer.json()["error"]
    assert (pond / "pond.yaml").read_bytes() == saved


def test_nothing_is_saved_for_a_page_that_has_changed(client, pond):
    (pond / "pond.html").write_text(POND.replace("nine", "ten"))
    saved = (pond / "pond.yaml").read_bytes()
    answer = client.label(ID, [0], "drop", "navigation")
    assert answer.status_code == 409
    assert "checksum" in answer.json()["error"]
    assert (pond / "pond.yaml").read_bytes() == saved


def test_confirming_says_who_and_when(client, pond):
    client.label(ID, [0], "drop", "navigation", seconds=40)
    client.post(f"/api/confirm/{ID}", {"version": client.state(ID)["version"], "seconds": 20})
    labelling = read(pond).labelling
    assert (labelling.labeller, labelling.seconds, labelling.blind) == ("ann", 60, False)
    client.post(f"/api/confirm/{ID}", {"version": client.state(ID)["version"], "seconds": 1})
    assert read(pond).labelling.seconds == 61


def test_a_page_without_a_golden_becomes_one_when_it_is_confirmed(pond):
    (pond / "mill.html").write_text(POND.replace("pond", "mill"))
    client = Client(workbench(pond))
    assert client.state("ponds/mill")["saved"] is False
    client.label("ponds/mill", [3, 4], "keep", "body")
    assert read(pond, "mill.yaml").labels
    state = client.post("/api/confirm/ponds/mill", {"version": client.state("ponds/mill")["version"]}).json()
    assert state["mistakes"] == []
    assert read(pond, "mill.yaml").page.sha256 == sha256((pond / "mill.html").read_bytes()).hexdigest()


def test_one_of_several_people_labels_in_a_file_of_their_own(pond):
    before = (pond / "pond.yaml").read_bytes()
    client = Client(workbench(pond, "ben", own_files=True, blind=True))
    assert client.state(ID)["verdicts"] == "dddddd"  # nothing of the golden is shown
    client.label(ID, [3, 4], "keep", "body")
    client.post(f"/api/confirm/{ID}", {"version": client.state(ID)["version"]})
    golden = read(pond, "pond.ben.yaml")
    assert (golden.labeller, golden.site, golden.labelling.blind) == ("ben", "pond.example", True)
    assert (pond / "pond.yaml").read_bytes() == before


def test_a_blind_labeller_sees_no_votes(pond):
    client = Client(workbench(pond, "ben", own_files=True, blind=True))
    assert client.get(f"/api/votes/{ID}").json()["voters"] == []


def test_pages_without_main_content(client, pond):
    for block in (3, 4):
        client.label(ID, [block], "drop", "other")
    assert any("no label is `keep`" in mistake for mistake in client.state(ID)["mistakes"])
    client.post(f"/api/value/{ID}", {"version": client.state(ID)["version"], "key": "main", "value": "none"})
    assert client.state(ID)["mistakes"] == []
    assert read(pond).flags == ("no-main-content",)


def test_lines_of_a_text_dump(pond):
    text = "Home News\n\nThe pond froze.\nThe ducks moved.\nThe end.\n"
    (pond / "dump.txt").write_text(text)
    client = Client(workbench(pond))
    client.label("ponds/dump", [1, 2, 3], "keep", "body")
    client.label("ponds/dump", [2], "maybe", "caption")
    golden = read(pond, "dump.yaml")
    kept = next(label for label in golden.labels if label.verdict == "keep")
    assert kept.places == ("3", "5")
    assert client.state("ponds/dump")["verdicts"] == "dkmk"
    assert client.state("ponds/dump")["mistakes"] == []


NESTED = "<!DOCTYPE html><body><div id=all>{own}<p>One paragraph.</p><p>Two paragraphs.</p></div></body>"


def nested(pond, own):
    (pond / "nest.html").write_text(NESTED.format(own=own))
    return Client(workbench(pond))


def test_a_block_with_blocks_in_it_can_be_labelled_alone_by_its_inline_elements(pond):
    client = nested(pond, "<a class=skip>Jump</a> <button>Menu</button>")
    client.label("ponds/nest", [0, 1, 2], "keep", "body")
    client.label("ponds/nest", [0], "drop", "navigation", alone=True)
    assert client.state("ponds/nest")["verdicts"] == "dkk"
    assert read(pond, "nest.yaml").labels[-1].places == ("a", "button")


def test_text_that_stands_in_no_element_of_its_own_is_quoted(pond):
    client = nested(pond, "Jump down <b>now</b>")
    client.label("ponds/nest", [0, 1, 2], "keep", "body")
    client.label("ponds/nest", [0], "drop", "navigation", alone=True)
    assert client.state("ponds/nest")["verdicts"] == "dkk"
    assert [quote.exact for quote in read(pond, "nest.yaml").labels[-1].quotes] == ["Jump down", "now"]


def test_text_that_stands_there_twice_is_no_label(pond):
    client = nested(pond, "One paragraph.")
    client.label("ponds/nest", [0, 1, 2], "keep", "body")
    assert client.label("ponds/nest", [0], "drop", "navigation", alone=True).status_code == 422
    assert client.state("ponds/nest")["verdicts"] == "kkk"
