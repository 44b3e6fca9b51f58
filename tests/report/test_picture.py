# ruff: noqa: E501
"""The chart: what is let into a report, and what is refused."""

from __future__ import annotations

import pytest

from tests.report.sample import svg
from workbench.errors import SourceError
from workbench.report import rewrite_chart

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="20">'

REFUSED = (
    "<script>alert(1)</script>", "<foreignObject/>", "<image href='https://evil.example/x.png'/>", "<image href='data:image/png;base64,AA'/>",
    "<a href='javascript:alert(1)'><rect/></a>", "<rect onclick='alert(1)'/>", "<g onload='alert(1)'/>", "<style>rect{fill:url(https://evil.example)}</style>",
    "<use href='https://evil.example/x.svg#a'/>", "<use xlink:href='data:image/svg+xml,x'/>", "<rect fill='url(https://evil.example/#a)'/>",
    "<rect style='fill:url(//evil.example/a)'/>", "<rect style='background:url(x)'/>", "<rect style='fill:\\75 rl(x)'/>", "<animate attributeName='x'/>",
    "<set attributeName='href' to='javascript:alert(1)'/>", "<iframe/>", "<filter><feImage href='x'/></filter>", "<rect fill='javascript:x'/>",
    "<html:script xmlns:html='http://www.w3.org/1999/xhtml'/>", "<text font-family='url(x)'/>", "<handler/>", "<rect formaction='x'/>",
)  # fmt: skip


@pytest.mark.parametrize("inside", REFUSED)
def test_what_runs_or_loads_is_refused(inside: str) -> None:
    with pytest.raises(SourceError):
        rewrite_chart(f"{HEAD}{inside}</svg>")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no xml",
        "<svg>",
        "<html/>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        "<svg>" + "<g>" * 80 + "</g>" * 80 + "</svg>",
    ],
)
def test_what_is_no_plain_svg_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        rewrite_chart(text)


def test_a_picture_passes_with_its_own_names_and_a_view_box() -> None:
    shown = rewrite_chart(
        f"{HEAD}<defs><marker id='m'><path d='M0 0'/></marker></defs><line marker-end='url(#m)' class='x' data-id='7'/></svg>"
    )
    assert 'viewBox="0 0 10 20"' in shown
    assert 'id="chart-m"' in shown
    assert 'marker-end="url(#chart-m)"' in shown
    assert "class" not in shown
    assert "http" not in shown


def test_text_stays_text() -> None:
    assert "&lt;script&gt;" in rewrite_chart(f"{HEAD}<text>&lt;script&gt;</text></svg>")


def test_style_becomes_attributes() -> None:
    assert (
        rewrite_chart("<svg><g style='fill:#fff; stroke : red'/></svg>")
        == '<svg><g fill="#fff" stroke="red"></g></svg>'
    )


def test_the_sample_passes_and_passes_again() -> None:
    once = rewrite_chart(svg(), standalone=True)
    assert rewrite_chart(once, standalone=True).count("<line") == svg().count("<line") == once.count("<line")
