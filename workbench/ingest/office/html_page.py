"""Reader `html`: saved web pages, and documents that were saved as such. Nothing is run, nothing is fetched.

Who saved the page, and whether it is as the site showed it, the file does not tell.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from workbench.errors import SourceError
from workbench.ingest.office.office_text import OfficeContent, Properties, Story, is_time, list_rows
from workbench.ingest.reading import charsets, hidden_styles, html_text
from workbench.ingest.reading.cells import html_tables
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.special_labels import CELL
from workbench.ingest.reading.text_lines import LEGACY, detect_encoding, is_text, unify_line_ends
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue, Row
from workbench.model.time_zones import parse_mail_date

VERSION = "13"
METHOD = "html"
SCHEMA = "HyperText"
SUFFIXES = (".html", ".htm", ".xhtml", ".xht", ".shtml")
LONGEST = 64 * 1024**2
TOP = 2048
HEAD = 256 * 1024
TAGS = 500
START = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{1,9}\)(\S{1,2000}) -->", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"([A-Za-z:\-]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|([^\s\"'>]{1,2000}))"
)
NAMES = {
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "twitter:creator"),
    "published": ("article:published_time", "date", "dc.date", "dcterms.created", "dcterms.date", "pubdate",
                  "datepublished", "publish-date"),
    "modified": ("article:modified_time", "last-modified", "dcterms.modified", "revised", "datemodified"),
    "program": ("generator",),
    "keywords": ("keywords",),
    "summary": ("description", "og:description", "dc.description"),
    "address": ("og:url",),
    "title": ("og:title", "dc.title"),
}  # fmt: skip
"""Names of meta elements, the best first."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: it begins like a web page, or is text with a name of one."""
    if not head.strip() or not is_text(head):
        return ""
    top = head[:TOP].decode(detect_encoding(head), "replace").lstrip("\ufeff \t\r\n")
    if top.startswith("<") and START.search(top):
        return Sentence("detected.html")
    return Sentence("detected.html_name", suffix=source.suffix) if source.suffix in SUFFIXES else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document HyperText: paragraphs as passages, tables as lines with bars between the cells, the links last.

    Raises
    ------
    SourceError
        If the page is longer than any that people make.
    """
    del options
    page, wrong = _decode_page(source)
    page = hidden_styles.separate_boxes(page)
    meta, title = _parse_meta(page[:HEAD])
    story = Story()
    left: Counter[str] = Counter()
    labels: dict[str, None] = {}
    struck: dict[str, None] = {}
    read_text = html_text.extract_text(page, CELL, left, labels, struck)
    for paragraph in read_text.split("\n\n"):
        story.add_line(paragraph)
    shown = html_tables.ShownPage(page, read_text, labels, struck)
    new = [label for label in labels if label != title and label not in read_text]
    for place, several in ((None, shown.labels), (shown.place, labels.keys() - shown.labels)):
        if lines := [label for label in new if label in several]:
            story.open_side_text(place=place)
            story.add_line("\n".join(lines))
            story.close_side_text("Labels")
    for text in struck:
        story.open_side_text(place=None if text in shown.struck else shown.place)
        story.add_line(text)
        story.close_side_text("Deleted text")
    for found in html_tables.LINK.finditer(page):
        story.link(html.unescape(found[1]), None if found[1] in shown.links else shown.place)
    story.cells += shown.cells
    properties = _build_properties(meta, title, page[:HEAD])
    if listed := html_text.tell_left(left):
        wrong.append(build_issue("left-out", Sentence("row.web.unseen", listed=listed), fix=Sentence("fix.look.page")))
    wrong += hidden_styles.find_issues(page, html_text.extract_text(hidden_styles.split_hidden_text(page)[1]))
    told = OfficeContent(story, properties, wrong)
    yield from list_rows(source, told, Evidence(METHOD, VERSION), SCHEMA, title or properties.title)


def _decode_page(source: SourceFile) -> tuple[str, list[Issue]]:
    """The page as text: by its byte order mark, by the character set that it names, else by its bytes."""
    with source.open() as file:
        data = file.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise SourceError(Sentence("refused.file.web_large", name=source.name, most=f"{LONGEST:,}"))
    guessed = detect_encoding(data)
    label = charsets.find_meta_charset(data) if guessed in ("utf-8", *LEGACY) else ""
    text, used = charsets.decode_page(data, label, guessed)
    text = unify_line_ends(text.removeprefix("\ufeff")).replace("\x00", "")
    if "\ufffd" in text and "\ufffd".encode() not in data:
        key = "row.web.charset" if label else "row.web.no_charset"
        return text, [build_issue("bad-encoding", Sentence(key, charset=repr(label), used=used))]
    return text, charsets.tell_page(label, used)


def _parse_meta(head: str) -> tuple[dict[str, str], str]:
    """Values of the meta elements by name in lower case, and the title."""
    found: dict[str, str] = {}
    for number, tag in enumerate(_find_tags(head, "meta")):
        if number >= TAGS:
            break
        given = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(tag)}
        name = given.get("name") or given.get("property") or given.get("http-equiv") or given.get("itemprop") or ""
        if name and given.get("content"):
            found.setdefault(name.strip().lower(), given["content"].strip())
    start = re.search(r"<title\b", head, re.IGNORECASE)
    opened = head.find(">", start.end()) if start else -1
    closed = html_text.UNSEEN["title"].search(head, opened) if opened >= 0 else None
    title = head[opened + 1 : closed.start()] if closed else ""
    return found, " ".join(html.unescape(title[:1000]).split())


def _find_tags(head: str, name: str) -> Iterator[str]:
    """The inside of each start tag of this name."""
    for found in re.finditer(f"<{name}\\s", head, re.IGNORECASE):
        end = head.find(">", found.end())
        if end < 0:
            return
        yield head[found.end() : min(end, found.end() + 5000)]


def _build_properties(meta: Mapping[str, str], title: str, head: str) -> Properties:
    values = {prop: next((meta[name] for name in names if meta.get(name)), "") for prop, names in NAMES.items()}
    saved = SAVED_FROM.search(head)
    values["address"] = html.unescape(saved[1]) if saved else values["address"]
    values["published"], values["modified"] = _normalise_time(values["published"]), _normalise_time(values["modified"])
    return Properties(**{**values, "title": title or values["title"]})


def _normalise_time(written: str) -> str:
    """Time in ISO 8601 form where it can be told, as written if not."""
    if not written or is_time(written):
        return written
    try:
        return parse_mail_date(written[:100]).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return written
