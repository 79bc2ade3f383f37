"""The workbench in a browser: what keys and clicks do, and what hostile pages cannot."""

from hashlib import sha256

import pytest

from factories.chromium import CHROMIUM, expect
from factories.hostile_page import elsewhere, hostile_page
from factories.workbench import OTHER_NAME, POND, serving
from harness.goldens.reader import Dumps, read_golden
from harness.workbench.bench import Workbench
from harness.workbench.desk import Desk
from harness.workbench.guard import USER
from harness.workbench.proposals import Voters
from harness.workbench.reading import Shelf

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="this machine has no Chromium")]


def opened(folder, blind=True):
    """A server for a folder; blind, so that no extractor is run."""
    desk = Desk([str(folder)], Dumps([]), "ann", blind=blind, own_files=False)
    return serving(lambda hosts: Workbench(desk, Voters(None), Shelf(folder), hosts))


def open_label(screen, address, name="ponds/pond"):
    screen.goto(f"{address}/label/{name}")
    screen.wait_for_selector("body[data-open]")
    screen.wait_for_selector("body[data-drawn]")


def saved(screen, action, word="saved"):
    """Do something, and wait until the server has saved it."""
    screen.evaluate("document.getElementById('status').textContent = ''")
    action()
    expect(screen.locator("#status")).to_have_text(word)


def chosen(screen):
    return screen.locator("#text").inner_text()


def read(folder, name="pond.yaml"):
    return read_golden(folder / name, Dumps([]))


def test_a_page_is_labelled_by_keys_alone(screen, pond):
    (pond / "pond.yaml").unlink()
    with opened(pond) as (address, _):
        open_label(screen, address)
        keys = screen.keyboard
        for key in "jjj":  # to the first paragraph
            keys.press(key)
        saved(screen, lambda: keys.press("y"))
        assert chosen(screen) == "The ducks have moved to the mill race."  # the next block
        saved(screen, lambda: keys.press("y"))
        for key in "kkkk":
            keys.press(key)
        assert chosen(screen) == "The pond froze over"
        saved(screen, lambda: keys.press("m"))
        saved(screen, lambda: keys.press("m"))
        keys.press("k")
        keys.press("k")
        saved(screen, lambda: keys.type("iti"))
        saved(screen, lambda: keys.press("Enter"), "confirmed")
    golden = read(pond)
    said = {segment.text.strip(): (segment.verdict, segment.kind) for segment in golden.segments if segment.text.strip()}
    assert said["The ducks have moved to the mill race."][0] == "keep"
    assert said["The pond froze over"] == ("maybe", "title")
    assert said["By Ann Reed"][0] == "maybe"
    assert said["All rights reserved."][0] == "drop"
    assert golden.labelling.labeller == "ann"
    assert golden.page.sha256 == sha256(POND.encode()).hexdigest()


def test_a_click_on_the_page_chooses_the_block(screen, pond):
    with opened(pond) as (address, _):
        open_label(screen, address)
        screen.frame_locator("iframe.shown").get_by_text("The ducks have moved").click(force=True)
        expect(screen.locator("#text")).to_contain_text("The ducks")
        assert screen.evaluate("document.activeElement.id") == "blocks"  # keys still work
        saved(screen, lambda: screen.keyboard.press("x"))
    assert [segment.verdict for segment in read(pond).segments if segment.text.startswith("The ducks")] == ["drop"]


def test_a_range_is_chosen_by_shift_and_click_and_the_page_shows_it(screen, pond):
    with opened(pond) as (address, _):
        open_label(screen, address)
        screen.locator("#block-3").click()
        screen.locator("#block-4").click(modifiers=["Shift"])
        expect(screen.locator(".block[aria-selected=true]")).to_have_count(2)
        saved(screen, lambda: screen.keyboard.press("m"))
        expect(screen.locator(".block.maybe")).to_have_count(4)
        expect(screen.frame_locator("iframe.shown").locator("svg.maybe")).to_have_count(4)


def test_a_click_with_ctrl_turns_a_block(screen, pond):
    with opened(pond) as (address, _):
        open_label(screen, address)
        saved(screen, lambda: screen.locator("#block-4").click(modifiers=["Control"]))
        assert [part.verdict for part in read(pond).segments if part.text.startswith("The ducks")] == ["drop"]
        saved(screen, lambda: screen.locator("#block-4").click(modifiers=["Control"]))
        assert [part.verdict for part in read(pond).segments if part.text.startswith("The ducks")] == ["keep"]


def test_out_and_in_of_the_tree(screen, pond):
    with opened(pond) as (address, _):
        open_label(screen, address)
        screen.locator("#block-3").click()
        screen.keyboard.press("h")
        expect(screen.locator(".block[aria-selected=true]")).to_have_count(4)  # the article
        screen.keyboard.press("h")
        expect(screen.locator(".block[aria-selected=true]")).to_have_count(6)  # the body
        screen.keyboard.press("l")
        screen.keyboard.press("l")
        expect(screen.locator(".block[aria-selected=true]")).to_have_count(1)


def test_undo_and_redo_after_a_restart(screen, pond):
    before = (pond / "pond.yaml").read_text()
    with opened(pond) as (address, _):
        open_label(screen, address)
        saved(screen, lambda: screen.keyboard.press("x"))
        saved(screen, lambda: screen.keyboard.type("ina"))
        after = (pond / "pond.yaml").read_text()
    assert after != before
    with opened(pond) as (address, _):
        open_label(screen, address)
        saved(screen, lambda: screen.keyboard.press("u"), "undone")
        assert (pond / "pond.yaml").read_text() == before
        saved(screen, lambda: screen.keyboard.press("U"), "done again")
        assert (pond / "pond.yaml").read_text() == after


def test_another_tab_does_not_lose_what_this_one_saved(browser, screen, pond):
    with opened(pond) as (address, _):
        other = browser.new_page()
        open_label(screen, address)
        open_label(other, address)
        saved(screen, lambda: screen.keyboard.type("ina"))
        mine = (pond / "pond.yaml").read_text()
        other.keyboard.press("j")
        other.keyboard.press("x")
        expect(other.locator("#status")).to_contain_text("changed elsewhere")
        assert (pond / "pond.yaml").read_text() == mine
        expect(other.locator("#block-0 .kind")).to_have_text("navigation")  # shown as it is now
        other.close()


def test_the_help_names_the_keys_and_closes(screen, pond):
    with opened(pond) as (address, _):
        open_label(screen, address)
        screen.keyboard.press("?")
        assert screen.get_by_role("dialog").is_visible()
        screen.keyboard.press("Escape")
        assert not screen.get_by_role("dialog").is_visible()


def test_another_machine_is_asked_for_the_password_once(browser, pond):
    """An origin that is no secure context, as other machines see one, where a browser leaves out headers and functions."""
    from playwright.sync_api import Error

    desk = Desk([str(pond)], Dumps([]), "ann", blind=True, own_files=False)
    with serving(lambda hosts: Workbench(desk, Voters(None), Shelf(pond), hosts, "sesame"), OTHER_NAME) as (address, _):
        stranger = browser.new_page()
        with pytest.raises(Error, match="AUTH"):
            stranger.goto(f"{address}/label/ponds/pond")
        stranger.close()
        context = browser.new_context(http_credentials={"username": USER, "password": "sesame"})
        screen = context.new_page()
        screen.set_default_timeout(30_000)
        open_label(screen, address)
        screen.frame_locator("iframe.shown").get_by_text("The ducks have moved").click(force=True)
        expect(screen.locator("#text")).to_contain_text("The ducks")
        saved(screen, lambda: screen.keyboard.press("x"))
        assert context.cookies() == []
        context.close()
    assert [part.verdict for part in read(pond).segments if part.text.startswith("The ducks")] == ["drop"]


def test_a_hostile_page_runs_nothing_fetches_nothing_and_goes_nowhere(browser, tmp_path):
    folder = tmp_path / "ponds"
    folder.mkdir()
    with elsewhere() as (away, asked), opened(folder_with(folder, hostile_page(away))) as (address, _):
        context = browser.new_context(viewport={"width": 1280, "height": 1600})
        screen = context.new_page()
        screen.set_default_timeout(30_000)
        said = []
        screen.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        open_label(screen, address, "ponds/hostile")
        title, url = screen.title(), screen.url
        for text in ("A link that wants", "a script", "ping", "In the shadow", "More", "The last paragraph."):
            screen.frame_locator("iframe.shown").get_by_text(text).first.click(force=True)
            screen.wait_for_timeout(100)
        box = screen.locator("iframe.shown").bounding_box()
        for x in range(20, int(box["width"]), 120):
            for y in range(20, int(box["height"]), 60):
                screen.mouse.click(box["x"] + x, box["y"] + y)
        screen.keyboard.press("Tab")
        screen.wait_for_timeout(500)
        assert (screen.title(), screen.url) == (title, url)
        assert len(context.pages) == 1
        assert screen.locator("iframe.shown").evaluate("frame => frame.contentDocument") is None  # an origin of its own
        assert screen.frame_locator("iframe.shown").get_by_text("The last paragraph.").is_visible()
        direct = context.new_page()  # the page without its frame
        direct.goto(f"{address}/page/ponds/hostile")
        direct.wait_for_timeout(500)
        assert direct.title() == "Hostile"
        assert said == []
        assert asked == []
        direct.goto(away)
        assert asked  # the other server could have been reached
        context.close()


def folder_with(folder, page):
    (folder / "hostile.html").write_text(page, encoding="utf-8")
    return folder


def test_facts_and_texts_beside_the_page_by_keys_alone(screen, pond):
    page = POND.replace("<article>", "<article><img src=ice.png alt='A frozen pond'>")
    (pond / "pond.html").write_text(page, encoding="utf-8")
    golden = (pond / "pond.yaml").read_text()
    (pond / "pond.yaml").write_text(golden.replace(sha256(POND.encode()).hexdigest(), sha256(page.encode()).hexdigest()))
    with opened(pond) as (address, _):
        open_label(screen, address)
        keys = screen.keyboard
        keys.press("f")
        keys.type("for the first time")
        keys.press("Tab")
        saved(screen, lambda: keys.press("Enter"))  # Add
        expect(screen.locator("#facts-list li")).to_contain_text("for the first time")
        keys.press("Escape")
        keys.press("b")
        expect(screen.locator("#beside-list li")).to_contain_text("A frozen pond")
        keys.press("Tab")
        saved(screen, lambda: keys.press("Enter"))  # keep
        expect(screen.locator("#beside-0-keep")).to_have_attribute("aria-pressed", "true")
        assert screen.evaluate("document.activeElement.id") == "beside-0-keep"  # where it was
    read_again = read(pond)
    assert [fact.texts for fact in read_again.own_facts] == [("for the first time",)]
    assert ("A frozen pond", "keep") in [(part.text, part.verdict) for part in read_again.segments]
