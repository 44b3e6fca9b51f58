"""Which text of a page its styles hide."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cost import linear
from workbench.ingest.reading import hidden_styles, html_text


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
    shown, unseen = hidden_styles.split_hidden_text(page)
    assert (html_text.extract_text(shown), html_text.extract_text(unseen)) == (seen, hidden)


@pytest.mark.parametrize(
    "piece", ["<p>a", "</b><i>", "<", "<a style='", "<style>/*", "<style>a{", "<p class='a b' id=", "<!--"]
)
def test_its_cost_grows_as_the_page_does(piece: str) -> None:
    linear(lambda size: hidden_styles.split_hidden_text(piece * size), 1_000, 10_000)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ('<link rel=stylesheet href="data:text/css,p::after{content:a}">', "link"),
        ('<style>@import url("data:text/css,p");</style>', "style"),
        ('<video><track src="data:text/vtt;base64,AA"></video>', "track"),
        ('<frameset><frame src="data:text/html,words"></frameset>', "frame"),
    ],
)
def test_what_lies_in_addresses_is_told(page: str, name: str) -> None:
    left: Counter[str] = Counter()
    html_text.extract_text(page, left=left)
    assert html_text.tell_left(left) == f"{name} (1)"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<span style="display:block">1</span><span style="display: Block">2</span>3', "1\n\n2\n3"),
        ("<style>.x, i{display:block} .y>b{display:block}</style>0<u class='a x'>1</u><i>2</i><b>3</b>4", "0\n1\n\n2\n34"),
        ('<div style="display:flex"><b>1</b><b>2<i>3</i></b></div>', "1 23"), ('1<b style="display:inline-block">2</b>3', "1 2 3"),
        ('1<b style="float:right">2</b>3', "1 2 3"), ("1<b style='color:red'>2</b>3", "123"),
        ("<style>@media print{b{display:block}}</style>1<b>2</b>", "12"),
    ],
)  # fmt: skip
def test_boxes_that_styles_make_are_parted(page: str, text: str) -> None:
    assert html_text.extract_text(hidden_styles.separate_boxes(page)) == text


@pytest.mark.parametrize("piece", ["<b style=display:flex>", "<b style=float:left></b>", "<s>1", "1<sup>"])
def test_the_cost_of_boxes_grows_as_the_page_does(piece: str) -> None:
    linear(lambda size: html_text.extract_text(hidden_styles.separate_boxes(piece * size)), 1_000, 10_000)


def test_choices_of_a_field_are_read() -> None:
    page = '<input list=d><datalist id=d><option value="a choice"></datalist><select><option value="7">seven</select>'
    assert html_text.extract_text(page) == "a choice seven"


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ('<p style="unicode-bidi:bidi-override;direction:rtl">10', 1),
        ("<style>p{direction:rtl;unicode-bidi:isolate-override}</style><p>10", 1),
        ("<bdo dir=rtl>TON</bdo>", 1),
        ("<p dir=rtl>\u0645", 0),
        ("<bdo dir=ltr>a</bdo>", 0),
    ],
)
def test_another_order_of_letters_is_told(page: str, count: int) -> None:
    assert (
        len(hidden_styles.find_issues(page, html_text.extract_text(hidden_styles.split_hidden_text(page)[1]))) == count
    )
