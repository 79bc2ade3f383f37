"""Small pages of our own writing, labelled, whose layout tests change."""

from collections.abc import Sequence

from factories.goldens import labelled_golden
from harness.goldens.golden import Golden
from harness.goldens.labels import Label
from harness.pages.page import Page

BODY = (
    "Seventeen lamplighters of the upper town laid down their ladders on Friday and asked the council for longer poles, "
    "since the new lanterns hang a forearm higher than the old ones did.",
    "The council had ordered the lanterns from a foundry that measures in a foot of its own. Nobody noticed before the "
    "first dusk, when a lighter fell into a flower cart and was carried home smelling of asters.",
    "A retired carpenter has offered forty poles of ash at the price of the timber. He lost a brother to a short ladder "
    "and says that he will sleep better when the whole town can be lit from the ground.",
    "Until the poles are ready, the lanterns of the upper town stay dark, and residents are asked to carry a light of "
    "their own between the mill and the bridge.",
)
OTHER_BODY = (
    "A ferryman of the lower lake has taught his dog to throw the line, and passengers now board quicker than at any other "
    "landing between the two locks.",
    "The dog is paid in bacon and has its own cap. It does not work on Sundays, when the line is thrown by the ferryman, "
    "who misses one time in three.",
    "The company has asked for a second dog, to be trained over the winter on a dry slipway behind the boat house.",
)
RELATED = (
    "Three bakers share one oven after the flood, and their loaves can be told apart by the thumbprint on the bottom "
    "crust, which customers have begun to collect on cards.",
    "A school for owls opened in the disused signal box last week, with eleven pupils, no desks, and a timetable that "
    "begins where that of the other school ends.",
)


def html_golden(name: str = "lamps", paragraphs: Sequence[str] = BODY, site: str = "lamps.example") -> Golden:
    """An article with a menu and a footer, labelled."""
    story = "".join(f"<p>{text}</p>\n" for text in paragraphs)
    html = (
        '<!DOCTYPE html>\n<html lang="en"><head><title>Lanterns</title></head><body>\n'
        '<ul class="menu"><li>Home</li><li>Town</li><li>Letters to the editor</li></ul>\n'
        f'<div class="box"><div class="story"><h1>Lanterns hang too high</h1>\n{story}</div></div>\n'
        "<small><p>Printed on both sides by the Upper Town Press, which owes nothing to anybody.</p></small>\n"
        "</body></html>\n"
    )
    labels = (Label("keep", (".story p",), "body"), Label("maybe", ("h1",), "title"), Label("drop", ("small",), "footer"))
    return labelled_golden(Page(html.encode(), "text/html", lang="en"), labels, f"fuzz/{name}", site=site)


def text_golden(name: str = "dump", site: str = "lamps.example") -> Golden:
    """A dump with a heading and stories of others behind its own."""
    lines = ["logo", "", "Lanterns hang too high", *BODY, "", "Related Articles", "", *RELATED, "", "Get the app"]
    own = f"4-{3 + len(BODY)}"
    others = f"{len(BODY) + 7}-{len(BODY) + 8}"
    labels = (
        Label("keep", (own,), "body"),
        Label("maybe", ("3",), "title"),
        Label("drop", (f"{len(BODY) + 5}", others), "related"),
    )
    return labelled_golden(Page("\n".join(lines).encode(), "text/plain", lang="en"), labels, f"fuzz/{name}", site=site)
