# ruff: noqa: E501
"""Texts that try to become code: HTML, SVG, CSS, URLs, templates, Typst, and what a page must show as written."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from workbench.report import Report

PAYLOADS = (
    "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<img src=x onerror=alert(2)>",
    "<svg onload=alert(3)>", "<svg><script>alert(4)</script></svg>", "<iframe src=javascript:alert(5)></iframe>",
    "<iframe srcdoc='<script>alert(6)</script>'></iframe>", '"><script>alert(7)</script>', "'><script>alert(8)</script>",
    '" autofocus onfocus=alert(9) x="', "' onmouseover=alert(10) '", "javascript:alert(11)", "JaVaScRiPt:alert(12)",
    "data:text/html,<script>alert(13)</script>", "<a href=javascript:alert(14)>x</a>", "<body onload=alert(15)>",
    "<details open ontoggle=alert(16)>", "<video><source onerror=alert(17)>", "<audio src=x onerror=alert(18)>",
    "<input autofocus onfocus=alert(19)>", "<select autofocus onfocus=alert(20)>", "<textarea autofocus onfocus=alert(21)>",
    "<marquee onstart=alert(22)>", "<object data=javascript:alert(23)>", "<embed src=javascript:alert(24)>",
    "<form action=javascript:alert(25)><button>x</button></form>", "<math><mi xlink:href=javascript:alert(26)>x</mi></math>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<link rel=stylesheet href=https://evil.example/x.css>",
    "<base href=https://evil.example/>", "<style>@import 'https://evil.example/x.css';</style>", "</style><script>alert(27)</script>",
    "</title><script>alert(28)</script>", "</textarea><script>alert(29)</script>", "</blockquote></main><script>alert(30)</script>",
    "--><script>alert(31)</script>", "<!--<script>-->alert(32)", "]]><script>alert(33)</script>", "<![CDATA[<script>alert(34)</script>]]>",
    "<template><script>alert(35)</script></template>", "<noscript><p title='</noscript><img src=x onerror=alert(36)>'>",
    "&lt;script&gt;alert(37)&lt;/script&gt;", "&#60;script&#62;alert(38)&#60;/script&#62;", "&amp;lt;script>", "\\x3cscript\\x3ealert(39)",
    "\\u003cscript\\u003ealert(40)", "{{ 7*7 }}", "{% include 'x' %}", "{{ self.__init__.__globals__ }}", "${alert(41)}", "#{7*7}",
    "<%= 7*7 %>", "<img src='https://evil.example/p.png'>", "<img srcset='https://evil.example/p.png 1x'>",
    "background:url(https://evil.example/x)", "expression(alert(42))", "<p style=background:url(https://evil.example/y)>",
    "<svg><image href=https://evil.example/z /></svg>", "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(43)>#x'></svg>",
    "<svg><animate onbegin=alert(44) attributeName=x dur=1s>", "<svg><foreignObject><script>alert(45)</script></foreignObject></svg>",
    "<x contenteditable onblur=alert(46)>", "<img/src/onerror=alert(47)>", "<img src=x:alert(48) onerror=eval(src)>",
    "<<script>alert(49)//<</script>", "<scr<script>ipt>alert(50)</scr</script>ipt>", "＜script＞alert(51)＜/script＞",
    '#panic("stop")', "#import \"@preview/x:1.0.0\": *", "$ integral_0^1 $", "#read(\"/etc/passwd\")", "= Heading\n#pagebreak()",
    "*bold* _it_ `raw` @label <label>", "#sys.inputs.page", "/* comment */ // gone", "\\ ~ -- --- ...", "[P1] [P99] [[x]]",
    "a" * 300, "x" * 3000, "ABC\u202eDEF", "a\u2066b\u2069c", "bell\x07 null\x00 escape\x1b[31m", "lone \ud800 half", "\ufffe\uffff",
    "مرحبا بالعالم <b>عريض</b>", "你好 <b>世界</b>", "👍🏽 👨‍👩‍👧 🏴‍☠️", "e\u0301 Z̵̢͝a̶l̷g̸o", "\ue000 private", "line\r\nline\rline\n\n\nline", "\t tab",
)  # fmt: skip

FIXED = frozenset(
    {"layer", "nature", "confidence", "stance", "act", "kind", "severity", "as_at", "svg", "html", "spans"}
)
NAMES = frozenset({"id", "passages", "supporting", "opposing"})
T = TypeVar("T")


def flood(value: T, payload: str, *, field: str = "") -> T:
    """The value with the payload in every text of it; names of quotations stay distinct."""
    if isinstance(value, Report):
        return replace(
            value,
            **{f.name: flood(getattr(value, f.name), payload, field=_role(f.name, top=True)) for f in fields(value)},
        )
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: flood(getattr(value, f.name), payload, field=_role(f.name)) for f in fields(value)}
        )
    if isinstance(value, tuple) and field != "fixed":
        return tuple(flood(item, payload, field=field) for item in value)  # type: ignore[return-value]
    if isinstance(value, str) and field != "fixed":
        return f"{payload}|{value}" if field == "name" else payload  # type: ignore[return-value]
    return value


def _role(name: str, *, top: bool = False) -> str:
    if name in NAMES and not (top and name == "passages"):
        return "name"
    return "fixed" if name in FIXED else ""
