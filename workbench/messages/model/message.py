"""What bureaux send each other: police messages, notices and diffusions, letters of request.

Values stand as they were written: a date is text, and may be a wrong one. What is wrong with them is told by rules
(`workbench.messages.rules.rule_check`), never by an exception. '' and () stand for what is not given, None for a figure or a yes or no
that is not given.

References
----------
Names of fields follow habits of SIENA and I-24/7; parts of notices follow INTERPOL's Rules on the Processing of Data,
articles 82 to 95, and parts of letters article 18(15) of UNTOC (our encoding of both, not certified by anybody).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An identity document: passport, national card, driving licence. `country` is the ISO 3166 code of who issued it."""

    kind: str = ""
    number: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person in a message, with the status that the sender gives (article 44) and the grade of what is said.

    `photo`, `fingerprints` and `dna` name the attachment that holds them. `asylum_from` lists countries (ISO 3166) from
    which the person has asylum. `name_in_original_script` is the name as the person's own papers write it.
    """

    family_name: str = ""
    forename: str = ""
    name_in_original_script: str = ""
    aliases: tuple[str, ...] = ()
    sex: str = ""
    date_of_birth: str = ""
    place_of_birth: str = ""
    nationalities: tuple[str, ...] = ()
    status: str = ""
    scale: str = ""
    source_grade: str = ""
    information_grade: str = ""
    documents: tuple[Identity, ...] = ()
    phones: tuple[str, ...] = ()
    parents: str = ""
    description: str = ""
    photo: str = ""
    fingerprints: str = ""
    dna: str = ""
    asylum_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing in a message: vehicle, handset, account, company, firearm. `number` is what identifies it."""

    kind: str = ""
    number: str = ""
    country: str = ""
    description: str = ""
    status: str = ""
    scale: str = ""
    source_grade: str = ""
    information_grade: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a message. `sha256` is what the sender says of it, in hexadecimal figures."""

    name: str = ""
    sha256: str = ""
    media_type: str = ""
    confidentiality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where what a message says comes from: who told it, in which document and where in it, when, and under which marks."""

    name: str = ""
    country: str = ""
    document: str = ""
    locator: str = ""
    received: str = ""
    confidentiality: str = ""
    handling: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """What messages, notices and letters have in common.

    `last_verified` is the day on which the records were last compared with their sources, `review_due` the one by which it must be
    decided whether they are kept.
    """

    form: ClassVar[str] = ""

    message_id: str = ""
    thread_id: str = ""
    our_ref: str = ""
    from_bureau: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    date_time: str = ""
    urgency: str = ""
    urgency_reason: str = ""
    reply_by: str = ""
    subject: str = ""
    crime_area: tuple[str, ...] = ()
    purpose: str = ""
    legal_basis: str = ""
    language: str = ""
    confidentiality: str = ""
    handling: str = ""
    handling_text: str = ""
    tlp: str = ""
    summary_of_facts: str = ""
    persons: tuple[Person, ...] = ()
    objects: tuple[Item, ...] = ()
    conditions_of_use: str = ""
    sources: tuple[Source, ...] = ()
    last_verified: str = ""
    review_due: str = ""
    attachments: tuple[Attachment, ...] = ()
    sensitive_reason: str = ""
    neutrality_reason: str = ""
    author: str = ""
    approver: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Correspondence):
    """A police message between bureaux."""

    form: ClassVar[str] = "message"

    type: str = ""
    your_ref: str = ""
    other_refs: tuple[str, ...] = ()
    requested_action: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One charge: the penal provision, and what the law or the court has laid down for it.

    `maximum_years` is the highest penalty that the law allows; `imposed_months` and `remaining_months` are of a sentence.
    `provision` is the wording of the law. `translation` is the charge in Arabic, English, French or Spanish, where `language` is
    another one.
    """

    text: str = ""
    language: str = ""
    translation: str = ""
    law: str = ""
    provision: str = ""
    maximum_years: float | None = None
    imposed_months: float | None = None
    remaining_months: float | None = None
    limitation_date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An arrest warrant or a judgment. `attachment` names the copy."""

    reference: str = ""
    date: str = ""
    authority: str = ""
    country: str = ""
    attachment: str = ""
    confirmed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A national authority's own assessment that somebody or something is a threat."""

    authority: str = ""
    date: str = ""
    basis: str = ""
    facts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A disappearance, or the discovery of a person or a body, as police recorded it."""

    reference: str = ""
    date: str = ""
    place: str = ""
    circumstances: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An asset that a silver notice seeks, and what ties it to the person."""

    kind: str = ""
    description: str = ""
    country: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Correspondence):
    """A notice, or with `diffusion` a diffusion of the same kind. A red one asks to locate and provisionally arrest; it is no warrant.

    Attributes
    ----------
    color : str
        red, blue, green, yellow, black, orange, purple, silver or un (code list `notice_types`).
    sought : tuple of str
        What a blue notice asks for: identity, location, activity, record.
    extradition_assured : bool or None
        Whether the competent authority agreed that extradition will be sought on arrest.
    special_check : str
        Who looked at a minor or a refugee before the notice goes out, and with what outcome.
    body_identified : bool or None
        Whether it is known whose body a black notice is about.
    public, public_permission
        Whether an extract is to be shown to the public, and the source's permission for it (article 61).
    """

    form: ClassVar[str] = "notice"

    color: str = ""
    diffusion: bool = False
    serious_crime_reason: str = ""
    charges: tuple[Charge, ...] = ()
    decisions: tuple[Decision, ...] = ()
    extradition_assured: bool | None = None
    extradition_from: tuple[str, ...] = ()
    in_absentia: bool | None = None
    retrial: str = ""
    date_of_facts: str = ""
    special_check: str = ""
    sought: tuple[str, ...] = ()
    assessment: Assessment = Assessment()
    event: Event = Event()
    body_identified: bool | None = None
    public: bool = False
    public_permission: str = ""
    disclosure_allowed: str = ""
    modus_operandi: str = ""
    threat: str = ""
    on_contact: str = ""
    assets: tuple[Asset, ...] = ()
    offence: str = ""
    pilot: bool = False
    un_reference: str = ""
    un_resolution: str = ""
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOfRequest(Correspondence):
    """A request for mutual legal assistance. It goes to the central authority, never as a police message.

    Attributes
    ----------
    assistance : tuple of str
        Kinds of assistance sought (code list `assistance`, after article 18(3)).
    maximum_years : float or None
        Highest penalty of the offence, in years.
    scope : str
        Why the treaty reaches the offence: for UNTOC the grounds to suspect that it crosses borders and that an organised criminal group
        is in it (article 18(1)).
    account, account_period, account_holder : str
        Which account, when and whose, where bank records are sought.
    search_grounds : str
        Why the thing is believed to be there, where a search or seizure is sought.
    accepted_languages : tuple of str
        Languages that the requested State accepts (article 18(14)).
    """

    form: ClassVar[str] = "letter"

    requesting_authority: str = ""
    requesting_contact: str = ""
    conducting_authority: str = ""
    conducting_functions: str = ""
    proceeding: str = ""
    subject_matter: str = ""
    requested_state: str = ""
    central_authority: str = ""
    treaty: str = ""
    accepted_languages: tuple[str, ...] = ()
    assistance: tuple[str, ...] = ()
    assistance_detail: str = ""
    special_procedure: str = ""
    special_procedure_reason: str = ""
    evidence_purpose: str = ""
    provisions: str = ""
    maximum_years: float | None = None
    scope: str = ""
    dual_criminality: str = ""
    nexus: str = ""
    confidentiality_wish: str = ""
    confidentiality_reason: str = ""
    deadline: str = ""
    deadline_reason: str = ""
    account: str = ""
    account_period: str = ""
    account_holder: str = ""
    search_grounds: str = ""
    certification: str = ""


FORMS: dict[str, type[Correspondence]] = {one.form: one for one in (Message, Notice, LetterOfRequest)}
PARTS = (*FORMS.values(), Identity, Person, Item, Source, Attachment, Charge, Decision, Assessment, Event, Asset)
