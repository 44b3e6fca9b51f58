"""Documents of office programs: word processing, presentations, web pages, letters of Outlook."""

from __future__ import annotations

from workbench.ingest.office import docx, html_page, office_binary, opendocument, outlook, pptx, rtf
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {
    room.METHOD: Reader(room.VERSION, room.detect, room.read)
    for room in (docx, pptx, opendocument, rtf, outlook, office_binary, html_page)
}
