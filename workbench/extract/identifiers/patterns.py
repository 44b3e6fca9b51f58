"""Forms of identifiers, and the words that say what a number is.

Every repetition is bounded and every start is at a boundary, so that the time to search a text grows with its length and
not faster (a test holds this).
"""

from __future__ import annotations

import re

NEAR = 40
"""Characters before a place in which words count as saying what it is."""
AFTER = 22
"""The same, after it."""

EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@(?:[^\W_](?:[\w-]{0,62})\.){1,5}[^\W\d_]{2,24}(?![\w@])")
MESSENGER = re.compile(r"(?<!\w)\d{7,15}@(?:s\.whatsapp\.net|c\.us)(?!\w)")

REST = r"[^\s<>\"'{}|\\^`\[\]\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
URL = re.compile(
    r"(?i)(?<![\w@.-])(?:"
    rf"(?:https?|hxxps?|ftp)://{REST}{{3,2000}}"
    rf"|www\.(?:[a-z0-9-]{{1,63}}\.){{1,4}}[a-z]{{2,24}}(?:[/?#]{REST}{{0,2000}})?"
    r"|(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|net|org|io|me|nl|uk|de|fr|es|be|eu|it|info|biz|ru|cn|co|app|ht|ly|gg|to|cc|xyz|site|online)"
    rf"/{REST}{{1,2000}}"
    r"|(?:[a-z0-9-]{1,63}\.){0,3}[a-z2-7]{16,56}\.onion(?![\w.-])"
    r")"
)

IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{5,39}(?![\w:])")
VERSION_BEFORE = re.compile(
    r"(?i)(?:\bv|\bversion|\bsection|\bchapter|\bparagraph|\brelease|\bfirmware|\bbuild|\bios|\bandroid)[ .:]{0,2}$"
)

IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ \u00a0.\-]?[A-Za-z0-9])")
BIC = re.compile(r"(?<![A-Za-z0-9])[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])")

BITCOIN = re.compile(r"(?<!\w)(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|T[1-9A-HJ-NP-Za-km-z]{33})(?!\w)")
SEGWIT = re.compile(r"(?<!\w)(?:bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})(?!\w)")
ETHEREUM = re.compile(r"(?<!\w)0x[0-9A-Fa-f]{40}(?!\w)")

DIGITS = re.compile(r"(?<![\w.,+-])\d(?:[ \u00a0\-/]?\d){6,21}+(?![\w]|[.,-]\d)")
"""A number of 7 to 22 digits, grouped or not."""
TELEPHONE = re.compile(
    r"(?<![\w.,+-])(?:(?<!/)|(?=\+))(?:\+|\()?\(?\d(?:[ \u00a0().\-/\u2010-\u2013]{0,3}\d){4,24}+(?![\w@])"
)

PLATE = re.compile(
    r"(?<![\w-])(?:"
    r"[A-ZÄÖÜČĆĐŠŽ]{1,3} \d{2,4}-[A-Z]{1,2}"
    r"|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?"
    r"|[A-Z0-9]{1,4}(?:[-·][A-Z0-9]{1,4}){1,3}"
    r"|[A-Z]{2}\d{2} ?[A-Z]{3}"
    r"|[A-Z]{2} ?\d{3} ?[A-Z]{2}"
    r"|\d{4} ?[A-Z]{3}"
    r"|[A-Z]{1,3} [A-Z]{1,2} ?\d{2,4}[EH]?"
    r"|[A-Z0-9]{5,8}"
    r")(?![\w-])"
)
DOCUMENT = re.compile(r"(?<![\w-])(?:[A-Z]{1,3}\d{5,9}[A-Z]?|\d{6,10}[A-Z]{0,2}|[A-Z0-9]{8,16})(?![\w-])")
VIN = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])")

LATITUDE_LONGITUDE = re.compile(
    r"(?<![\w.])(?P<lat>[+-]?\d{1,2}\.\d{3,10})°?\s?(?P<ns>[NS])?\s?[,;/ ]\s?"
    r"(?P<lon>[+-]?\d{1,3}\.\d{3,10})°?\s?(?P<ew>[EWO])?(?![\w.]\d|\d)"
)
DEGREES = re.compile(
    r"(?<!\w)(?P<d1>\d{1,2})°\s?(?P<m1>\d{1,2})['′’]\s?(?:(?P<s1>\d{1,2}(?:\.\d{1,4})?)(?:\"|″|”|'')\s?)?(?P<ns>[NS])[,;]?\s{0,2}"
    r"(?P<d2>\d{1,3})°\s?(?P<m2>\d{1,2})['′’]\s?(?:(?P<s2>\d{1,2}(?:\.\d{1,4})?)(?:\"|″|”|'')\s?)?(?P<ew>[EWO])(?!\w)"
)


def _build_alternatives(latin: str, arabic: str = "") -> str:
    """Alternatives as whole words; the Arabic ones also with what is written in one with them: and, in, for, the, his, her."""
    joined = rf"|[وبفلك]?(?:ال|ل)?(?:{arabic})\w{{0,3}}" if arabic else ""
    return rf"(?i)\b(?:{latin}{joined})\b"


SAYS_TELEPHONE = re.compile(_build_alternatives(
    "call|phone|telephone|tel|mobile|mob|cell|cellphone|whats ?app|wa|signal|viber|sms|text|dial|ring|gsm|msisdn|"
    "burner|number|numbers|nr|no|contact|bel|mobiel|nummer|telefoon|téléphone|portable|numéro|appelle|appelez|joindre|teléfono|"
    "móvil|celular|número|llama|llame|llamar",
    "هاتف|جوال|موبايل|تل[ي]?فون|محمول|نقال|خلوي|اتصل|اتصال|رقم|أرقام|واتس ?[أا]?ب|ر[ا]?سل",
))  # fmt: skip
SAYS_OTHER_NUMBER = re.compile(_build_alternatives(
    "account|a/c|acct|order|invoice|tracking|parcel|reference|ref|passport|card|licen[cs]e|id|identity|serial|flight|"
    "container|booking|case|file|imei|imsi|iccid|sim|vin|iban|code|pin|bsn|kvk|vat|tax|rekening|compte|cuenta|policy|"
    "ticket|transaction|customer|member|peerid|facture|commande|référence|dossier|carte|colis|passeport|factura|pedido|"
    "referencia|expediente|tarjeta|paquete|contenedor|pasaporte|siret|nif|cif",
    "حساب|فاتور[ةه]|طلب|طرد|شحن[ةه]|حاوي[ةه]|قضي[ةه]|ملف|مرجع|جواز|بطاق[ةه]|هوي[ةه]|رخص[ةه]|رحل[ةه]|رمز|ضريب",
) + r"[^\n]{0,14}$")  # fmt: skip
SAYS_IMEI = re.compile(r"(?i)\bimei(?:/?sv|[12])?\b")
SAYS_IMSI = re.compile(r"(?i)\bimsi\b")
SAYS_ICCID = re.compile(_build_alternatives("iccid|sim(?:[ -]?card)?|carte sim|tarjeta sim", "شريح[ةه]"))
SAYS_CARD = re.compile(_build_alternatives(
    "card|visa|mastercard|master card|amex|maestro|carte|tarjeta|kaart", "بطاق[ةه]|فيزا|ماستركارد"
))  # fmt: skip
SAYS_BANK = re.compile(_build_alternatives(
    "iban|bank|account|rekening|compte|cuenta|transfer|deposit|pay|wire|overmaken|banque|virement|banco|transferencia",
    "[اآ]يبان|بنك|مصرف|حساب|حوال[ةه]|تحويل",
))  # fmt: skip
SAYS_ACCOUNT = re.compile(_build_alternatives(
    "(?:account|acct|a/c|rekening|rekeningnummer|compte|cuenta|konto)(?: ?(?:number|no|nr|num|n°|n.º|#))?", "حساب"
))  # fmt: skip
SAYS_BIC = re.compile(r"(?i)\b(?:bic|swift)\b")
SAYS_PLATE = re.compile(_build_alternatives(
    "plates?|number ?plates?|licen[cs]e ?plates?|registration|reg(?:\\.|istered)?|vrm|tag|kenteken|kentekennummer|"
    "immatriculation|immatriculée?|plaque|matr[ií]cula|placa|kennzeichen",
    "لوح[ةه]|لوحات",
))  # fmt: skip
SAYS_PASSPORT = re.compile(_build_alternatives("passports?|paspoort|passeport|pasaporte|ppt", "جواز"))
SAYS_IDENTITY = re.compile(_build_alternatives(
    "id|identity|identification|national id|id[ -]?card|id ?(?:no|nr|number)|bsn|dni|nie|cni|ssn|social security|"
    "personal number|identiteitskaart|carte d'identité|cédula|documento",
    "هوي[ةه]|بطاق[ةه] (?:ال)?وطني[ةه]|رقم (?:ال)?وطني",
))  # fmt: skip
SAYS_LICENCE = re.compile(_build_alternatives(
    "driv(?:ing|er'?s?|ers) licen[cs]e|licen[cs]e (?:no|nr|number)|rijbewijs|permis(?: de conduire)?|"
    "permiso de conducir|carnet de conducir|führerschein",
    "رخص[ةه] (?:ال)?(?:قياد[ةه]|سياق[ةه]|سوق)",
))  # fmt: skip
SAYS_VIN = re.compile(_build_alternatives("vin|chassis|chassisnummer|bastidor|châssis", "شاصي|هيكل"))


def has_context_near(context: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether words near a place say what it is: up to NEAR characters before it or AFTER behind it, in the same line."""
    before = text[max(0, start - NEAR) : start].rpartition("\n")[2]
    behind = text[end : end + AFTER].partition("\n")[0]
    return bool(context.search(before) or context.search(behind))


def has_context_before(context: re.Pattern[str], text: str, start: int) -> bool:
    """Whether words up to NEAR characters before a place say what it is, also across a line end."""
    return bool(context.search(text[max(0, start - NEAR) : start]))
