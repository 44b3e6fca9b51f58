from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ingest.claimed import attributions, of, values
from tests.ingest.office.files import compound, item
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.office.outlook import decompress_rtf
from workbench.model.identifiers import build_email_account_key, build_person_key
from workbench.model.rows import Document, Enclosure, Issue, Passage

Make = Callable[[str, str | bytes], SourceFile]
SENT = 133_000_000_000_000_000
PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c0900206277 05b06c647d0a800fa0".replace(
        " ", ""
    )
)
"""The example of MS-OXRTFCP, section 3.1."""


def letter(body: str = "See you at nine.") -> dict[str, bytes]:
    streams = item(
        {"0037": "Meeting", "1000": body, "0C1A": "Ada Winter", "5D01": "ada@example.org", "1035": "<1@example.org>"},
        numbers={0x0039: SENT},
    )
    streams |= item({"3001": "Bob", "39FE": "bob@example.org"}, "__recip_version1.0_#00000000/", numbers={0x0C15: 1})
    return streams | item(
        {"3001": "Carl", "3003": "carl@example.org"}, "__recip_version1.0_#00000001/", numbers={0x0C15: 2}
    )


def test_a_letter(made: Make) -> None:
    streams = letter()
    at = "__attach_version1.0_#00000000/"
    streams |= item({"3707": "list.csv", "370E": "text/csv"}, at) | {f"{at}__substg1.0_37010102": b"name,phone"}
    file = made("a.msg", compound(streams))
    assert detect(file).reason == "The file is an item saved by Outlook (MSG)."
    rows = list(read(file))
    [document] = of(Document, rows)
    assert (document.schema, document.title, document.at) == ("Email", "Meeting", "2022-06-18T04:26:40+00:00")
    assert [p.text for p in of(Passage, rows)] == ["Meeting", "See you at nine."]
    ada = build_email_account_key("ada@example.org").entity_id
    assert values(rows, "Email", "emitters") == {ada}
    assert values(rows, "Email", "recipients") == {
        build_email_account_key(a).entity_id for a in ("bob@example.org", "carl@example.org")
    }
    assert (build_person_key("Ada Winter", "ada@example.org").entity_id, ada, "display name") in attributions(rows)
    assert [(e.name, e.data, e.document_id) for e in of(Enclosure, rows)] == [("list.csv", b"name,phone", document.id)]
    assert of(Issue, rows) == []
    assert rows == list(read(file))


def test_header_fields_of_the_internet_count_first(made: Make) -> None:
    fields = (
        "From: Eve <eve@example.org>\r\nDate: Mon, 04 Jul 2022 12:24:24 +0200\r\nAuto-Submitted: auto-replied\r\n\r\n"
    )
    streams = letter() | item({"007D": fields, "0037": "Meeting"}) | {"__substg1.0_1000001F": b""}
    rows = list(read(made("a.msg", compound(streams))))
    assert values(rows, "Email", "emitters") == {build_email_account_key("eve@example.org").entity_id}
    assert of(Document, rows)[0].at == "2022-07-04T12:24:24+02:00"
    assert of(Document, rows)[0].service == "automatic mail"


@pytest.mark.parametrize(
    ("tag", "data", "text"),
    [("10130102", b"<p>Paid &amp; gone</p>", "Paid & gone"), ("10090102", PACKED, "hello world")],
)
def test_a_body_in_another_form(made: Make, tag: str, data: bytes, text: str) -> None:
    streams = {path: held for path, held in letter().items() if not path.startswith("__substg1.0_1000")}
    rows = list(read(made("a.msg", compound(streams | {f"__substg1.0_{tag}": data}))))
    assert [p.text for p in of(Passage, rows)] == ["Meeting", text]


def test_compressed_text_is_bounded() -> None:
    assert decompress_rtf(PACKED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompress_rtf(b"") == decompress_rtf(bytes(16)) == b""
    assert decompress_rtf(PACKED[:30]) == b"{\\rtf1\\ansi\\ansicpg1252"


def test_a_letter_within_is_a_letter(made: Make) -> None:
    at = "__attach_version1.0_#00000000/"
    inside = f"{at}__substg1.0_3701000D/"
    inner = {f"{inside}{path}": data for path, data in letter("The inner text.").items()}
    inner |= item(
        {"0037": "Within", "1000": "The inner text.", "1035": "<2@example.org>"}, inside, numbers={0x0039: SENT}
    )
    file = made("a.msg", compound(letter() | item({"3001": "Within"}, at) | inner))
    [found] = of(Enclosure, read(file))
    assert found.name == "Within"
    rows = list(read(made("within.eml", found.data)))
    assert [p.text for p in of(Passage, rows)] == ["Within", "The inner text."]
    assert found.data == of(Enclosure, read(file))[0].data


def test_damage_is_refused(made: Make) -> None:
    data = compound(letter() | {"__substg1.0_0037001F": b"x" * 9000})
    broken = bytearray(data)
    broken[512 + 4 : 512 + 8] = bytes(4)
    for cut in (bytes(broken), data[:2000]):
        try:
            list(read(made("a.msg", cut)))
        except SourceError as error:
            assert "a.msg" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("page", "text", "told"),
    [(37, "caf\xe9", 1), (500, "caf\xe9", 1), (20866, "caf\u0418", 0), (65001, "caf\ufffd", 0)],
)
def test_a_code_page_in_which_letters_are_others_is_passed_over(made: Make, page: int, text: str, told: int) -> None:
    streams = item({"0037": "Meeting"}, numbers={0x3FFD: page}) | {"__substg1.0_1000001E": b"caf\xe9"}
    rows = list(read(made("a.msg", compound(streams))))
    assert [p.text for p in of(Passage, rows)] == ["Meeting", text]
    assert [i.code for i in of(Issue, rows)] == ["bad-encoding"] * told
