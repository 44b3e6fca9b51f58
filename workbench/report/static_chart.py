"""The static chart: only SVG that can do nothing but be looked at gets into a report.

The chart comes from our own code; it is checked all the same. Elements and attributes that are not listed are refused,
so are references to anything outside the picture. What is let through is written anew, its ids in a space of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from workbench.errors import SourceError
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
ELEMENTS = frozenset(
    "svg g defs symbol use title desc path line polyline polygon rect circle ellipse text tspan marker clipPath mask "
    "pattern linearGradient radialGradient stop".split()
)
PROPERTIES = frozenset(
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap "
    "stroke-linejoin stroke-miterlimit opacity color display visibility font-family font-size font-weight font-style "
    "text-anchor dominant-baseline alignment-baseline letter-spacing stop-color stop-opacity clip-path clip-rule mask "
    "marker-start marker-mid marker-end paint-order vector-effect text-rendering shape-rendering".split()
)
ATTRIBUTES = PROPERTIES | frozenset(
    "id x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height viewBox transform offset rotate preserveAspectRatio "
    "gradientUnits gradientTransform patternUnits patternTransform patternContentUnits clipPathUnits maskUnits "
    "markerWidth markerHeight markerUnits orient refX refY fx fy textLength lengthAdjust version role direction".split()
)
IGNORED = ("class", "data-", "aria-", "{http://www.w3.org/XML/1998/namespace}")
LOCAL = re.compile(r"url\(\s*['\"]?#([\w.-]+)['\"]?\s*\)")
MAX_DEPTH = 64


class Node(Protocol):
    """An element of the tree that defusedxml gives."""

    tag: str
    text: str | None
    tail: str | None
    attrib: Mapping[str, str]

    def __iter__(self) -> Iterator[Node]:
        """Give the elements inside."""
        ...


def rewrite_chart(svg: str, *, standalone: bool = False) -> str:
    """The chart, checked and written anew: for a place inside HTML, or `standalone` as a file of its own.

    Raises
    ------
    SourceError
        If the text is no SVG, or holds anything that runs, loads or styles beyond the picture.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(svg, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SourceError(
            Sentence(
                "The chart is not plain SVG ({error}). Give the text of one `<svg>` element.",
                error=type(error).__name__,
            )
        ) from error
    if root.tag not in (f"{SVG}svg", "svg"):
        raise SourceError(
            Sentence("The chart is a `<{name}>`, not an `<svg>`. Give the text of one `<svg>` element.", name=root.tag)
        )
    return "".join(_rewrite_element(root, standalone=standalone, depth=0))


def compute_ratio(svg: str) -> float:
    """Height of the picture as a part of its width, from its view box; 0.6 if it has none."""
    box = re.search(r'viewBox="\s*[-\d.e]+[\s,]+[-\d.e]+[\s,]+([\d.e]+)[\s,]+([\d.e]+)', svg)
    if box is None or not float(box[1]):
        return 0.6
    return float(box[2]) / float(box[1])


def _rewrite_element(node: Node, *, standalone: bool, depth: int) -> Iterator[str]:
    from markupsafe import escape

    name = _check_name(node, depth)
    pairs = list(_rewrite_attributes(node))
    if depth == 0:
        pairs = _rewrite_root_attributes(pairs, standalone=standalone)
    yield f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in pairs) + ">"
    yield str(escape(node.text or ""))
    for child in node:
        yield from _rewrite_element(child, standalone=standalone, depth=depth + 1)
        yield str(escape(child.tail or ""))
    yield f"</{name}>"


def _check_name(node: Node, depth: int) -> str:
    name = str(node.tag).removeprefix(SVG)
    if name not in ELEMENTS:
        raise SourceError(
            Sentence(
                "The chart contains `<{name}>`, which a report does not allow. Use only plain shapes and text.",
                name=name[:40],
            )
        )
    if depth > MAX_DEPTH:
        raise SourceError(
            Sentence(
                "The chart has more than {most} levels of nested elements. Use a simpler chart.",
                most=MAX_DEPTH,
            )
        )
    return name


def _rewrite_attributes(node: Node) -> Iterator[tuple[str, str]]:
    for key, value in node.attrib.items():
        if key.startswith(IGNORED):
            continue
        if key == "style":
            yield from _rewrite_style(value)
        elif key in ("href", f"{XLINK}href"):
            yield "href", _rewrite_target(value)
        elif key in ATTRIBUTES:
            yield key, f"chart-{value}" if key == "id" else _rewrite_value(key, value)
        else:
            raise SourceError(
                Sentence(
                    "The chart contains the attribute '{name}', which a report does not allow. Remove the attribute.",
                    name=key[:60],
                )
            )


def _rewrite_style(text: str) -> Iterator[tuple[str, str]]:
    for declaration in filter(str.strip, text.split(";")):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key not in PROPERTIES:
            raise SourceError(
                Sentence(
                    "The chart contains the style '{name}', which a report does not allow. Remove the style.",
                    name=key[:60],
                )
            )
        yield key, _rewrite_value(key, value)


def _rewrite_value(key: str, value: str) -> str:
    local = LOCAL.sub("", value).lower()
    if "url(" in local or "\\" in local or "/*" in local or ":" in local:
        raise SourceError(
            Sentence(
                "The chart's attribute '{name}' could refer to something outside the picture: '{value}'. Remove "
                "the attribute.",
                name=key,
                value=value[:60],
            )
        )
    return LOCAL.sub(r"url(#chart-\1)", value)


def _rewrite_target(value: str) -> str:
    if not value.startswith("#"):
        raise SourceError(
            Sentence(
                "The chart refers to '{value}', which is outside the picture. Remove the reference.",
                value=value[:60],
            )
        )
    return f"#chart-{value[1:]}"


def _rewrite_root_attributes(pairs: list[tuple[str, str]], *, standalone: bool) -> list[tuple[str, str]]:
    """Attributes of the outermost element: a view box so that it scales, and on its own the name space."""
    known = dict(pairs)
    if "viewBox" not in known and {"width", "height"} <= known.keys():
        known["viewBox"] = f"0 0 {known['width'].removesuffix('px')} {known['height'].removesuffix('px')}"
    if standalone:
        return [("xmlns", SVG.strip("{}")), *known.items()]
    return list(known.items())
