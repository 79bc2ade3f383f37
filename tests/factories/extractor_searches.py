"""Searches for the bugs of tests/bad_extractors/planted.py."""

from factories.extractors import ready
from factories.places import PLANTED
from harness.fuzz.search.extractor_search import ExtractorSearch, SearchOptions
from harness.fuzz.search.search import strategies_of


def findings_of(name, goldens, codes, **options):
    (runnable,) = ready([name], [PLANTED])
    given = {"seed": 3, "examples": 120, "timeout": 5.0, "trials": 60, **options}
    one_search = ExtractorSearch(runnable, goldens, strategies_of(goldens[0].page.media, codes), SearchOptions(**given))
    return list(one_search.findings())
