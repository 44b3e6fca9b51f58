"""Tokens: what stands for a word or a number in a pseudonymised copy. The same for the same original, and never for two.

A token is drawn with a secret and remembered; both together are the key. Without the key a token says nothing of its original.
"""

from __future__ import annotations

import hmac
import math
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.pseudonyms import fake_identifiers, fake_names, place_matching
from workbench.model.pseudonyms.fake_names import Draw
from workbench.model.pseudonyms.name_matching import Replacement, mark_places, replace_places
from workbench.model.text.normalise import INVISIBLE, normalise_digits, normalise_name

TRIES = 20_000
"""Attempts to find a token that nothing else has."""
FULL = 1_000
"""Attempts after which a number counts as too short for so many tokens; then figures are put behind it."""
MESSENGERS = frozenset({
    "s.whatsapp.net", "c.us", "g.us", "whatsapp.net", "wa.me", "t.me", "api.whatsapp.com", "web.whatsapp.com", "signal.me",
})  # fmt: skip
"""Hosts that say which messenger an account is of, and stay."""
LINE = re.compile(r"(?:(?<!\w)|(?<=%2[Bb]))\d{7,15}(?!\w)", re.ASCII)
"""A telephone number as messengers write it, in an account or a link: with its country, the plus before it or not."""
CODE = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<![0-9a-f])[0-9a-f]{24}(?:[0-9a-f]{8}|[0-9a-f]{40})?(?![0-9a-f])"
)
"""UUIDs, and hashes as the workbench and others write them."""
NETWORK = re.compile(r"\d{3}-\d{2,3}-(?=\d)")
"""Country and network at the beginning of the name of a cell, which stay."""
FIGURES = re.compile(r"\d+")
RUN = re.compile(r"[^\W\d_]+|\d+")


def compact_text(text: str) -> str:
    """Letters and digits only, in small letters, the digits those of English: the form in which numbers are compared."""
    return "".join(sign for sign in normalise_digits(INVISIBLE.sub("", text)) if sign.isalnum()).casefold()


@dataclass
class Tokens:
    """Tokens that were given and those to come.

    Parameters
    ----------
    secret : bytes
        Out of which tokens are drawn.
    given : dict
        Kind -> original -> token; grows.
    kin : mapping
        Word in its compared form -> the word whose variant it is: a misspelling, the name in another script.
    barred : set of str
        Words and numbers (compared form) that no token may be: all that stands in the case.
    somebody : callable
        Word -> whether people are called so. What stands for a name that is spelt in several ways is no such word: a list of
        names would know it again in one script and not in another.
    """

    secret: bytes
    given: dict[str, dict[str, str]] = field(default_factory=dict)
    kin: Mapping[str, str] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)
    somebody: Callable[[str], bool] = lambda _: False
    _taken: dict[str, set[str]] = field(default_factory=dict)

    def draw(self, *purpose: str) -> Draw:
        """Numbers for a purpose."""
        return Draw(self.secret, *purpose)

    def pick(self, kind: str, original: str, make: Callable[[int], str], *, key: Callable[[str], str] = str) -> str:
        """The token of an original: the one it has, else the first that nothing else has and that stands nowhere in the case.

        Raises
        ------
        CaseError
            If no token is left.
        """
        known = self.given.setdefault(kind, {})
        if original in known:
            return known[original]
        taken = self._taken.get(kind)
        if taken is None:
            taken = self._taken[kind] = {key(token) for token in known.values()}
        for attempt in range(TRIES):
            made = make(attempt)
            form = key(made)
            if form not in taken and form not in self.barred and made != original:
                taken.add(form)
                known[original] = made
                return made
        raise CaseError(
            Sentence(
                "No pseudonym is left for another item of the type '{kind}'. Make the copy with a new key file.",
                kind=kind,
            )
        )

    # Words --------------------------------------------------------------------------------------------------------------

    def replace_word(self, written: str) -> str:
        """What stands for a word of a name, with its capitals."""
        surface = INVISIBLE.sub("", written).casefold()
        return fake_names.match_capitals(self._replace_spelling(surface), INVISIBLE.sub("", written))

    def _replace_spelling(self, surface: str) -> str:
        known = self.given.get("spelling", {}).get(surface)
        if known is not None:
            return known
        form = normalise_name(surface).replace(" ", "") or surface
        base = self._replace_form(form, surface)
        ways = [
            *([] if surface != form and fake_names.detect_script(surface) == "LATIN" else [base]),
            *fake_names.list_accent_variants(base),
        ]
        return self.pick(
            "spelling",
            surface,
            lambda attempt: ways[attempt] if attempt < len(ways) else base * (attempt - len(ways) + 2),
        )

    def _replace_form(self, form: str, surface: str) -> str:
        root_of = self.kin.get(form, form)
        base = self.pick("root", root_of, lambda attempt: self._build_root(root_of, attempt))
        script = fake_names.detect_script(surface)

        def build_form(attempt: int) -> str:
            draw = self.draw("form", form, str(attempt))
            word = fake_names.convert_root(base, script, form, draw)
            for _ in range(min(attempt, 1 + attempt // 50)):
                word = fake_names.misspell_word(word, draw)
            return word

        return self.pick("form", form, build_form)

    def _build_root(self, root_of: str, attempt: int) -> str:
        draw = self.draw("root", root_of, str(attempt))
        varied = root_of in self.kin.values()
        while True:
            word = fake_names.build_root(draw, len(root_of))
            if not (varied and self.somebody(word)):
                return word

    def replace_initial(self, letter: str, rest: str, word: str) -> str:
        """What stands for the first letter of a word in a name; `word`: the word, '' unknown; `rest`: the other words."""
        first = self._replace_spelling(word)[:1] if word else ""
        latin = "abcdefghijklmnopqrstuvwxyz"

        def build_initial(attempt: int) -> str:
            if first and not attempt:
                return f"{first}|{rest}"
            draw = self.draw("initial", letter, rest, str(attempt))
            found = draw.choose(latin.replace(letter.casefold(), "")) + ("" if attempt < FULL else draw.choose(latin))
            return f"{found}|{rest}"

        known = self.given.setdefault("initial", {}).get(f"{letter.casefold()} {rest}")
        found = known or self.pick("initial", f"{letter.casefold()} {rest}", build_initial)
        return fake_names.match_capitals(found.partition("|")[0], letter)

    # Places -------------------------------------------------------------------------------------------------------------

    @property
    def moves(self) -> tuple[float, float]:
        """Degrees by which every place of the case is moved, latitude and longitude: distances hardly change, no place is right."""
        draw = self.draw("place", "moved")
        north = (60_000 + draw.choose_number(140_000)) / 100_000 * (1 - 2 * draw.choose_number(2))
        return north, (500_000 + draw.choose_number(16_000_000)) / 100_000 * (1 - 2 * draw.choose_number(2))

    def move(self, degrees: float, axis: int) -> float:
        """Degrees of latitude (axis 0) or longitude (1) moved, and still on the globe: turned back at the poles, round at 180."""
        moved = degrees + self.moves[axis]
        if axis and abs(degrees) <= 180:
            return (moved + 180) % 360 - 180
        return math.copysign(180 - abs(moved), moved) if not axis and abs(degrees) <= 90 < abs(moved) else moved

    def move_degrees(self, text: str, axis: int) -> str:
        """Degrees of one axis as they are written, moved; what is none becomes other signs."""
        made = place_matching.move_degrees(text, axis, self.move)
        return made or fake_identifiers.randomise_signs(text, self.draw("degrees", text))

    def move_places(self, text: str) -> str:
        """What is known to be a place, moved as it is written; what is not read becomes other signs."""
        said = f"position: {text}"
        found = place_matching.find_places(said, self.move)
        if not found:
            return fake_identifiers.randomise_signs(text, self.draw("degrees", text))
        rest = self.replace_rest(said, 0, len(said), mark_places(bytearray(len(said)), found))
        return replace_places(said, sorted((*found, *rest), key=attrgetter("start"))).removeprefix("position: ")

    def replace_rest(self, text: str, start: int, end: int, held: bytearray) -> list[Replacement]:
        """Other figures for those of a position that lie in none of the places found in it (`mark_places`)."""
        left = (run for run in FIGURES.finditer(text, start, end) if not any(held[run.start() : run.end()]))
        return [
            Replacement(*run.span(), fake_identifiers.replace_figures(run[0], self.draw("degrees", run[0])))
            for run in left
        ]

    # Numbers ------------------------------------------------------------------------------------------------------------

    def number(self, kind: str, value: str) -> str:
        """What stands for a number, an account or an address in its canonical form.

        kind : {'telephone', 'iban', 'imei', 'imsi', 'iccid', 'card', 'wallet', 'ip', 'email', 'domain', 'handle', 'cell', 'url',
            'message', 'coordinates', 'shape'}
        """
        if kind == "coordinates":
            return self.move_places(value)
        if kind == "telephone" and value.startswith("+"):
            return "+" + self.number(kind, value[1:])
        known = self.given.get(kind, {}).get(value)
        if known is not None:
            return known
        return self.pick(kind, value, lambda attempt: self._build_fake(kind, value, attempt), key=compact_text)

    def _build_fake(self, kind: str, value: str, attempt: int) -> str:
        """What may stand for a value; figures are put behind it where its form leaves too few others."""
        draw = self.draw(kind, value, str(attempt))
        made = self._build_alike(kind, value, attempt, draw)
        return made + (f"{draw.choose_number(10 ** (attempt // FULL)):0{attempt // FULL}d}" if attempt >= FULL else "")

    def _build_alike(self, kind: str, value: str, attempt: int, draw: Draw) -> str:
        """A value of the same form."""
        if kind == "telephone":
            return fake_identifiers.replace_telephone(value, draw, attempt)
        if kind == "imei":
            return fake_identifiers.replace_handset(value, draw)
        if kind == "cell" and (network := NETWORK.match(value)):
            return network[0] + fake_identifiers.randomise_signs(value[network.end() :], draw)
        if kind in KEPT:
            return fake_identifiers.replace_checked_digits(value, KEPT[kind], draw)
        if kind in WORDED:
            return getattr(self, f"_{kind}")(value, attempt)  # type: ignore[no-any-return]
        makers = {
            "iban": fake_identifiers.replace_iban,
            "wallet": fake_identifiers.replace_wallet,
            "ip": fake_identifiers.replace_ip_address,
        }
        return makers.get(kind, fake_identifiers.randomise_signs)(value, draw)

    def _url(self, value: str, attempt: int) -> str:
        head, slashes, rest = value.rpartition("://")
        host, slash, path = rest.partition("/")
        made = self.replace_host(host) if "." in host else host
        draw = self.draw("url", value, str(attempt))
        told = self._replace_lines(path, draw) if host in MESSENGERS else fake_identifiers.randomise_signs(path, draw)
        return head + slashes + made + slash + told

    def _replace_lines(self, text: str, draw: Draw) -> str:
        """Of an account or link of a messenger: its telephone number as it is replaced everywhere, and other signs for the rest."""
        found = LINE.search(text)
        if not found:
            return fake_identifiers.randomise_signs(text, draw)
        before, behind = (
            fake_identifiers.randomise_signs(one, draw) for one in (text[: found.start()], text[found.end() :])
        )
        return before + self.number("telephone", found[0]) + behind

    def _message(self, value: str, attempt: int) -> str:
        local, at, host = value.strip("<>").rpartition("@")
        made = fake_identifiers.randomise_signs(local or host, self.draw("message", value, str(attempt)))
        return value.replace(value.strip("<>"), made + (at + self.replace_host(host) if local else ""))

    def _email(self, value: str, attempt: int) -> str:
        local, _, host = value.rpartition("@")
        if host in MESSENGERS and LINE.match(local.removeprefix("+")):
            return f"{self._replace_lines(local, self.draw('email', value, str(attempt)))}@{host}"
        return f"{self._handle(local, attempt)}@{self.replace_host(host)}"

    def replace_host(self, value: str) -> str:
        """What stands for the host in an address: one that ends in .example; those of messengers stay."""
        return value if value in MESSENGERS else self.number("domain", value)

    def _domain(self, value: str, attempt: int) -> str:
        name = value.rpartition(".")[0].rpartition(".")[2] or value
        return self._handle(name, attempt) + ".example"

    def _handle(self, value: str, attempt: int) -> str:
        draw = self.draw("handle", value, str(attempt))
        made = RUN.sub(lambda run: self._replace_piece(run[0], draw), value)
        return made + (str(attempt) if attempt else "")

    def _replace_piece(self, run: str, draw: Draw) -> str:
        return (
            fake_identifiers.randomise_signs(run, draw) if run[0].isdigit() or len(run) == 1 else self.replace_word(run)
        )

    def replace_hashes(self, text: str) -> str:
        """A text with UUIDs and hashes replaced by others of the same length."""
        return CODE.sub(lambda found: self.replace_hash(found[0]), text)

    def replace_hash(self, found: str) -> str:
        """A UUID or hexadecimal digits as others of the same length."""
        state = hmac.digest(self.secret, b"code" + found.encode(), "sha256") + hmac.digest(
            self.secret, b"more" + found.encode(), "sha256"
        )
        return str(uuid.UUID(bytes=state[:16])) if "-" in found else state.hex()[: len(found)]

    def bar_words(self, words: Iterable[str]) -> None:
        """Add words and numbers that no token may be."""
        self.barred.update(words)


KEPT = {"imsi": 5, "iccid": 5, "card": 4}
"""Kind of number -> digits at its beginning that stay: country and network, issuer."""
WORDED = frozenset({"email", "domain", "handle", "url", "message"})
