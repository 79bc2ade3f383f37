"""Runs and disputes in a browser: filters, keys, addresses, and files that open from disk."""

import json

import pytest

from factories.chromium import CHROMIUM, expect
from factories.hostile_page import elsewhere
from factories.workbench import serving
from harness.cli.main import main
from harness.goldens.reader import Dumps, read_golden
from harness.workbench.bench import Workbench
from harness.workbench.desk import Desk
from harness.workbench.proposals import Voters
from harness.workbench.reading import Shelf

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="this machine has no Chromium")]


def opened(goldens, runs):
    desk = Desk([str(goldens)], Dumps([]), "cara", blind=True, own_files=False)
    return serving(lambda hosts: Workbench(desk, Voters(None), Shelf(runs), hosts))


def test_pages_are_filtered_sorted_and_compared_and_the_address_keeps_it(screen, tiny_stored, monkeypatch):
    folder, run = tiny_stored
    monkeypatch.chdir(folder)
    rows = screen.locator("#pages tbody tr")
    with opened(folder / "goldens", folder / "reports/runs") as (address, _):
        screen.goto(f"{address}/run/{run['run']}")
        screen.locator("#a").select_option("paragraphs")
        every = rows.count()
        assert every > 0
        screen.locator("#filter").fill("kind:no-such-kind")
        expect(rows).to_have_count(0)
        screen.locator("#filter").fill("-kind:no-such-kind F>=0")
        expect(rows).to_have_count(every)
        screen.locator("#filter").fill("wonder:1")
        expect(screen.locator("#count")).to_have_text("not understood: wonder:1")
        screen.locator("#filter").fill("F>=0")
        screen.locator("#b").select_option("whole_text")
        expect(rows).to_have_count(every)
        screen.get_by_role("button", name="page").first.click()
        names = screen.locator("#pages tbody a").all_inner_texts()
        assert names == sorted(names)
        kept = screen.url
        screen.goto("about:blank")
        screen.goto(kept)
        assert screen.locator("#pages tbody a").all_inner_texts() == names
        screen.locator("#pages tbody a").first.click()
        expect(screen.locator(".output:visible")).to_have_count(2)
        here = screen.url
        screen.keyboard.press("j")
        screen.wait_for_url(lambda url: url != here)
        assert names[1] in screen.locator("h1").inner_text()
        screen.keyboard.press("k")
        screen.wait_for_url(here)


def test_an_exported_run_opens_from_disk_and_fetches_nothing_else(screen, tiny_stored, tmp_path, monkeypatch, capsys):
    folder, run = tiny_stored
    monkeypatch.chdir(folder)
    assert main(["workbench", "--run", run["run"], "--export", str(tmp_path / "site")]) == 0
    asked = []
    screen.on("request", lambda request: asked.append(request.url))
    screen.goto((tmp_path / "site/index.html").as_uri() + "#a=paragraphs&b=whole_text")
    screen.locator("#pages tbody a").first.click()
    expect(screen.locator(".output:visible")).to_have_count(2)
    screen.locator("#b").select_option("")
    expect(screen.locator(".output:visible")).to_have_count(1)
    assert all(url.startswith(("file://", "data:")) for url in asked)


def test_what_extractors_return_runs_nothing_in_any_view(screen, tiny_stored, tmp_path, monkeypatch):
    folder, run = tiny_stored
    monkeypatch.chdir(folder)
    with elsewhere() as (away, asked):
        evil = f"<img src={away}/x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>"
        runs = tmp_path / "runs"
        runs.mkdir()
        lines = (folder / f"reports/runs/{run['run']}.jsonl").read_text(encoding="utf-8")
        lines = lines.replace('"whole_text"', json.dumps(evil)).replace('"error":"', f'"error":{json.dumps(evil)[:-1]}')
        (runs / f"{run['run']}.jsonl").write_text(lines, encoding="utf-8")
        with opened(folder / "goldens", runs) as (address, _):
            screen.goto(f"{address}/run/{run['run']}")
            screen.locator("#b").select_option(evil)
            titles = [screen.title()]
            screen.locator("#pages tbody a").first.click()
            expect(screen.locator(".output:visible")).to_have_count(2)
            titles.append(screen.title())
            screen.goto(f"{address}/runs")
            titles.append(screen.title())
        assert not [title for title in titles if "owned" in title]
        assert asked == []


def test_disputes_are_settled_by_keys(screen, pond):
    text = (pond / "pond.yaml").read_text()
    (pond / "pond.yaml").unlink()
    head, _, rules = text.partition("labels:\n")
    (pond / "pond.ann.yaml").write_text(f"{head}labeller: ann\nlabels:\n{rules}")
    ben = rules.replace("{maybe: h1", "{drop: h1") + "  - {drop: 'article > p:nth-child(4)', as: related}\n"
    (pond / "pond.ben.yaml").write_text(f"{head}labeller: ben\nlabels:\n{ben}")
    with opened(pond, pond) as (address, _):
        screen.goto(f"{address}/agree")
        screen.get_by_role("link", name="ponds/pond").click()
        expect(screen.locator("#count")).to_have_text("2 disputed, 0 decided")
        screen.keyboard.press("2")
        screen.keyboard.press("1")
        expect(screen.locator("#count")).to_have_text("2 disputed, 2 decided")
        expect(screen.locator("#status")).to_have_text("saved")
        screen.reload()
        expect(screen.locator("#count")).to_have_text("2 disputed, 2 decided")
    said = {part.text: part.verdict for part in read_golden(pond / "pond.yaml", Dumps([])).segments}
    assert said["The pond froze over"] == "drop"
    assert said["The ducks have moved to the mill race."] == "keep"
