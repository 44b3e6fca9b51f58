"""Documents of office programs: word processing, presentations, web pages, letters of Outlook."""

from __future__ import annotations

from workbench.ingest.office import binary, opendocument, outlook, rich, slides, web, word
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {
    room.METHOD: Reader(room.VERSION, room.detect, room.read)
    for room in (word, slides, opendocument, rich, outlook, binary, web)
}
