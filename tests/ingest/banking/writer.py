"""Small writers of bank statements for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

OWN = "NL91ABNA0417164300"


@dataclass
class Line:
    """An entry of a statement: what the account gains, and the other side."""

    amount: Decimal
    name: str = ""
    account: str = ""
    purpose: str = ""
    reference: str = "E2E-1"
    day: str = "2022-07-13"
    more: str = ""


@dataclass
class Account:
    """A statement that adds up."""

    lines: list[Line] = field(default_factory=list)
    opening: Decimal = Decimal("100.00")
    missing: Decimal = Decimal(0)
    holder: str = "Harbour Trading"
    number: str = "7"

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((one.amount for one in self.lines), Decimal(0)) + self.missing


def camt(*accounts: Account, version: str = "001.02", agent: str = "BIC") -> str:
    """The statements as camt.053."""
    body = "".join(_statement(one, nested=version > "001.07", agent=agent) for one in accounts)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.{version}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>m</MsgId></GrpHdr>{body}</BkToCstmrStmt></Document>"
    )


def _statement(one: Account, *, nested: bool, agent: str) -> str:
    entries = "".join(_entry(line, nested=nested, agent=agent) for line in one.lines)
    return (
        f"<Stmt><Id>{one.number}</Id><FrToDt><FrDtTm>2022-07-01T00:00:00</FrDtTm><ToDtTm>2022-07-31T00:00:00</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>{escape(one.holder)}</Nm></Ownr>"
        f"<Svcr><FinInstnId><{agent}>ABNANL2A</{agent}></FinInstnId></Svcr></Acct>"
        f"{_balance('OPBD', one.opening)}{_balance('CLBD', one.closing)}{entries}</Stmt>"
    )


def _balance(code: str, amount: Decimal) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount)}<Dt><Dt>2022-07-01</Dt></Dt></Bal>"


def _amount(amount: Decimal) -> str:
    mark = "DBIT" if amount < 0 else "CRDT"
    return f'<Amt Ccy="EUR">{abs(amount):f}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'


def _party(role: str, name: str, account: str, *, nested: bool) -> str:
    inner = f"<Nm>{escape(name)}</Nm>"
    named = f"<{role}>{f'<Pty>{inner}</Pty>' if nested else inner}</{role}>" if name else ""
    kind = "IBAN" if account[:2].isalpha() else "Othr"
    number = f"<IBAN>{account}</IBAN>" if kind == "IBAN" else f"<Othr><Id>{escape(account)}</Id></Othr>"
    return named + (f"<{role}Acct><Id>{number}</Id></{role}Acct>" if account else "")


def _entry(line: Line, *, nested: bool, agent: str) -> str:
    other, own = ("Dbtr", "Cdtr") if line.amount >= 0 else ("Cdtr", "Dbtr")
    parties = _party(other, line.name, line.account, nested=nested) + _party(own, "", OWN, nested=nested)
    bank = f"<RltdAgts><{other}Agt><FinInstnId><{agent}>INGBNL2A</{agent}></FinInstnId></{other}Agt></RltdAgts>"
    status = "<Sts><Cd>BOOK</Cd></Sts>" if nested else "<Sts>BOOK</Sts>"
    return (
        f"<Ntry>{_amount(line.amount)}{status}<BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd></Domn></BkTxCd>{line.more}<NtryDtls><TxDtls><Refs>"
        f"<EndToEndId>{escape(line.reference)}</EndToEndId></Refs><RltdPties>{parties}</RltdPties>{bank}"
        f"<RmtInf><Ustrd>{escape(line.purpose)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def swift(*accounts: Account, form: str = "words") -> str:
    """The statements as MT940; `form`: how :86: is written ('words', 'numbers', 'free')."""
    return "".join(
        f":20:STMT{one.number}\n:25:{OWN}EUR\n:28C:{one.number}/1\n:60F:{_mt(one.opening)}\n"
        + "".join(_line(line, form) for line in one.lines)
        + f":62F:{_mt(one.closing)}\n-\n"
        for one in accounts
    )


def _mt(amount: Decimal) -> str:
    return f"{'D' if amount < 0 else 'C'}220701EUR{_comma(amount)}"


def _comma(amount: Decimal) -> str:
    return f"{abs(amount):.2f}".replace(".", ",")


def _line(line: Line, form: str) -> str:
    day = line.day[2:].replace("-", "")
    details = {
        "words": f"/TRTP/SEPA/IBAN/{line.account}/BIC/INGBNL2A/NAME/{line.name}/REMI/{line.purpose}/EREF/{line.reference}",
        "numbers": f"166?00SEPA?20EREF+{line.reference}?21SVWZ+{line.purpose}?30INGBNL2A?31{line.account}?32{line.name}",
        "free": line.purpose,
    }[form]
    cut = "\n".join(details[at : at + 65] for at in range(0, len(details), 65))
    return f":61:{day}{day[2:]}{'D' if line.amount < 0 else 'C'}{_comma(line.amount)}NTRFNONREF//B1\n:86:{cut}\n"
