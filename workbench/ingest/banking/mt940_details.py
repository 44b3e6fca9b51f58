"""Field :86: of MT940: the other side and the purpose, out of what the bank and the payer wrote into one text.

The words of Dutch banks ('/NAME/…/REMI/…') and 'IBAN:' have no place that only the bank can fill: a payer writes the description
and the references. So a word of the other side counts once, before the description and not behind a reference, unless the bank says
whose it is ('/ORDP/'); 'IBAN:' only where the bank's name of the transaction comes before it. One that stands twice with different
values, or in the description or a reference, is text, and is told. A reference has no two strokes in a row: the European Payments
Council's rules for SEPA credit transfers forbid them. A line of the field has 65 characters: a full one goes on in the next, behind a
shorter one is a blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.ingest.banking.statement import Side
from workbench.ingest.banking.statement_rows import is_iban
from workbench.ingest.reading.record_text import FaultCounts
from workbench.model.catalogue import Sentence
from workbench.model.text.normalise import clean_text

WORDS = re.compile(
    r"/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|ORDP|BENM|CNTP|MARF|CSID|PURP|ISDT|RTRN|ULTD|ULTC|USTD|STRD|ADDR|ID|PREF|SVCL)/"
)
IBAN = re.compile(r"(?:SEPA(?: [^\s:/]{1,20}){0,4}\s{1,40})?IBAN:? ?([A-Z]{2}\d\d[A-Z0-9]{8,30})\b")
"""An account at the start, or behind the bank's name of a transaction."""
MENTIONED = re.compile(r"\bIBAN:? ?[A-Z]{2}\d\d[A-Z0-9]{8,30}\b")
NUMBERED = re.compile(r"\?(3[0-3])")
"""Numbered fields of the other side: its bank, its account, and its name in two parts."""
LONGEST = 10_000
CNTP_FIELDS = 3
SIDE = ("NAME", "IBAN", "BIC")
DESCRIPTION = ("REMI", "USTD", "STRD")
REFERENCES = ("EREF", "MARF", "PREF", "ID", "CSID")
"""What a party to the payment writes, too."""
CREDITOR = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{3}[A-Z0-9]{1,28}")
"""Identifier of a creditor, which an authority gives."""
OWN_FIELD = re.compile(r"\?(?:2\d|6[0-3])\s?IBAN\+")
"""An account at the start of a numbered field, where no reference can reach with a whole one."""
FULL, EVEN = 65, 2
"""Characters of a line at most; behind more than so many lines of one width, the bank cut them at that width."""
SHORTEST_IBAN = 15
PARTIES = ("ORDP", "BENM", "ULTD", "ULTC")
ULTIMATE = ("ULTD", "ULTC")


@dataclass(slots=True)
class Details:
    """What a field says: values by word, in the order in which they first come, and whether some are not certain."""

    found: dict[str, dict[str, None]] = field(default_factory=dict)
    is_free: bool = False
    is_referred: bool = False
    has_party: bool = False
    doubled: dict[str, list[str]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """First value of a word, '' if there is none."""
        return next(iter(self.found.get(name, ())), "")

    def report(self, tally: FaultCounts, place: str) -> None:
        """Count what was not taken for the other side."""
        for name, values in self.doubled.items():
            tally.add_several(name, values, place, "fix.compare.paper")
        if self.is_free:
            tally.add("other-words", Sentence("fault.free_side"), place, "fix.compare.paper")
        if self.is_referred:
            tally.add("other-words", Sentence("fault.reference_side"), place, "fix.compare.paper")


def parse_details(details: str, *, is_incoming: bool) -> Details:
    """What details in words say: '/NAME/…/IBAN/…', ING's '/CNTP/account/bank/name', or 'IBAN: …'."""
    text = join_lines(details)
    made = Details()
    parts = WORDS.split(text)
    names = parts[1::2]
    before = names[: next((at for at, name in enumerate(names) if name in DESCRIPTION), len(names))]
    twice = {name for name in ("BENM", "ORDP") if before.count(name) > 1}
    holder = ("BENM" if is_incoming else "ORDP") if {"BENM", "ORDP"} <= set(names) else ""
    party, is_described, is_open, is_doubtful, last = "", False, False, False, parts[0]
    for name, value in zip(names, parts[2::2], strict=True):
        party, is_doubtful = _follow_party(name, party), is_open if name in PARTIES else is_doubtful
        made.has_party |= party in ("ORDP", "BENM")
        is_described |= name in DESCRIPTION
        is_open = _is_open(name, value, last, is_open=is_open)
        last = value
        if name in (*SIDE, "CNTP") and (party in ULTIMATE or (party and party == holder)):
            made.is_referred |= is_doubtful and party in ULTIMATE and bool(value.strip("/ "))
            continue
        if name in (*SIDE, "CNTP") and is_described:
            made.is_free |= bool(value.strip("/ "))
            continue
        if name in (*SIDE, "CNTP") and (is_open or party in twice):
            made.is_referred |= bool(value.strip("/ "))
            continue
        _add_values(made, name, clean_text(value.strip("/ ")))
    if not made.get("REMI"):
        made.found["REMI"] = {made.get("USTD") or made.get("STRD"): None}
    for name in SIDE:
        if len(made.found.get(name, ())) > 1:
            made.doubled[f"/{name}/"] = [*made.found.pop(name)]
    if "IBAN" not in made.found and "/IBAN/" not in made.doubled and (found := MENTIONED.search(text[:LONGEST])):
        account = IBAN.match(clean_text(text[:LONGEST]))
        made.found["IBAN"] = {_cut_iban(account[1]): None} if account else {}
        made.is_free |= account is None and found is not None
    return made


def _follow_party(name: str, party: str) -> str:
    """Of which party a word tells; `party`: of which the one before it told."""
    if name in DESCRIPTION or (name == "CNTP" and party in ULTIMATE):
        return ""
    return name if name in PARTIES else party


def _is_open(name: str, value: str, last: str, *, is_open: bool) -> bool:
    """Whether what follows may still be what a party wrote into a reference; `last`: what stands before the word."""
    if name in REFERENCES:
        return is_open or name != "CSID" or CREDITOR.fullmatch(clean_text(value)) is None
    return is_open and name not in PARTIES and not (name == "CNTP" and last.rstrip(" ").endswith("/"))


def join_lines(details: str) -> str:
    r"""The lines of a field as one: the bank cut a full line, or all at one width, and wrote a blank at the end of any other.

    >>> join_lines("SEPA IDEAL IBAN: NL98INGB0003856625\nBIC: INGBNL2A")
    'SEPA IDEAL IBAN: NL98INGB0003856625 BIC: INGBNL2A'
    """
    lines = details.split("\n")
    is_even = len(lines) > EVEN and len({len(line) for line in lines[:-1]}) == 1
    joined = (line + ("" if is_even or len(line) == FULL else " ") for line in lines)
    return "".join(joined).rstrip(" ")


def _cut_iban(account: str) -> str:
    """An IBAN without the letters of the next word, where only the shorter one has the right check number."""
    whole = () if is_iban(account) else (account[:size] for size in range(SHORTEST_IBAN, len(account)))
    return next((one for one in whole if is_iban(one)), account)


def _add_values(made: Details, name: str, value: str) -> None:
    """Keep the value of a word; that of ING's word for the other side is three."""
    if name == "CNTP":
        account, bank, named = (*value.split("/"), "", "", "")[:CNTP_FIELDS]
        for key, one in (("IBAN", account), ("BIC", bank), ("NAME", named)):
            _add_values(made, key, clean_text(one))
    elif value:
        made.found.setdefault(name, {})[value] = None


def _find_line_account(known: Mapping[str, str], words: Details) -> str:
    """An IBAN that the bank gives alone in the second line of the entry, where the details hold the words of the other side only."""
    alone = known.get("extra_details", "").strip()
    return alone if "/IBAN/" not in words.doubled and words.has_party and is_iban(alone) else ""


def find_side(known: Mapping[str, str], details: str, words: Details) -> Side:
    """The other side of an entry: by the numbered fields that the package read, else by the words; of a field that stands twice nothing."""
    text = join_lines(details)
    found = NUMBERED.findall(text) if "posting_text" in known or "purpose" in known else []
    if twice := list(dict.fromkeys(one for one in found if found.count(one) > 1)):
        parts = NUMBERED.split(text)
        for one in twice:
            values = (
                clean_text(value.partition("?")[0])
                for code, value in zip(parts[1::2], parts[2::2], strict=True)
                if code == one
            )
            words.doubled[f"?{one}"] = list(dict.fromkeys(values))
        if any(len(values) > 1 for values in words.doubled.values()):
            return Side()
        words.doubled = {}
    account, bank = known.get("gvc_applicant_iban", ""), known.get("gvc_applicant_bin", "")
    own = OWN_FIELD.search(text) if account else None
    if account and (own is None or 0 <= text.find("SVWZ+") < own.start()):
        is_open = own is None and text.find("IBAN+") < text.find("SVWZ+")
        words.is_referred |= is_open and not known.get("applicant_iban")
        words.is_free |= not is_open and not known.get("applicant_iban")
        account = bank = ""
    return Side(
        known.get("applicant_name") or words.get("NAME"),
        known.get("applicant_iban") or account or words.get("IBAN") or _find_line_account(known, words),
        known.get("applicant_bin") or bank or words.get("BIC"),
    )
