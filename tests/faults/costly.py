"""Small files that would cost a reader minutes, or fill the disk: each is a few megabytes at most. Nothing in them is real."""

from __future__ import annotations

import io
from collections.abc import Callable

from tests.faults.hostile import packed

HEAD = b"From: a@harbour.example\nTo: b@harbour.example\nSubject: Berth\nDate: Fri, 01 Mar 2024 09:00:00 +0100\n"

TRACK = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"'


def mail(header: bytes) -> bytes:
    """A mail with a header more."""
    return HEAD + header + b"\n\nNine.\n"


def nested_comments() -> bytes:
    """A mail whose sender is half a megabyte of parentheses."""
    return mail(b"Cc: " + b"(" * 250_000 + b")" * 250_000)


def broken_comments() -> bytes:
    """The same, on many lines, never closed, in each header that holds addresses."""
    line = b"\n ".join([b"(a" * 40] * 3_000)
    return mail(b"\n".join(name + b": " + line for name in (b"Cc", b"Bcc", b"Reply-To", b"Sender")))


def many_addresses() -> bytes:
    """A mail to a hundred thousand addresses."""
    return mail(b"Cc: " + b",\n ".join(b"p%d@h.example" % n for n in range(100_000)))


def many_headers() -> bytes:
    """A mail with a hundred thousand headers."""
    return mail(b"\n".join(b"Received: from h%d.example" % n for n in range(100_000)))


def many_parts() -> bytes:
    """A mail of twenty thousand parts."""
    part = b"--b\nContent-Type: text/plain\n\nx\n"
    head = HEAD + b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    return head + part * 20_000 + b"--b--\n"


def many_words() -> bytes:
    """A mail whose subject is made of a hundred thousand encoded words."""
    return HEAD.replace(b"Subject: Berth", b"Subject: " + b"\n ".join([b"=?utf-8?q?a?="] * 100_000)) + b"\nNine.\n"


def many_letters() -> bytes:
    """A mailbox of four thousand small letters."""
    letters = [
        b"From a@h.example Fri Mar  1 09:00:00 2024\nFrom: a@h.example\nTo: b@h.example\nSubject: %d\n\nNine.\n\n" % n
        for n in range(4_000)
    ]
    return b"".join(letters)


def open_quote() -> bytes:
    """A table in which a quote is opened in each line and never closed."""
    return b"name,phone,note\n" + b'Marta,"+447700900101,late\n' * 20_000


def one_open_quote() -> bytes:
    """A table in whose second line a quote is opened and never closed."""
    return b'name,phone,note\n"Marta,+447700900101,late\n' + b"Ben,+447700900102,early\n" * 20_000


def wide_table() -> bytes:
    """A table of fifty thousand columns."""
    names = ",".join(f"c{n}" for n in range(50_000))
    return (names + "\n" + ",".join("1" * 50_000) + "\n").encode()


def self_links() -> bytes:
    """A chart of twenty thousand links, each from one thing to itself."""
    link = '<ChartItem Label="l"><Link End1Id="1" End2Id="1"><LinkStyle Type="Link" Strength="Default"/></Link></ChartItem>'
    end = '<ChartItem Label="Marta"><End><Entity EntityId="1" Identity="1" LabelIsIdentity="false"><Icon/></Entity></End></ChartItem>'
    return f"<Chart><ChartItemCollection>{end}{link * 20_000}</ChartItemCollection></Chart>".encode()


def many_namespaces() -> bytes:
    """A track with twenty thousand namespaces, one within the other."""
    names = "".join(f' xmlns:n{n}="urn:x:{n}"' for n in range(20_000))
    points = "".join(f'<wpt lat="1" lon="1"{names[:40_000]}><name>x</name></wpt>' for _ in range(40))
    return f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"{names}>{points}</gpx>'.encode()


def nested_namespaces() -> bytes:
    """A track whose elements each bring a namespace of their own."""
    points = "".join(f'<n{n}:a xmlns:n{n}="urn:x:{n}">' for n in range(2_000))
    ends = "".join(f"</n{n}:a>" for n in reversed(range(2_000)))
    head = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"><wpt lat="1" lon="1"><extensions>'
    return f"{head}{points}{ends}</extensions></wpt></gpx>".encode()


def long_namespace() -> bytes:
    """A track whose namespace is half a megabyte long, and stands in the name of each of its points."""
    points = '<wpt lat="1" lon="1"><name>x</name></wpt>' * 20_000
    return f'{TRACK}><a xmlns="urn:{"x" * 500_000}">{points}</a></gpx>'.encode()


def long_prefix() -> bytes:
    """The same, for attributes."""
    points = '<wpt lat="1" lon="1" p:a="1" p:b="1"><name>x</name></wpt>' * 20_000
    return f'{TRACK}><a xmlns:p="urn:{"x" * 500_000}">{points}</a></gpx>'.encode()


def many_prefixes() -> bytes:
    """A track each of whose points brings fifty namespaces, within a thousand that are known."""
    known = "".join(f' xmlns:k{n}="urn:k:{n}"' for n in range(1_000))
    own = "".join(f' xmlns:n{n}="urn:x:{n}"' for n in range(50))
    points = f'<wpt lat="1" lon="1"{own}><name>x</name></wpt>' * 3_000
    return f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"{known}>{points}</gpx>'.encode()


def many_attributes() -> bytes:
    """A track with a point of a hundred thousand attributes."""
    names = "".join(f' a{n}="1"' for n in range(100_000))
    head = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x">'
    return f'{head}<wpt lat="1" lon="1"{names}><name>x</name></wpt></gpx>'.encode()


def many_cards() -> bytes:
    """A card of a million lines."""
    return b"BEGIN:VCARD\nVERSION:3.0\nFN:Marta\n" + b"TEL:1\n" * 1_000_000 + b"END:VCARD\n"


def many_short_cards() -> bytes:
    """Ten thousand cards."""
    return b"BEGIN:VCARD\nVERSION:3.0\nFN:M\nTEL:+447700900101\nEND:VCARD\n" * 10_000


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006"
SHEET = (
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c></row></sheetData></worksheet>'
)


def workbook(sheets: int, parts: int) -> bytes:
    """A workbook of so many sheets, which lie in so many parts."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kind = '<Override PartName="/xl/worksheets/sheet{}.xml" ContentType="' + kinds + '.worksheet+xml"/>'
    link = '<Relationship Id="r{}" Type="' + LINKS + '/worksheet" Target="worksheets/sheet{}.xml"/>'
    members = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        + "".join(kind.format(n) for n in range(parts)) + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{TYPES}/relationships"><Relationship Id="r1" Type="{LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        + "".join(f'<sheet name="s{n}" sheetId="{n + 1}" r:id="r{n % parts}"/>' for n in range(sheets))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{TYPES}/relationships">'
        + "".join(link.format(n, n) for n in range(parts)) + "</Relationships>",
        **{f"xl/worksheets/sheet{n}.xml": SHEET for n in range(parts)},
    }  # fmt: skip
    return packed({name: text.encode() for name, text in members.items()}, squeeze=False)


def many_sheets() -> bytes:
    """A workbook of ten thousand sheets."""
    return workbook(10_000, 10_000)


def one_sheet_often() -> bytes:
    """A workbook of ten thousand sheets that are one and the same part."""
    return workbook(10_000, 1)


def repeated_texts() -> bytes:
    """A Parquet of one long text in a hundred thousand rows: its dictionary holds it once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), pa.array(["Marta " * 50_000]))
    pq.write_table(pa.table({"note": column, "name": column}), out, compression="zstd", use_dictionary=True)
    return out.getvalue()


def repeated_rows() -> bytes:
    """A Parquet of ten million rows that are the same."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 10_000_000, pa.int32()), pa.array(["+447700900101"]))
    pq.write_table(pa.table({"name": column, "phone": column}), out, compression="zstd")
    return out.getvalue()


def wide_rows() -> bytes:
    """A Parquet of fifty thousand columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({f"c{n}": ["x"] for n in range(20_000)}), out)
    return out.getvalue()


def many_keys() -> bytes:
    """A list of objects each of whose keys is another."""
    return ("[" + ",".join(f'{{"k{n}":1}}' for n in range(200_000)) + "]").encode()


def many_lines() -> bytes:
    """A text of a million empty paragraphs."""
    return b"x\n\n" * 1_000_000


def many_tags() -> bytes:
    """A page of half a million links."""
    return b"<html><body>" + b'<a href="x">y</a><br>' * 200_000


MAKERS: dict[str, Callable[[], bytes]] = {
    "nested_comments.eml": nested_comments,
    "broken_comments.eml": broken_comments,
    "many_addresses.eml": many_addresses,
    "many_headers.eml": many_headers,
    "many_parts.eml": many_parts,
    "many_words.eml": many_words,
    "many_letters.mbox": many_letters,
    "open_quote.csv": open_quote,
    "one_open_quote.csv": one_open_quote,
    "wide_table.csv": wide_table,
    "self_links.anx": self_links,
    "many_namespaces.gpx": many_namespaces,
    "nested_namespaces.gpx": nested_namespaces,
    "long_namespace.gpx": long_namespace,
    "long_prefix.gpx": long_prefix,
    "many_prefixes.gpx": many_prefixes,
    "many_attributes.gpx": many_attributes,
    "many_cards.vcf": many_cards,
    "many_short_cards.vcf": many_short_cards,
    "many_sheets.xlsx": many_sheets,
    "one_sheet_often.xlsx": one_sheet_often,
    "repeated_texts.parquet": repeated_texts,
    "repeated_rows.parquet": repeated_rows,
    "wide_rows.parquet": wide_rows,
    "many_keys.json": many_keys,
    "many_lines.txt": many_lines,
    "many_tags.html": many_tags,
}
