"""Words of call records: which event a record is (voice, sms, data, …) and which way it went, in several languages."""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.model.names import normalise

EVENTS: dict[str, frozenset[str]] = {
    "voicemail": frozenset("voicemail vms vmail mailbox messagerie repondeur buzon contestador correo".split()),
    "forward": frozenset("forward forwarded forwarding fwd cf cfw cfu cfb cfnr cfnry cfnrc cfo divert diverted redirected renvoi"
                         " transfert desvio desviada reenvio routed doorgeschakeld محوله تحويل".split()),
    "mms": frozenset("mms mmo mmt".split()),
    "sms": frozenset("sms smo smt smmo smmt smsmo smsmt text texto texte message messages mensaje mensajes nachricht bericht"
                     " kurznachricht messaggio messaggi mensagem mensagens mesaj ارساليه ts21 ts22"
                     " رساله رسالة".split()),
    "data": frozenset("data gprs internet pdp packet lte umts 3g 4g 5g datos donnees daten dat wap web volte bearer"
                      " بيانات".split()) - {"volte"},
    "ussd": frozenset(("ussd",)),
    "voice": frozenset("voice voc call calls moc mtc mo mt tel telephony telephone phone speech voz voix appel appels llamada"
                       " llamadas gesprek anruf sprache volte vowifi voip ims vo a_out chamada chamadas"
                       " chiamata chiamate telefonata telefonie sprachtelefonie gesprek spraak fonia arama aradı arandı"
                       " ts11 مكالمه مكالمة اتصال صوت".split()),
}  # fmt: skip
"""Words of each event; the first event that has a word of the cell counts."""

OUT = frozenset(
    "out outgoing outbound mo moc smo smmo smsmo mmo originating originated orig origin made sent send dialled dialed sortant"
    " sortante sortie emis emise emission saliente salientes realizada realizado enviado enviada emitida uitgaand uitgaande uit abgehend"
    " abgehende ausgehend gesendet ogg outg sal sort uscente uscita effettuata originada saida"
    " enviada efetuada ts22 aradı attı giden gonderilen صادر صادره صادرة مرسل".split()
)
IN = frozenset(
    "in incoming inbound mt mtc smt smmt smsmt mmt terminating terminated term received receive recv entrant entrante entrantes"
    " entree recu recue reception recibida recibido recibidas inkomend"
    " inkomende ankommend ankommende eingehend empfangen inc incg ent entr entrata ricevuta ricevuto entrada recebido recebida"
    " ts21 arandı aldı gelen وارد وارده واردة"
    " مستلم".split()
)
FORWARDED = EVENTS["forward"]
LETTERS: tuple[dict[str, str], ...] = (
    {"o": "out", "i": "in"}, {"s": "out", "e": "in"}, {"u": "out", "i": "in"}, {"a": "out", "i": "in"},
    {"o": "out", "t": "in"}, {"d": "out", "r": "in"}, {"u": "out", "e": "in"}, {"o": "out", "r": "in"}, {"e": "out", "r": "in"},
)  # fmt: skip
"""Single letters count only where a column holds no others: out and in, sortant and entrant, uit and in, …"""

SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
WORD = re.compile(r"\bts[126][1-8]\b|[^\W\d_]+|\d+[a-z]?", re.UNICODE)
"""Words, figures, and the codes of teleservices (3GPP TS 22.003: 11 speech, 21 and 22 messages received and sent)."""

LONGEST = 80


@lru_cache(maxsize=4096)
def words(raw: str) -> tuple[str, ...]:
    """Words of a cell or header in lower case, without accents: 'callingPartyNumber' has three, 'A_MSISDN' two."""
    return tuple(WORD.findall(normalise(SEAM.sub(" ", raw[:LONGEST]).replace("_", " "))))


def event(raw: str) -> str:
    """Event that a cell names: voice, sms, mms, data, forward, voicemail, ussd; '' unknown."""
    found = frozenset(words(raw))
    return next((name for name, known in EVENTS.items() if found & known), "")


def direction(raw: str) -> str:
    """Direction that a cell names: out, in, fwd; '' unknown. A cell that names two ways ('in/out') names none."""
    found = frozenset(words(raw))
    ways = {name for name, known in (("out", OUT), ("in", IN), ("fwd", FORWARDED)) if found & known}
    return "fwd" if "fwd" in ways else ways.pop() if len(ways) == 1 else ""


def directions(cells: frozenset[str]) -> dict[str, str]:
    """Direction of each different cell of a column; single letters are read together."""
    letters = {cell: normalise(cell) for cell in cells if normalise(cell)}
    for known in LETTERS:
        if letters and set(letters.values()) <= set(known):
            return {cell: known[letter] for cell, letter in letters.items()}
    return {cell: direction(cell) for cell in cells}
