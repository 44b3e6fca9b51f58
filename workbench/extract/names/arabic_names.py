"""Names in Arabic by rule: lists of names and places, titles, and the words that begin the name of a firm or an office.

Arabic has no capitals, and writes 'and', 'in', 'for' in one with the word that follows; what is a name must be told by lists
and by the words around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.extract.extraction_method import Span
from workbench.extract.names import gazetteer
from workbench.model.text import given_names
from workbench.model.text.normalise import MARKS, NO_MARKS, normalise_name

PERSON, ORGANISATION, PLACE = "Person", "Organization", "Address"
WORD = re.compile(rf"[\u0621-\u064a{MARKS}]+")
CLITICS = "وفبل"
"""And, so, in, for: written in one with the word that follows."""
ON = frozenset(("على", *(f"{clitic}على" for clitic in CLITICS)))
"""'On', and with what is written in one with it: compared, it would be the name Ali."""


def _normalise_words(words: str) -> frozenset[str]:
    """Words in their compared form."""
    return frozenset(map(normalise_name, words.split()))


SON = _normalise_words("بن ابن بنت ولد آل")
FATHER = _normalise_words("أبو أبا أبي أم")
SERVANT = normalise_name("عبد")
TITLES = _normalise_words(
    "السيد السيدة الدكتور الدكتورة المهندس المهندسة الأستاذ الأستاذة الشيخ الحاج الحاجة العقيد النقيب الرائد "
    "الملازم المقدم العميد اللواء الرقيب العريف المدعو المدعوة المسمى المسماة الأمير الأميرة الإمام"
)
"""Before a name, whatever the name."""
ROLES = _normalise_words(
    "الشاهد الشاهدة المتهم المتهمة المشتبه به بها القاضي المحامي المحامية الموقوف الموقوفة الضحية المحقق المفتش "
    "التاجر السائق صاحب زوجة زوج شقيق شقيقة شقيقها شقيقه أخ أخت ابنه ابنها صديقتها صديقه صديقها قال قالت ذكر ذكرت"
)
"""Before a name that the lists know."""
FIRMS = _normalise_words(
    "شركة مؤسسة بنك مصرف وزارة مجموعة مكتب جمعية منظمة هيئة مدرسة جامعة مستشفى محكمة مديرية نقابة حزب معهد صندوق "
    "اتحاد وكالة سفارة قنصلية"
)
OFFICES = _normalise_words("الإنتربول الانتربول اليوروبول يوروبول الجمارك")
RIVERS = _normalise_words("دجلة الفرات النيل بردى الأطلس الأرز الخليج الرافدين")
ROADS = _normalise_words("شارع حي ميناء مطار مخيم ساحة جسر ميدان")
"""Begin the name of a place, and are part of it."""
SETTLEMENTS = _normalise_words("مدينة محافظة قرية بلدة ولاية إمارة")
"""Stand before a place without being part of its name."""
NEAR_PLACES = _normalise_words(
    "في من إلى الى عبر نحو بين خارج داخل قرب باتجاه مدينة محافظة قرية بلدة السلطات ميناء مطار وسط شمال جنوب شرق غرب "
    "زار مولود"
)
NEAR_PERSONS = _normalise_words(
    "إلى الى مع عن من على التقى قابل سأل سألت اتصل أوقفت اعترف رأى أرسل أرسلت وقع تسلم طلب طلبت هربت اشترى شقيقها "
    "شقيقه لابنه صديقتها زوجها أخيها والده والدها يدعى تدعى اسمه اسمها سافرت سافر أن أنّ"
)
COMMON = _normalise_words(
    "سعيد كريم سالم جمال أمل نور عمر ناصر صالح وليد سلام هند رشيد حسن خالد عادل شريف صادق كامل أمين منير عزيز مبارك "
    "جميل كمال قمر بدر نجم سيف مالك طالب غالب هادي حكيم وحيد فريد فلاح رفيق صديق حبيب حامد رجاء دعاء وفاء هناء ثناء "
    "صفاء حياة نجاة أحلام آمال إيمان إلهام سلطان أمير جواد نصر سعد منى ندى هدى ذكرى بشرى زهرة مي جود علي رضا فاضل "
    "لطيف مجيد جابر بشير مراد جهاد أسد ليث سحر غدير رائد العربي الهادي الطاهر حنان كوثر إخلاص باسم"
)
"""Given names that are also words: alone they count only where the word before says that a person follows."""
ADJECTIVES = _normalise_words(
    "الماضي الحالي التالي الثاني الشرعي المدني العسكري الأمني الجنائي القضائي القانوني المالي الدولي المحلي الوطني "
    "الرئيسي الأصلي الرسمي الشخصي الداخلي الخارجي الإلكتروني الصحي الاجتماعي السياسي التجاري الصناعي الزراعي "
    "العقاري الجوي البحري البري اليومي الأسبوعي الشهري السنوي الأسبوع العربي الإسلامي الشرقي الغربي الشمالي الجنوبي "
    "الليلي القوي الغالي العالي الأهلي النهائي المركزي السري الخلفي الأمامي الثانوي الابتدائي الأراضي الأيدي القاضي "
    "المحامي الكراسي الليالي المواشي التوالي الأعلى الباقي المستشفي المبني الملهي المقهي المرسي المسعي الأقصي "
    "المدعي المدعية المشتكي المشتكية الجاني المعني المعنية المشتري البنكي المصرفي الهاتفي الجزائي الضريبي الجمركي "
    "الإداري الطبي الرقمي الاحتياطي النيابي التحضيري الإجرامي الإرهابي المتبقي"
)
"""Words with the ending of origin that are no name."""
WORDS_BEFORE = _normalise_words(
    "في من إلى الى على عن مع عبر بعد قبل عند لدى حتى منذ خلال كل بعض غير بين تحت فوق أمام خلف هذا هذه ذلك تلك أن إن "
    "كان كانت قال قالت وقد ثم أو ما لا لم لن هل قد هو هي يوم شهر عام سنة مركز قسم مدير رئيس نائب وزير فريق مجلس باب "
    "بيت دار"
)
"""Words that stand before such a word without being a name."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its place, its compared form, and that form without the particle that is written in one with it.

    `definite`: whether it has the article; `origin`: whether it has the article and the ending of a tribe or a town.
    """

    start: int
    end: int
    form: str
    bare: str
    definite: bool
    origin: bool

    @property
    def cut(self) -> int:
        """Where the bare word begins."""
        return self.start + (self.form != self.bare)


Found = tuple[Span, str, float]


def find_names(text: str) -> Iterator[Found]:
    """Names in a text: place, schema, confidence; in order, none overlapping."""
    words = [_build_word(match) for match in WORD.finditer(text)]
    taken: list[Span] = []
    found: list[Found] = []
    for step in (_find_organisations, _find_roads, _find_persons, _find_places):
        for span, schema, confidence in step(text, words):
            if not any(span.has_overlap(other) for other in taken):
                taken.append(span)
                found.append((span, schema, confidence))
    yield from sorted(found, key=lambda item: item[0].start)


def _build_word(match: re.Match[str]) -> Word:
    form = match[0] if match[0] in ON else normalise_name(match[0])
    bare = (
        form[1:]
        if len(form) > 3 and form[0] in CLITICS and not _is_name_start(form) and _is_name_start(form[1:])
        else form
    )
    written = NO_MARKS.sub("", match[0])
    definite = written.startswith(("ال", "لل", "وال", "بال")) and len(written) > 4
    origin = (
        written.startswith("ال")
        and len(written) > 4
        and written.endswith(("ي", "ية"))
        and form not in ADJECTIVES | ROLES
    )
    return Word(match.start(), match.end(), form, bare, definite, origin)


def _is_name_start(form: str) -> bool:
    """Whether a compared form begins a name of any kind."""
    lists = (
        given_names.load_arabic_names(),
        FIRMS,
        OFFICES,
        ROADS,
        FATHER,
        TITLES,
        ROLES,
        gazetteer.load_first_words("ar"),
        {SERVANT},
    )
    return any(form in known for known in lists)


def _is_adjacent(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether nothing but a space stands between a word and the one before it."""
    return 0 < at < len(words) and text[words[at - 1].end : words[at].start].strip(" ") == ""


def _find_organisations(text: str, words: Sequence[Word]) -> Iterator[Found]:
    """'شركة النور للاستيراد': a head, one word, and what goes on with the article."""
    for at, word in enumerate(words):
        if word.bare in OFFICES:
            yield Span(word.cut, word.end), ORGANISATION, 0.7
        elif word.bare in FIRMS:
            end = _match_name_tail(text, words, at + 1)
            if end > at + 1:
                yield Span(word.cut, words[end - 1].end), ORGANISATION, 0.8


def _match_name_tail(text: str, words: Sequence[Word], at: int) -> int:
    """Index behind the words that make a name with the head before them; `at` if there are none."""
    if not _is_adjacent(text, words, at):
        return at
    first = words[at].form
    follows = at + 1 < len(words) and _is_adjacent(text, words, at + 1) and words[at + 1].definite
    if (
        not (words[at].definite or first in RIVERS or first in given_names.load_arabic_names() or follows)
        or first in NEAR_PLACES
    ):
        return at
    end = at + 1
    while end < len(words) and end - at < 5 and _is_adjacent(text, words, end) and words[end].definite:
        if words[end - 1].form.startswith("لل") and not words[end].form.startswith("و"):
            break
        end += 1
    return end


def _find_roads(text: str, words: Sequence[Word]) -> Iterator[Found]:
    for at, word in enumerate(words[:-1]):
        if (
            word.bare in ROADS
            and _is_adjacent(text, words, at + 1)
            and (words[at + 1].definite or _match_place(text, words, at + 1))
        ):
            size = max(1, _match_place(text, words, at + 1))
            yield Span(word.cut, words[at + size].end), PLACE, 0.8


def _find_persons(text: str, words: Sequence[Word]) -> Iterator[Found]:
    at = 0
    while at < len(words):
        end, confidence = _match_person(text, words, at)
        if end > at:
            yield Span(words[at].cut, words[end - 1].end), PERSON, confidence
        at = max(end, at + 1)


def _match_person(text: str, words: Sequence[Word], at: int) -> tuple[int, float]:
    """Index behind the name that begins with a word (the word's own if none does), and how sure it is."""
    word = words[at]
    before = words[at - 1].bare if _is_adjacent(text, words, at) else ""
    titled = before in TITLES and word.form not in TITLES | ROLES
    start = _match_given_name(text, words, at)
    if start == at and not titled and _has_origin_after(text, words, at):
        return _extend_name(text, words, at + 1), 0.5
    if start == at and not (titled and not word.definite):
        return at, 0.0
    end = _extend_name(text, words, max(start, at + 1))
    if titled or (before in ROLES and start > at):
        return end, 0.85
    if end > at + 1:
        return end, 0.8
    told = before in NEAR_PERSONS or (word.form != word.bare and word.form[0] == "و" and at > 0)
    return (end, 0.6) if word.bare not in COMMON or told else (at, 0.0)


def _has_origin_after(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether an unknown word is followed by a name of origin or tribe: an unknown given name, most likely."""
    word = words[at]
    if (
        word.definite
        or len(word.form) < 3
        or word.form != word.bare
        or _is_name_start(word.form)
        or word.form in WORDS_BEFORE
    ):
        return False
    return _is_adjacent(text, words, at + 1) and words[at + 1].origin and words[at + 1].form.endswith("ي")


def _match_given_name(text: str, words: Sequence[Word], at: int) -> int:
    """Index behind the given name that begins here: one word, or two as in 'أبو خالد', 'عبد الرحمن'."""
    form = words[at].bare
    second = words[at + 1].form if _is_adjacent(text, words, at + 1) else ""
    if form == SERVANT and second.startswith("ال") and len(second) > 3:
        return at + 2
    if form in FATHER and second and second not in NEAR_PLACES:
        return at + 2 if second in given_names.load_arabic_names() else at
    return at + 1 if form in given_names.load_names("arabic", "men", "women") else at


def _extend_name(text: str, words: Sequence[Word], end: int) -> int:
    """Index behind the further parts of a name: 'بن' with a name, given names, families, names of origin."""
    while _is_adjacent(text, words, end):
        form = words[end].form
        if form in SON and _is_adjacent(text, words, end + 1):
            end = max(
                end + 2, _match_given_name(text, words, end + 1) if words[end + 1].bare == words[end + 1].form else 0
            )
        elif form in given_names.load_arabic_names() or (
            form in (SERVANT, *FATHER) and _match_given_name(text, words, end) > end
        ):
            end = max(end + 1, _match_given_name(text, words, end))
        elif words[end].origin:
            end += 1
        else:
            break
    return end


def _find_places(text: str, words: Sequence[Word]) -> Iterator[Found]:
    at, after = 0, False
    while at < len(words):
        size = _match_place(text, words, at)
        before = words[at - 1].bare if _is_adjacent(text, words, at) else ""
        name = " ".join(word.form if i else word.bare for i, word in enumerate(words[at : at + size]))
        clitic = words[at].form != words[at].bare
        told = before in NEAR_PLACES | SETTLEMENTS or (clitic and (words[at].form[0] in "بل" or after))
        if size and (told or name not in gazetteer.load_ambiguous_places("ar")):
            yield Span(words[at].cut, words[at + size - 1].end), PLACE, 0.8 if told else 0.6
            at, after = at + size, True
        else:
            at, after = at + 1, False


def _match_place(text: str, words: Sequence[Word], at: int) -> int:
    """Words of the longest known place that begins here, 0 if none."""
    for size in range(min(gazetteer.count_longest_name("ar"), len(words) - at), 0, -1):
        name = " ".join(word.form if i else word.bare for i, word in enumerate(words[at : at + size]))
        if name in gazetteer.load_places("ar") and all(_is_adjacent(text, words, at + i) for i in range(1, size)):
            return size
    return 0
