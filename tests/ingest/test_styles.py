"""Which text of a page its styles hide."""

from __future__ import annotations

import pytest

from tests.cost import linear
from workbench.ingest import markup, styles


@pytest.mark.parametrize(
    ("page", "seen", "hidden"),
    [
        ('<p>a</p><div style="display:none">h</div><p>b', "a\n\nb", "h"),
        ('<p style="d\\69 splay:/*x*/none">h<p>v', "v", "h"),
        ("<style>.x{display:none} @media (max-width:3px){.y{display:none}}</style><p class=x>h<p class=y>v", "v", "h"),
        ('<td style="font-size:0"><div style="font-size:13px">v</div>h</td>', "v", "h"),
        ("<li hidden>h<b>i</b><li>v", "v", "hi"),
        ("<font color=white>h</font> v", "v", "h"),
        ('<div bgcolor=#000 style="color:#fff">v</div>', "v", ""),
        ('<i style="visibility:hidden">h<b style="visibility:visible">v</b></i>', "v", "h"),
        ('<div style="max-height:0;overflow:hidden">h</div>v</div></p>w', "v\n\nw", "h"),
        ('<br style="display:none">v', "v", ""),
    ],
)
def test_what_styles_hide_is_parted_from_what_is_seen(page: str, seen: str, hidden: str) -> None:
    shown, unseen = styles.part(page)
    assert (markup.text(shown), markup.text(unseen)) == (seen, hidden)


@pytest.mark.parametrize(
    "piece", ["<p>a", "</b><i>", "<", "<a style='", "<style>/*", "<style>a{", "<p class='a b' id=", "<!--"]
)
def test_its_cost_grows_as_the_page_does(piece: str) -> None:
    linear(lambda size: styles.part(piece * size), 1_000, 10_000)
