"""A draft as a file: a page, a PDF, a letter by e-mail, the form in JSON; a notice also in the JSON of the public service."""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import identity
from workbench.case.access import controller
from workbench.case.context import source_lookup
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import addressee_check, sending
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.desk.messages import filing, rendering
from workbench.case.files import products
from workbench.errors import CaseError
from workbench.ledger import now
from workbench.ledger.records import disclosures, row_tables
from workbench.ledger.records.disclosures import Disclosure
from workbench.ledger.storage.file_vault import SUFFIX
from workbench.messages import LetterOfRequest, Notice, to_json
from workbench.messages.model.message import Attachment, Correspondence
from workbench.messages.notices import to_notice_json
from workbench.messages.traffic import letter_export
from workbench.model.catalogue import LANGUAGES, RIGHT_TO_LEFT, Sentence
from workbench.model.ids import compute_sha256
from workbench.report.letter_pdf import Letter, to_pdf

if TYPE_CHECKING:
    from workbench.identity import TrustList

ENDINGS = (".html", ".pdf", ".json", ".eml")
UNSAFE = re.compile(r"[^\w.]+")
"""Signs that stand in no name of a file."""
PUBLIC = ".notice.json"
"""Ending of a notice in the JSON of the public service."""


def export_draft(context: CaseContext, draft: DraftRecord, path: Path, reason: str, trust: TrustList | None) -> Path:
    """Write a draft that is ready; logged as disclosure to whom it names.

    Raises
    ------
    CaseError
        If it is not ready, not approved where that is needed, not for those whom it names, or the ending is none of ENDINGS. What the
        rules ask of a letter (scope, treaty, authorities) is among what it must be ready by. Or if what ends in PUBLIC is no notice.
    SchemaError
        If the public service has no shape for the notice (`notices.to_public`).
    """
    if path.suffix.lower() not in ENDINGS:
        raise CaseError(
            Sentence(
                "{path} cannot be the name of a message file. Enter a file name that ends in {endings}.",
                path=path,
                endings=", ".join((*ENDINGS, PUBLIC)),
            )
        )
    sending.check_ready(context, draft.current(), identity.load_trust_list() if trust is None else trust)
    addressee_check.check_addressees(context, draft, addressee_check.list_named_readers(context, draft))
    place = products.place_of(context, path)
    message = draft.message
    mark = controller.get_scheme(context).label(draft.get_mark())
    public = place.name.lower().endswith(PUBLIC)
    data = _encode_notice(message) if public else _encode_draft(context, draft, place.suffix.lower(), mark)
    to = message.central_authority if isinstance(message, LetterOfRequest) else ""
    out = Disclosure(
        "export",
        to or ", ".join(message.to),
        place.name,
        sha256(data).hexdigest(),
        mark,
        reason,
        filing.describe_kind(message),
    )
    disclosures.record_disclosure(context.ledger, out, sending.list_disclosed_ids(context, draft))
    return products.write_product(context, place, data, mark)


def find_free_path(context: CaseContext, message: Correspondence, ending: str, folder: str) -> Path:
    """A place for a message in a folder, '' for the reports of the case, at which nothing lies yet."""
    name = UNSAFE.sub("-", f"{message.form} {message.our_ref}").strip("-")
    place = Path(folder).expanduser().absolute() if folder.strip() else context.folder.reports
    paths = (place / f"{name}{f'-{number}' if number > 1 else ''}{ending}" for number in count(1))
    return next(path for path in paths if not (path.exists() or context.folder.vault.place(path).exists()))


def hash_product(context: CaseContext, path: Path) -> str:
    """SHA-256 of the content of a file that was written; of the plain one, where it lies in an encrypted case."""
    if not context.folder.is_inside(path):
        return compute_sha256(path)
    vault, place = context.folder.vault, path.with_name(path.name.removesuffix(SUFFIX))
    return vault.hash(place, (vault.get_size(place),))


def _encode_notice(message: Correspondence) -> bytes:
    if not isinstance(message, Notice):
        raise CaseError(
            Sentence(
                "The message was not exported. '{ending}' is the format of public notices, and this message is "
                "not a notice ({kind}). Enter a file name that ends in `.json`.",
                ending=PUBLIC,
                kind=filing.describe_kind(message),
            )
        )
    return to_notice_json(message).encode()


def _encode_draft(context: CaseContext, draft: DraftRecord, ending: str, mark: str) -> bytes:
    message = draft.message
    if ending == ".eml":
        return letter_export.encode_letter(
            message, mark, {one.name: _read_attachment(context, one) for one in message.attachments}
        )
    if ending == ".json":
        return to_json(message).encode()
    if ending == ".html":
        return sending.build_page(message).encode()
    language = message.language if message.language in LANGUAGES else "en"
    made = Letter(
        rendering.format_title(message), mark, message.our_ref, message.author, now(), rendering.build_sections(message), language,
        language in RIGHT_TO_LEFT,
    )  # fmt: skip
    return to_pdf(made)


def _read_attachment(context: CaseContext, attached: Attachment) -> bytes:
    if row_tables.list_sources(context.ledger, attached.sha256).empty:
        raise CaseError(
            Sentence(
                "The file {name} is not in the case. Add the file to the case. Then attach it.", name=attached.name
            )
        )
    source_lookup.check_readable(context, attached.sha256)
    with context.folder.open_source(attached.sha256) as content:
        return content.read()
