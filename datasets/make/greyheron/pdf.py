"""A minimal PDF writer: real text in a standard font, no dates, the same bytes every time."""

from __future__ import annotations

# Advance widths of Helvetica (Adobe core metrics), in 1/1000 of the size, for the characters 32 to 126.
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 "
    "556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
WIDTHS = {chr(32 + i): int(width) for i, width in enumerate(_WIDTHS.split())}
PAGE_WIDTH, PAGE_HEIGHT, MARGIN, LEADING = 595, 842, 64, 14
SIZES = {"title": 15.0, "head": 11.5, "text": 10.0}


def text_width(text: str, size: float) -> float:
    """Return the width of a text in points."""
    return sum(WIDTHS.get(char, 556) for char in text) * size / 1000


def wrap_text(text: str, size: float) -> list[str]:
    """Return the text in lines that fit between the margins."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if text_width(longer, size) > PAGE_WIDTH - 2 * MARGIN and line:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def laid_out(markdown: str) -> list[list[tuple[str, str]]]:
    """Return pages of (style, line); ``#`` and ``##`` open headings, a blank line a new paragraph."""
    flow: list[tuple[str, str]] = []
    for block in markdown.strip().split("\n\n"):
        style = "title" if block.startswith("# ") else "head" if block.startswith("## ") else "text"
        rows = block.split("\n") if "  \n" in block or block.startswith("- ") else [" ".join(block.split("\n"))]
        for row in rows:
            flow += [(style, line) for line in wrap_text(row.lstrip("# "), SIZES[style])]
        flow.append(("text", ""))
    per_page = (PAGE_HEIGHT - 2 * MARGIN) // LEADING
    return [flow[i : i + per_page] for i in range(0, len(flow), per_page)]


def _escape_text(text: str) -> bytes:
    safe = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return safe.encode("cp1252")


def _content(page: list[tuple[str, str]], footer: str) -> bytes:
    out, y = b"", PAGE_HEIGHT - MARGIN
    for style, line in [*page, ("foot", footer)]:
        font = b"/F2" if style in {"title", "head"} else b"/F1"
        size = SIZES.get(style, 8.0)
        place = f"1 0 0 1 {MARGIN} {36 if style == 'foot' else y} Tm".encode()
        out += b"BT %s %s Tf %s (%s) Tj ET\n" % (font, f"{size:g}".encode(), place, _escape_text(line))
        y -= LEADING
    return out


def make_pdf(markdown: str, title: str) -> bytes:
    """Return a PDF 1.4 file.

    Parameters
    ----------
    markdown : str
        Text of ``#`` and ``##`` headings and paragraphs; only characters of Windows-1252.
    title : str
        Title in the document information.
    """
    pages = laid_out(markdown)
    count = len(pages)
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(count))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        (font % "").encode(),
        (font % "-Bold").encode(),
    ]
    for number, page in enumerate(pages):
        stream = _content(page, f"Page {number + 1} of {count}  -  FICTIONAL, FOR TRAINING")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Resources << /Font "
            f"<< /F1 3 0 R /F2 4 0 R >> >> /Contents {6 + 2 * number} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream))
    objects.append(b"<< /Title (%s) >>" % _escape_text(title))
    return _assemble_pdf(objects)


def _assemble_pdf(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(objects) + 1, len(objects))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(out))
