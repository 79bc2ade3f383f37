"""What README.md says of this project's own pages is true of them."""

import re

import yaml

from factories.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
WORDS = {"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16}


def test_the_numbers_of_pages_languages_and_kinds_are_those_of_the_core_set():
    said = re.search(
        r"`goldens/core` has (\d+) pages written for this project, in (\w+) languages and of (\w+) kinds", README
    )
    goldens = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROOT / "goldens/core").glob("*.yaml")]
    assert said and int(said[1]) == len(goldens)
    assert WORDS[said[2]] == len({golden["lang"].partition("-")[0] for golden in goldens})
    assert WORDS[said[3]] == len({golden["kind"] for golden in goldens})


def test_more_than_fifty_extractors_come_along():
    from harness.plugins.registry import Registry

    assert "more than fifty" in README and len(Registry().plugins) > 50
