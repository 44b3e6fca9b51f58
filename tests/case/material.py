"""A small case written by the tests: two phones that hold copies of each other's messages."""

from __future__ import annotations

from pathlib import Path

CHAT = """
Conversations found on device 01 Phone A (evidence trace aaaa-1) used by custodian Ada Brook (evidence trace aaaa-1:0-1)
WhatsApp conversation about 447700900101@s.whatsapp.net containing 4 messages between 2 participants (evidence trace aaaa-1:0-2)
2024-03-01T09:00:00 | From: Ada Brook | To: Ben Carver (Benny) | Message: The container leaves on Friday night
2024-03-01T09:05:00 | From: Ben Carver (Benny) | To: Ada Brook | Message: Call +44 7700 900123 or write to ben@carver.example
2024-03-02T21:10:00 | From: Ben Carver (Benny) | To: Ada Brook | Message: Pay Cleo Dunn, IBAN GB82 WEST 1234 5698 7654 32
2024-03-02T21:12:00 | From: Ada Brook | To: Ben Carver (Benny) | Message: Done.
Second line of the same message.
Conversations found on device 02 Phone B (evidence trace bbbb-2) used by custodian Ben Carver (evidence trace bbbb-2:0-1)
WhatsApp conversation about 447700900102@s.whatsapp.net containing 3 messages between 2 participants (evidence trace bbbb-2:0-2)
2024-03-01T09:00:00 | From: 447700900102@s.whatsapp.net (AB) | To: Ben Carver | Message: The container leaves on Friday night
2024-03-01T09:05:00 | From: Ben Carver | To: 447700900102@s.whatsapp.net (AB) | Message: Call +44 7700 900123 or write to ben@carver.example
2024-03-03T08:00:00 | From: Ben Carver | To: Cleo Dunn | Message: Did the money arrive?
"""


def write(folder: Path) -> Path:
    """Write the material below a folder; returns where it lies."""
    place = folder / "material"
    place.mkdir()
    (place / "chats.txt").write_text(CHAT, "utf-8")
    (place / "note.md").write_text(
        "# Report 7\n\nCleo Dunn was seen at the harbour with a grey van, plate AB12 CDE.\n", "utf-8"
    )
    (place / "broken.bin").write_bytes(bytes(range(256)) * 4)
    return place
