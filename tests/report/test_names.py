"""Names of extractors in tables."""

from harness.report.kit.names import short_names


def test_a_name_that_fits_is_whole_and_a_long_one_is_cut_at_its_end():
    long = "cmd:python tools/extract.py --everything --and --more --of --it"
    assert short_names(["short", long], 20) == {"short": "short", long: "cmd:python tools/ex…"}


def test_names_that_differ_at_their_ends_only_are_cut_in_the_middle():
    names = [f"cmd:python tools/extract.py --verbose --mode {mode}" for mode in ("fast", "full")]
    shown = short_names(names, 20)
    assert [shown[name] for name in names] == ["cmd:pytho…-mode fast", "cmd:pytho…-mode full"]


def test_names_that_differ_in_their_middle_only_are_whole():
    names = [f"cmd:python {'x' * 30} --mode={mode} {'y' * 30}" for mode in ("fast", "full")]
    assert short_names(names, 20) == dict(zip(names, names))


def test_a_cut_name_is_never_that_of_another_extractor():
    long = "a" * 30
    other = f"{'a' * 19}…"
    shown = short_names([long, other], 20)
    assert shown[other] == other and shown[long] != other
