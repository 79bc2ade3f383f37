"""Facts, and text that no browser renders, as the labelling screen changes them."""

import pytest

from factories.workbench import POND, Client, workbench
from harness.goldens.reader import Dumps, read_golden

ID = "ponds/pond"
MORE = (
    "<img src=ice.png alt='A frozen pond'><abbr title='local authority'>LA</abbr>"
    '<script type="application/ld+json">{"author": {"name": "Ann Reed"}, "articleBody": "On Sunday."}</script>'
    "<template><p>Loading ducks</p></template></article>"
)


def read(folder):
    return read_golden(folder / "pond.yaml", Dumps([]))


def add(client, **fact):
    return client.post(f"/api/fact/{ID}", {"version": client.state(ID)["version"], "seconds": 3, **fact})


def test_facts_are_added_behind_the_labels_and_taken_out(client, pond):
    before = (pond / "pond.yaml").read_text()
    add(client, category="present", texts=["from bank to bank"])
    add(client, category="order", texts=["The pond froze", "The ducks"])
    add(client, category="repeat", texts=["nine years"], times=2)
    add(client, category="cell", texts=["611"], neighbours={"row": "For", "column": "", "evil": "x"})
    state = add(client, category="code", texts=["if frozen:\n    walk()"]).json()
    facts = read(pond).own_facts
    assert [fact.category for fact in facts] == ["present", "order", "repeat", "cell", "code"]
    assert (facts[1].texts, facts[2].times, facts[3].neighbours) == (("The pond froze", "The ducks"), 2, (("row", "For"),))
    assert facts[4].texts == ("if frozen:\n    walk()",)
    assert state["facts"][0][1] == 'present "from bank to bank"'
    assert (pond / "pond.yaml").read_text().startswith(before)  # nothing else has changed
    while state["facts"]:
        state = add(client, remove=state["facts"][0][0]).json()
    assert (pond / "pond.yaml").read_text() == before
    undone = client.post(f"/api/step/{ID}", {"version": state["version"], "by": -1}).json()
    assert len(undone["facts"]) == 1


@pytest.mark.parametrize("indent", ["", "    "])
def test_rows_are_added_under_those_that_stand_there_however_these_are_indented(pond, indent):
    file = pond / "pond.yaml"
    file.write_text(file.read_text().replace("\n  - ", f"\n{indent}- ") + f"facts:\n{indent}- {{present: bank to bank}}\n")
    client = Client(workbench(pond))
    assert add(client, category="absent", texts=["otters"]).json()["mistakes"] == []
    assert [fact.category for fact in read(pond).own_facts] == ["present", "absent"]
    assert client.label(ID, [1], "drop", "navigation").json()["mistakes"] == []
    assert [label.kind for label in read(pond).labels] == ["body", "byline", "navigation"]


@pytest.mark.parametrize(
    "fact",
    [
        {"category": "present", "texts": [" ... "]},
        {"category": "order", "texts": ["one text"]},
        {"category": "cell", "texts": ["611"]},
        {"category": "smell", "texts": ["fish"]},
        {"category": "present", "texts": "fish"},
        {"category": "repeat", "texts": ["ducks"], "times": -1},
        {"category": "cell", "texts": ["611"], "neighbours": ["row"]},
        {"remove": 3},
        {"remove": "3"},
    ],
)
def test_facts_that_say_nothing_are_refused(client, pond, fact):
    before = (pond / "pond.yaml").read_bytes()
    answer = add(client, **fact)
    assert answer.status_code == 422 and answer.json()["error"]
    assert (pond / "pond.yaml").read_bytes() == before


@pytest.fixture
def rich(pond):
    """The pond with an image, a title, linked data and a template."""
    page = POND.replace("</article>", MORE)
    (pond / "pond.html").write_text(page, encoding="utf-8")
    (pond / "pond.yaml").unlink()
    return Client(workbench(pond))


def texts(client):
    return [(one["source"], one["name"], one["text"], one["verdict"]) for one in client.get(f"/api/beside/{ID}").json()]


def test_texts_that_no_browser_renders_are_listed_with_what_labels_say(rich):
    assert texts(rich) == [
        ("alt", "alt", "A frozen pond", "drop"),
        ("attribute", "title", "local authority", "drop"),
        ("json-ld", "author.name", "Ann Reed", "drop"),
        ("json-ld", "articleBody", "On Sunday.", "drop"),
        ("template", "", "Loading ducks", "drop"),
    ]


@pytest.mark.parametrize("number", range(5))
def test_each_is_labelled_alone_and_as_it_was_before(rich, pond, number):
    state = rich.label(ID, [3], "keep", "body").json()
    all_texts = texts(rich)

    def label(verdict, version):
        asked = {"version": version, "number": number, "verdict": verdict}
        return rich.post(f"/api/beside/{ID}", asked).json()

    state = label("keep", state["version"])
    assert state["mistakes"] == []
    wanted = [(*one[:3], "keep" if place == number else "drop") for place, one in enumerate(all_texts)]
    assert texts(rich) == wanted
    assert [part.text for part in read(pond).segments if part.verdict == "keep"][-1] == all_texts[number][2]
    state = label("drop", state["version"])
    assert state["mistakes"] == []
    assert texts(rich) == all_texts


@pytest.mark.parametrize("asked", [{"number": 5}, {"number": -1}, {"number": 0, "verdict": "burn"}, {"number": "0"}])
def test_what_is_not_there_is_refused(rich, asked):
    version = rich.label(ID, [3], "keep", "body").json()["version"]
    assert rich.post(f"/api/beside/{ID}", {"version": version, "verdict": "keep", **asked}).status_code == 422


def test_a_text_dump_has_nothing_beside_it(pond):
    (pond / "note.txt").write_text("A line.\n")
    assert Client(workbench(pond)).get("/api/beside/ponds/note").json() == []
