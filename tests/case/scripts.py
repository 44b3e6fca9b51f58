"""A small case in three scripts: names in Arabic and Cyrillic letters beside Latin ones. All of it is invented."""

from __future__ import annotations

from pathlib import Path

CHAT = """
Conversations found on device 01 Phone A (evidence trace aaaa-1) used by custodian Ada Brook (evidence trace aaaa-1:0-1)
WhatsApp conversation about 447700900101@s.whatsapp.net containing 6 messages between 2 participants (evidence trace aaaa-1:0-2)
2024-03-01T09:00:00 | From: Ada Brook | To: سالم الفاسي | Message: The container leaves on Friday night
2024-03-01T09:05:00 | From: سالم الفاسي | To: Ada Brook | Message: لن تصل الحاوية قبل يوم الثلاثاء، أخبر Олег
2024-03-01T09:07:00 | From: Ada Brook | To: سالم الفاسي | Message: (ok) من قال هذا؟
2024-03-02T21:10:00 | From: Ada Brook | To: Олег Баринов | Message: Call +44 7700 900123
2024-03-02T21:12:00 | From: Олег Баринов | To: Ada Brook | Message: Груз уже в порту.
2024-03-02T21:20:00 | From: سالم الفاسي | To: محمد بن يوسف الحربي | Message: Berth 14
2024-03-02T21:22:00 | From: محمد بن يوسف الحربي | To: سالم الفاسي | Message: تمام
2024-03-02T21:30:00 | From: محمد بن يوسف الحربي | To: Олег Баринов | Message: تم
2024-03-02T21:40:00 | From: Ada Brook | To: Γιώργος Παπαδόπουλος | Message: the crane is ready
2024-03-02T21:41:00 | From: Ada Brook | To: José Núñez | Message: the crane is ready
"""
PERSONS = """id;name;born;note
1;Salim al-Fassi;1981-04-02;
2;حسن علي;1990-01-01;
3;حسين علي;1991-01-01;
4;Олег Баринов;1975-05-05;
"""


def write(folder: Path) -> Path:
    """Write the material below a folder; returns where it lies."""
    place = folder / "scripts"
    place.mkdir()
    (place / "chats.txt").write_text(CHAT, "utf-8")
    (place / "persons.csv").write_text(PERSONS, "utf-8")
    return place
