"""Signs that are written in other signs are written out, and what is struck of them is struck where they stand."""

from __future__ import annotations

import html
import json
import quopri
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.pseudonyms.name_matching import ERASED, Phrases, list_name_orders
from workbench.model.text.escapes import list_readings

NAME = Phrases(dict.fromkeys([*list_name_orders("Quillón Tarsano"), "gull77@x.example", "+447700900967"], ERASED))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See mailto:gull77%40x.example and on", "See mailto:[erased] and on"),
        ("?to=gull77%2540x.example&n=1", "?to=[erased]&n=1"),
        ("tel:%2B44%207700%20900967.", "tel:[erased]."),
        ("q=Quill%C3%B3n%20Tarsano", "q=[erased]"),
        ("q=Quill%F3n+Tarsano", "q=[erased]"),
        ("%51uill%C3%B3n%20%54arsano%2C on", "[erased]%2C on"),
        ("gull77&#64;x.example, gull77&#x40;x.example, gull77&commat;x.example", "[erased], [erased], [erased]"),
        ("Quill&oacute;n&nbsp;Tarsano", "[erased]"),
        ("<b>Qui</b>ll\u00f3n <i class='x'>Tarsano</i>", "<b>[erased]</i>"),
        ("Quill=C3=B3n=20Tarsa=\nno, and", "[erased], and"),
        ('{"a": "Quill\\u00f3n Tarsano"}', '{"a": "[erased]"}'),
        ("Quill\\'f3n Tarsano", "[erased]"),
        ("mina%40x.example; 100% of 5=40", "mina%40x.example; 100% of 5=40"),
    ],
)
def test_what_is_written_in_other_signs_is_struck(text: str, left: str) -> None:
    assert NAME.strike(text) == left
    assert NAME.has_match(text) is (text != left)


def numbered(text: str) -> str:
    """Every sign as a number of HTML."""
    return "".join(f"&#{ord(sign)};" for sign in text)


def quoted(text: str) -> str:
    """Quoted-printable."""
    return quopri.encodestring(text.encode(), quotetabs=True).decode()


def percented(text: str) -> str:
    """Every byte in percent signs."""
    return "".join(f"%{byte:02x}" for byte in text.encode())


WAYS = (
    quote,
    lambda text: quote(quote(text)),
    percented,
    numbered,
    html.escape,
    quoted,
    lambda text: json.dumps(text)[1:-1],
)


@given(
    st.text(max_size=12),
    st.sampled_from(["Quillón Tarsano", "gull77@x.example", "+44 7700 900967"]),
    st.sampled_from(WAYS),
)
def test_every_way_of_writing_is_read(before: str, name: str, way: Callable[[str], str]) -> None:
    text = f"{before} | {way(name)} | after"
    made = NAME.strike(text)
    assert made.endswith(f"{ERASED} | after")
    for reading in list_readings(text):
        assert len(reading.text) == len(reading.starts) == len(reading.ends)
        assert [*reading.starts] == sorted(reading.starts) and [*reading.ends] == sorted(reading.ends)
