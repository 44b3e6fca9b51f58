"""Names of the months as people write them, in the calendars that a case meets."""

from __future__ import annotations

MONTHS = (
    ("january", "jan", "janvier", "janv", "enero", "ene", "januari", "يناير", "كانون الثاني", "جانفي"),
    ("february", "feb", "février", "fevrier", "févr", "febrero", "februari", "فبراير", "شباط", "فيفري"),
    ("march", "mar", "mars", "marzo", "maart", "mrt", "مارس", "اذار"),
    ("april", "apr", "avril", "avr", "abril", "abr", "ابريل", "نيسان", "افريل"),
    ("may", "mai", "mayo", "mei", "مايو", "ايار", "ماي"),
    ("june", "jun", "juin", "junio", "juni", "يونيو", "يونيه", "حزيران", "جوان"),
    ("july", "jul", "juillet", "juil", "julio", "juli", "يوليو", "يوليه", "يوليوز", "تموز", "جويليه"),
    ("august", "aug", "août", "aout", "agosto", "ago", "augustus", "اغسطس", "اب", "اوت", "غشت"),
    ("september", "sept", "sep", "septembre", "septiembre", "setiembre", "سبتمبر", "ايلول", "شتنبر"),
    ("october", "oct", "octobre", "octubre", "okt", "oktober", "اكتوبر", "تشرين الاول"),
    ("november", "nov", "novembre", "noviembre", "نوفمبر", "تشرين الثاني", "نونبر"),
    ("december", "dec", "décembre", "diciembre", "dic", "déc", "ديسمبر", "كانون الاول", "دجنبر"),
)
"""Gregorian months in English, French, Spanish, Dutch and Arabic (Egypt and the Gulf, the Levant, the Maghreb).

Arabic is written here as `normalise.LETTERS` folds it: no hamza on alef, h for the closed t.
"""
HIJRI = (
    "محرم", "صفر", "ربيع الاول", "ربيع الاخر", "ربيع الثاني", "جمادي الاولي", "جمادي الاخره", "جمادي الثانيه", "رجب", "شعبان", "رمضان",
    "شوال", "ذو القعده", "ذي القعده", "ذو الحجه", "ذي الحجه", "muharram", "safar", "rajab", "shaban", "sha'ban", "ramadan",
    "ramadán", "shawwal", "chaoual", "dhu al-qada", "dhu al-hijja", "dhou al-hijja",
)  # fmt: skip
"""Months of the Islamic calendar. They begin with the sight of the moon, so a day of theirs is no day of ours for certain."""
