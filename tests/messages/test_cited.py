"""What an imported text follows, where only its first lines say so; and numbers that only look like references."""

from __future__ import annotations

import pytest

from workbench.messages import Message
from workbench.messages.traffic import mail_messages, text_forms
from workbench.messages.triage.threads import find_thread, get_own_reference

HEAD = "FROM: IP MADRID\nTO: IP VALDORRA\nOUR REF: ES-90/26\n\n"


def message(text: str, head: str = HEAD) -> Message:
    (found,) = text_forms.read_messages(head + text)
    assert isinstance(found.message, Message)
    return found.message


@pytest.mark.parametrize(
    ("text", "yours", "others"),
    [
        ("FURTHER TO YOUR MESSAGE QM-2026-7 OF 3 MARCH, NO RECORD.", "QM-2026-7", ()),
        ("With reference to your telex no. 17/26 of 3 March 2026 we tell you:", "17/26", ()),
        ("Please see our message ES-81/26, which is unanswered.", "", ("ES-81/26",)),
        ("Your request (XB/2026/117) and our reply ES-81/26 refer.", "XB/2026/117", ("ES-81/26",)),
        ("Reference QM-2026-7 of IP VALDORRA. The holder is unknown.", "QM-2026-7", ()),
        ("Reference ES-81/26 of IP MADRID. The holder is unknown.", "", ("ES-81/26",)),
        ("Reference QM-2026-7 of 3 March 2026. The holder is unknown.", "", ("QM-2026-7",)),
        ("Suite à votre message n° QM-2026-7 du 3 mars, rien n'est connu.", "QM-2026-7", ()),
        ("Nous rappelons notre demande ES-81/26.", "", ("ES-81/26",)),
        ("En réponse à votre réf. QM-2026-7, le titulaire est inconnu.", "QM-2026-7", ()),
        ("En relación con su oficio número QM-2026-7, el titular es desconocido.", "QM-2026-7", ()),
        ("Reiteramos nuestro mensaje ES-81/26 de 3 de marzo.", "", ("ES-81/26",)),
        ("إشارة إلى رسالتكم رقم QM-2026-7 لا توجد سجلات.", "QM-2026-7", ()),
        ("نذكركم برسالتنا رقم ES-81/26.", "", ("ES-81/26",)),
        ("ردا على برقيتكم ١٧/٢٦ نفيدكم بما يلي:", "17/26", ()),
    ],
)
def test_references_of_the_first_lines_are_followed(text: str, yours: str, others: tuple[str, ...]) -> None:
    found = message(text)
    assert (found.your_ref, found.other_refs) == (yours, others)
    assert found.summary_of_facts == text


@pytest.mark.parametrize(
    "text",
    [
        "Your message of 03/04/2026 has come.",
        "Your message 03/04/2026 has come.",
        "Your message 2026-03-04 has come.",
        "Your request 5/3 has come.",
        "Your message 7 has come.",
        "Your message about passport AB-1234567 has come.",
        "Our letter to QM-2026-7 street has gone.",
        "In our message the telephone +34 600-100-200 stands.",
        "The reference number is unknown; the vehicle has plate 1234-BCD.",
        "Your message ES-90/26 is our own reference.",
        "One.\nTwo.\nThree.\nFour.\nThe bank wrote: your letter QM-2026-7.",
    ],
)
def test_what_only_looks_like_a_reference_is_none(text: str) -> None:
    found = message(text)
    assert (found.your_ref, found.other_refs) == ("", ())


def test_a_field_goes_before_what_the_text_says() -> None:
    found = message("Further to your message QM-2026-8, no record.", HEAD + "YOUR REF: QM-2026-7\n\n")
    assert (found.your_ref, found.other_refs) == ("QM-2026-7", ())


def test_a_letter_by_e_mail_follows_what_its_text_names() -> None:
    taken = mail_messages.read_letter(
        [("From", "IP MADRID <x@y.invalid>"), ("To", "IP VALDORRA <z@y.invalid>")], "Your message QM-2026-7 refers."
    )
    assert isinstance(taken.message, Message) and taken.message.your_ref == "QM-2026-7"
    assert [one.written for one in taken.origins if one.field == "your_ref"] == ["QM-2026-7"]


def test_one_thread_whichever_comes_first() -> None:
    asked = message("Please identify the holder.")
    answer = message("Your message ES-90/26 refers.", "FROM: IP VALDORRA\nTO: IP MADRID\nOUR REF: QM-1\n\n")
    again = message("We remind you of our message ES-90/26.", "TYPE: REMINDER\n" + HEAD.replace("90", "95"))
    assert (answer.your_ref, again.type, again.other_refs) == ("ES-90/26", "reminder", ("ES-90/26",))
    for order in ((asked, answer, again), (again, answer, asked), (answer, asked, again)):
        known: dict[tuple[str, str], str] = {}
        for one in order:
            known[get_own_reference(one)] = find_thread(one, known)
        assert len(set(known.values())) == 1
