"""Names in Spanish by rule: lists of names and places, titles, legal forms, and words before a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.extract.extraction_method import Span
from workbench.extract.names import gazetteer
from workbench.extract.names.lexicon import list_common_words
from workbench.model.text import given_names
from workbench.model.text.normalise import normalise_name

PERSON, ORGANISATION, PLACE = "Person", "Organization", "Address"
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
NUMBER = re.compile(r"\s+(?:n[úu]m(?:ero|\.)|n\.?º|nº)\s*\d{1,3}(?=\s)|\s+\d{1,3}(?=\s)")
START = re.compile(r"(?:^|[.!?…:\n«“\"¿¡(–—-])\s*$")


def _normalise_words(words: str) -> frozenset[str]:
    """Words in their compared form."""
    return frozenset(map(normalise_name, words.split()))


PARTICLES = _normalise_words("de del la las los el y e san santa")
LEGAL = re.compile(
    r",?\s+(?:S\.\s?A\.(?:\s?[A-Z]\.)?|S\.\s?L\.(?:\s?U\.)?|S\.\s?A\.\s?S\.|S\.\s?C\.|C\.\s?A\.|SAU?|SLU?|SAS|Ltda\.?|Cía\.?|"
    r"S\. de R\.\s?L\.(?: de C\.\s?V\.)?)(?!\w)"
)
TITLES = _normalise_words(
    "sr sra srta señor señora señorita don doña d dña dr dra doctor doctora profesor profesora padre sor fray "
    "llamado llamada alias tal apodado apodada"
)
"""Before a name without anything between."""
ROLES = _normalise_words(
    "agente inspector inspectora subinspector subinspectora comisario comisaria capitán capitana teniente sargento "
    "cabo coronel comandante general juez jueza magistrado magistrada fiscal abogado abogada letrado letrada "
    "notario notaria perito perita testigo detenido detenida acusado acusada imputado imputada investigado "
    "investigada sospechoso sospechosa víctima denunciante propietario propietaria administrador administradora "
    "gerente conductor conductora patrón capataz hermano hermana primo prima hijo hija tío tía esposo esposa marido "
    "mujer novio novia socio socia ministro ministra alcalde alcaldesa presidente presidenta director directora "
    "ciudadano ciudadana"
)
"""Before a name, also with a comma between."""
CUES = re.compile(
    r"(?i)\b(?:se llama|me llamo|habla(?:do|r|ste)? con|reuni(?:do|ó) con|dile a|díselo a|dale a|pregunta(?:r|do|ó)? (?:a|por)|"
    r"llam(?:a|ó|ar|ado) a|entre|entrevistó a|vio a|de parte de|acusó a|informó a|llamó)\s+$"
)
HEADS = _normalise_words(
    "banco caja grupo policía guardia ministerio juzgado tribunal audiencia fiscalía universidad ayuntamiento "
    "hospital colegio instituto asociación fundación inversiones construcciones transportes comisaría consejería "
    "dirección agencia cruz cámara sindicato partido club clínica farmacia hotel bar cooperativa federación brigada "
    "unidad cuerpo cártel editorial aseguradora seguros aduana limpiezas talleres hormigones frutas minera naviera "
    "distribuciones"
)
"""Begin the name of an organisation when they are written with a capital and a name follows."""
FIRMS = _normalise_words(
    "empresa sociedad agencia compañía firma entidad mercantil constructora inmobiliaria asesoría gestoría oenegé ong"
)
"""Written small before a name they say that it is one of an organisation."""
ALONE = _normalise_words("europol interpol eurojust correos renfe hacienda frontex onu otan unicef")
STREETS = _normalise_words(
    "calle avenida avda av plaza paseo ronda travesía callejón glorieta carretera autovía camino cuesta"
)
"""Written small before a name they are part of an address."""
NEAR_PLACES = _normalise_words(
    "en de desde hasta hacia a por para entre puerto ciudad barrio provincia municipio pueblo aeropuerto isla "
    "región país frontera embajada consulado vecino natural"
)
GIRLS = _normalise_words(
    "rosa dolores mercedes pilar consuelo esperanza luz cruz paz soledad milagros remedios rocío nieves estrella "
    "gloria aurora alba blanca clara flor piedad trinidad victoria asunción concepción encarnación milagros candela "
    "alma violeta ángel jesús domingo salvador santos bravo león marina paloma olga amador benito modesto plácido "
    "prudencio clemente"
)
"""Given names that are also words or feasts: at the beginning of a sentence only before what a person does."""
DOES = _normalise_words(
    "no y se me le les lo la ha había es era fue dijo dice declaró llamó llegó salió vive trabaja tiene tenía envió "
    "compró vino quiere quiso sabe sabía está estaba conoce conocía preguntó vendió pagó"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its place, its compared form, whether it has a capital, whether a sentence begins with it."""

    start: int
    end: int
    form: str
    capital: bool
    first: bool


Found = tuple[Span, str, float]


def find_names(text: str) -> Iterator[Found]:
    """Names in a text: place, schema, confidence. In order, none overlapping."""
    words = _split_words(text)
    taken: list[Span] = []
    found: list[Found] = []
    for step in (_find_companies, _find_organisations, _find_streets, _find_persons, _find_places):
        for span, schema, confidence in step(text, words):
            if not any(span.has_overlap(other) for other in taken):
                taken.append(span)
                found.append((span, schema, confidence))
    yield from sorted(found, key=lambda item: item[0].start)


def _split_words(text: str) -> list[Word]:
    made = []
    for match in WORD.finditer(text):
        written = match[0].rstrip(".")
        first = bool(START.search(text[max(0, match.start() - 4) : match.start()]))
        made.append(
            Word(match.start(), match.start() + len(written), normalise_name(written), written[0].isupper(), first)
        )
    return made


def _is_adjacent(text: str, one: Word, other: Word) -> bool:
    """Whether nothing but a space stands between two words."""
    return text[one.end : other.start].strip(" ") == "" or text[one.end : other.start] in (". ", "-")


def _find_run_end(text: str, words: Sequence[Word], at: int, *, names: bool = False) -> int:
    """Index behind the capitalised words from `at` on, with particles between them; with `names` places end it."""
    end = at
    while end < len(words) and words[end].capital and (end == at or _is_adjacent(text, words[end - 1], words[end])):
        end += 1
        step = end
        while step < len(words) and step - end < 2 and words[step].form in PARTICLES and not words[step].capital:
            step += 1
        joined = step > end and step < len(words) and words[step].capital
        if joined and all(_is_adjacent(text, words[i], words[i + 1]) for i in range(end - 1, step)):
            several = sum(word.capital for word in words[at:end]) > 1
            if (
                names
                and words[end].form in ("y", "e")
                and not (several and words[step].form in given_names.load_names("spanish", "family"))
            ):
                break
            if names and words[end].form in ("de", "del") and not _is_family_name(words[step]):
                break
            end = step
    return end


def _is_family_name(word: Word) -> bool:
    return word.form in given_names.load_names("spanish", "family") or word.form not in gazetteer.load_places("es")


def _find_companies(text: str, words: Sequence[Word]) -> Iterator[Found]:
    """What stands before a legal form: 'Transportes Aldaya S.L.'."""
    for match in LEGAL.finditer(text):
        last = next(
            (
                i
                for i in range(len(words) - 1, -1, -1)
                if words[i].end <= match.start() + 1 and words[i].end >= match.start() - 1
            ),
            None,
        )
        if last is None or not words[last].capital:
            continue
        first = last
        while (
            first
            and _is_adjacent(text, words[first - 1], words[first])
            and (words[first - 1].capital or words[first - 1].form in PARTICLES)
        ):
            first -= 1
        while first < last and not words[first].capital:
            first += 1
        start = words[first].start
        yield Span(start, match.end()), ORGANISATION, 0.9


def _find_organisations(text: str, words: Sequence[Word]) -> Iterator[Found]:
    for at, word in enumerate(words):
        if word.capital and word.form in ALONE:
            yield Span(word.start, word.end), ORGANISATION, 0.8
        elif word.capital and word.form in HEADS:
            end = _find_run_end(text, words, at)
            span = Span(word.start, words[end - 1].end)
            numbered = NUMBER.match(text, span.end)
            if numbered and end < len(words):
                rest = next((i for i in range(end, len(words)) if words[i].start >= numbered.end()), len(words))
                if rest < len(words) - 1 and words[rest].form in PARTICLES and words[rest + 1].capital:
                    span = Span(word.start, words[_find_run_end(text, words, rest + 1) - 1].end)
            if end > at + 1 or span.end > word.end:
                yield span, ORGANISATION, 0.75
        elif word.capital and at and words[at - 1].form in FIRMS and _is_adjacent(text, words[at - 1], word):
            yield Span(word.start, words[_find_run_end(text, words, at) - 1].end), ORGANISATION, 0.75


def _find_streets(text: str, words: Sequence[Word]) -> Iterator[Found]:
    for at, word in enumerate(words[:-1]):
        if word.form not in STREETS:
            continue
        step = at + 1
        while step < len(words) - 1 and words[step].form in PARTICLES and not words[step].capital:
            step += 1
        if (
            words[step].capital
            and step - at <= 3
            and all(_is_adjacent(text, words[i], words[i + 1]) for i in range(at, step))
        ):
            yield Span(word.start, words[_find_run_end(text, words, step) - 1].end), PLACE, 0.8


def _find_persons(text: str, words: Sequence[Word]) -> Iterator[Found]:
    at = 0
    while at < len(words):
        found = _match_person(text, words, at)
        if found:
            yield found[0]
            at = found[1]
        else:
            at += 1


def _match_person(text: str, words: Sequence[Word], at: int) -> tuple[Found, int] | None:
    """The person whose name begins with a word, and the index behind it."""
    word = words[at]
    before = words[at - 1] if at else None
    if not word.capital or word.form in HEADS | ALONE or (word.form in TITLES | ROLES):
        return None
    end = _find_run_end(text, words, at, names=True)
    called = before is not None and before.form in TITLES and _is_adjacent(text, before, word)
    role = before is not None and before.form in ROLES and text[before.end : word.start] in (" ", ", ")
    cue = bool(CUES.search(text[max(0, word.start - 24) : word.start]))
    known = word.form in given_names.load_names("spanish", "given")
    family = any(w.form in given_names.load_names("spanish", "family") for w in words[at + 1 : end] if w.capital)
    span = Span(word.start, words[end - 1].end)
    place = normalise_name(text[span.start : span.end]) in gazetteer.load_places("es")
    several = end > at + 1
    sure = 0.0
    if called or (role and not place) or (known and several):
        sure = 0.85
    elif (known and _is_given_name(words, at, end)) or (not place and (cue or (family and several and not word.first))):
        sure = 0.6
    elif several and not place and _is_unknown_name(words[at:end]):
        sure = 0.5
    return ((span, PERSON, sure), end) if sure else None


def _is_unknown_name(words: Sequence[Word]) -> bool:
    """Whether two capitalised words or more are nothing but unknown: in Spanish text most such are persons."""
    known = gazetteer.load_places("es") | HEADS | STREETS
    capitals = [word for word in words if word.capital]
    return len(capitals) > 1 and not any(
        word.form in known or word.form in list_common_words("es") for word in capitals
    )


def _is_given_name(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a single given name is a person here, and no word or place of that spelling."""
    word = words[at]
    if word.form in gazetteer.load_ambiguous_places("es") and at and words[at - 1].form in NEAR_PLACES:
        return False
    if word.first and word.form in GIRLS:
        return end < len(words) and words[end].form in DOES
    return True


def _find_places(text: str, words: Sequence[Word]) -> Iterator[Found]:
    at = 0
    while at < len(words):
        size = _match_place(text, words, at)
        if size:
            yield Span(words[at].start, words[at + size - 1].end), PLACE, 0.8
        at += size or 1


def _match_place(text: str, words: Sequence[Word], at: int) -> int:
    """Words of the longest known place that begins here, 0 if none."""
    if not words[at].capital:
        return 0
    for size in range(min(gazetteer.count_longest_name("es"), len(words) - at), 0, -1):
        name = normalise_name(text[words[at].start : words[at + size - 1].end])
        if name in gazetteer.load_places("es") and words[at + size - 1].capital:
            told = at > 0 and words[at - 1].form in NEAR_PLACES | PARTICLES
            return (
                size
                if told or not (size == 1 and (name in gazetteer.load_ambiguous_places("es") or words[at].first))
                else 0
            )
    told = (
        at > 0
        and words[at - 1].form == "de"
        and at > 1
        and words[at - 2].form in NEAR_PLACES - {"en", "de", "a", "por"}
    )
    return _find_run_end(text, words, at) - at if told else 0
