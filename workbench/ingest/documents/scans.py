"""Text of pages that are pictures, by Tesseract where it is installed. Offline; asked for, never by itself.

OCR reads shapes: a 0 for an O, an 8 for a B, a lost line are ordinary. What it read is marked, and checked against the page
before it is relied on.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from threading import RLock
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.ingest.reading.source import SourceFile, describe_damage
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

METHOD = "ocr"
LANGUAGES = re.compile(r"[A-Za-z_]{2,30}(?:\+[A-Za-z_]{2,30}){0,9}")
DOTS = 300
"""Dots per inch: what Tesseract is trained for."""

PIXELS = 25_000_000
"""Pixels of a page, at most: A3 at 300 dots per inch has 17 million. Larger pages are made coarser."""

SECONDS = 60
POINTS = 72
_alone = RLock()
"""PDFium works in one thread at a time."""
INSTALL = Sentence(
    "To read the text of scans, install Tesseract (`apt install tesseract-ocr`, `brew install "
    "tesseract`, or the UB Mannheim installer on Windows). Then run `pip install caseledger[ocr]`."
)


@dataclass(frozen=True, slots=True)
class Scanner:
    """Tesseract with its languages. `version` names both: it stands in each claim about what was read."""

    program: str
    languages: str
    version: str

    def read(self, document: PdfDocument, page: int) -> tuple[str, str]:
        """Text of a page, from 1, and why there is none ('' if there is). The picture is handed over in memory."""
        from pypdfium2 import PdfiumError

        try:
            picture = _draw_page(document, page)
            done = subprocess.run(
                [self.program, "stdin", "stdout", "-l", self.languages, "--dpi", str(DOTS)],
                input=picture, capture_output=True, timeout=SECONDS, check=True,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return "", f"it took Tesseract more than {SECONDS} seconds"
        except subprocess.CalledProcessError as error:
            return "", f"Tesseract: {error.stderr.decode('utf-8', 'replace').strip()[:200]}"
        except (PdfiumError, ValueError, OSError, MemoryError) as error:
            return "", describe_damage(error)
        return done.stdout.decode("utf-8", "replace").replace("\x0c", "").replace("\x00", ""), ""


def _draw_page(document: PdfDocument, page: int) -> bytes:
    """A page as a grey picture (PGM)."""
    with _alone:
        sheet = document[page - 1]
        width, height = sheet.get_size()
        scale = min(DOTS / POINTS, (PIXELS / max(width * height, 1)) ** 0.5)
        grey = sheet.render(scale=scale, grayscale=True).to_numpy()
    return b"P5 %d %d 255\n" % (grey.shape[1], grey.shape[0]) + bytes(grey.tobytes())


@contextmanager
def open_pdf(source: SourceFile) -> Iterator[PdfDocument]:
    """The PDF file, open for drawing its pages.

    Raises
    ------
    SourceError
        If it cannot be drawn.
    """
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        with _alone:
            document = PdfDocument(source.data or source.open(), autoclose=True)
    except PdfiumError as error:
        raise SourceError(Sentence("refused.file.not_drawn", name=source.name, error=error)) from error
    try:
        yield document
    finally:
        with _alone:
            document.close()


def build_scanner(languages: str) -> Scanner:
    """Tesseract for these languages: 'eng', or several as 'eng+fra'.

    Raises
    ------
    SourceError
        If it, a package or a language is missing; the message says what to install.
    """
    if not LANGUAGES.fullmatch(languages):
        raise SourceError(
            Sentence(
                "The option `ocr` is {value}. It must be one or more language codes of Tesseract, joined by '+', "
                "as in 'eng+fra'.",
                value=repr(languages),
            )
        )
    program = shutil.which("tesseract")
    if program is None:
        raise SourceError(Sentence("The program Tesseract is not installed. {what_to_do}", what_to_do=INSTALL))
    if find_spec("pypdfium2") is None:
        raise SourceError(Sentence("The software library pypdfium2 is not installed. {what_to_do}", what_to_do=INSTALL))
    told = _query_program(program, "--version").split()
    known = set(_query_program(program, "--list-langs").split("\n")[1:])
    if missing := [name for name in languages.split("+") if name not in known]:
        raise SourceError(
            Sentence(
                "Languages that are not installed for Tesseract: {missing}. Installed languages: {known}. "
                "Install the missing languages, for example with `apt install tesseract-ocr-{first}`, or give "
                "other languages.",
                missing=tuple(missing),
                known=tuple(sorted(filter(None, known))),
                first=missing[0],
            )
        )
    return Scanner(program, languages, f"Tesseract {told[1] if len(told) > 1 else 'of unknown version'} {languages}")


def _query_program(program: str, question: str) -> str:
    """What the program answers."""
    try:
        done = subprocess.run([program, question], capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise SourceError(
            Sentence(
                "The program could not start Tesseract, or Tesseract failed: {error}. {what_to_do}",
                error=str(error),
                what_to_do=INSTALL,
            )
        ) from error
    return (done.stdout or done.stderr).decode("utf-8", "replace").strip()
