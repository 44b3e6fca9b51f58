"""Small writers of telephone reports for tests: one list of records as report.xml, as .ufdr, and as a workbook."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from html import escape

NAMESPACE = "http://pa.cellebrite.com/report/2.0"
ROSA, ADA = "447700900123@s.whatsapp.net", "447700900456@s.whatsapp.net"


@dataclass
class Model:
    """A record: its type, fields, lists and records within."""

    type: str
    fields: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[Model]] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    id: str = ""
    deleted: str = "Intact"
    confidence: str = "High"


def party(identifier: str, name: str = "", role: str = "", *, owner: bool = False) -> Model:
    fields = {"Identifier": identifier, "Name": name, "Role": role, "IsPhoneOwner": "True" if owner else "False"}
    return Model("Party", {key: value for key, value in fields.items() if value})


def message(who: Model, text: str, at: str, number: str, **more: object) -> Model:
    return Model(
        "InstantMessage",
        {"Source": "WhatsApp", "Body": text, "TimeStamp": at},
        {"From": [who], **more.pop("parts", {})},  # type: ignore[dict-item]
        id=number,
        **more,  # type: ignore[arg-type]
    )


FACTS = {
    "Device Info": [
        ("DeviceInfoDetectedPhoneVendor", "Nokoni"), ("DeviceInfoDetectedPhoneModel", "N9"), ("IMEI", "490154203237518"),
        ("ICCID", "8944110068256270054"), ("IMSI", "234101234567890"), ("MSISDN", "+447700900456"),
        ("DeviceInfoOwnerName", "Ada's iPhone"),
    ],
    "Extraction Data": [("DeviceInfoExtractionStartDateTime", "2022-07-20T10:00:00.000+00:00")],
}  # fmt: skip
CASE = [("Case number", "HB-7"), ("Evidence number", "EX-12"), ("Device owner", "Ada Winter")]
OWN, OTHER = party(ADA, "Ada", owner=True), party(ROSA, "Rosa Blum")

MODELS = [
    Model("Call", {"Source": "Phone", "Direction": "Outgoing", "TimeStamp": "2022-07-13T12:00:00.000+00:00", "Duration": "00:01:02"},
          {"Parties": [party("+447700900123", "Rosa Blum", "To")]}, id="c1"),
    Model("Call", {"Source": "Phone", "Type": "Missed", "TimeStamp": "2022-07-13T12:10:00+02:00", "Duration": "00:00:00"},
          {"Parties": [party("07700900789", "", "From")]}, id="c2", deleted="Deleted", confidence="Medium"),
    Model("Chat", {"Source": "WhatsApp", "Id": ROSA}, {
        "Participants": [OWN, OTHER],
        "Messages": [
            message(OTHER, "Where are you?", "2022-07-13T12:24:24.000+00:00", "m1"),
            message(OWN, "At the port", "2022-07-13T12:25:00.000+00:00", "m2", deleted="Deleted"),
            message(OTHER, "", "2022-07-13T12:26:00.000+00:00", "m3",
                    parts={"Attachments": [Model("Attachment", {"Filename": "contract.pdf", "ContentType": "application/pdf"})]}),
            message(party("System Message"), "Rosa changed the subject", "2022-07-13T12:27:00.000+00:00", "m4"),
        ],
    }, id="k1"),
    Model("SMS", {"Source": "Phone", "Folder": "Inbox", "Body": "Come", "TimeStamp": "2022-07-14T08:00:00.000+00:00"},
          {"Parties": [party("+447700900123", "Rosa Blum", "From")]}, id="s1"),
    Model("SMS", {"Source": "Phone", "Folder": "Sent", "Body": "On my way", "TimeStamp": "2022-07-14T08:01:00.000+00:00"},
          {"Parties": [party("+447700900123", "Rosa Blum", "To")]}, id="s2"),
    Model("Contact", {"Name": "Rosie", "Source": "Phone"}, {"Entries": [
        Model("PhoneNumber", {"Category": "Mobile", "Value": "+447700900123"}),
        Model("EMailAddress", {"Category": "Home", "Value": "Rosa@Example.org"}),
        Model("UserID", {"Category": "WhatsApp User Id", "Value": ROSA}),
    ]}, {"Notes": ["met at the port", "owes money"]}, id="p1"),
    Model("UserAccount", {"Name": "Ada", "Username": "ada.winter", "ServiceType": "Instagram"}, id="u1"),
    Model("Email", {"Subject": "Invoice", "Body": "<p>See <b>attached</b></p>", "TimeStamp": "2022-07-15T09:00:00.000+00:00",
                    "Source": "Mail"},
          {"From": [party("rosa@example.org", "Rosa Blum")], "To": [party("ada@example.org")]}, id="e1"),
    Model("Location", {"TimeStamp": "2022-07-13T12:00:00.000+00:00", "Category": "GPS", "LocationOrigin": "Device",
                       "Precision": "12.5"},
          {"Position": [Model("Coordinate", {"Latitude": "52.4", "Longitude": "4.6", "Elevation": "3"})]}, id="l1"),
    Model("SIMData", {"Name": "IMSI", "Value": "234101234567890"}, id="i1"),
    Model("Note", {"Title": "List", "Body": "rope, tape"}, id="n1"),
    Model("InstalledApplication", {"Name": "Harbour Maps", "Version": "1.2", "Identifier": "org.example.maps"}, id="a1"),
    Model("WirelessNetwork", {"SSId": "PortCafe", "BSSId": "00:11:22:33:44:55"}, id="w1"),
    Model("DroneFlight", {"Pilot": "Rosa Blum", "Height": "120"}, id="d1"),
]  # fmt: skip


def xml(
    models: list[Model], facts: dict[str, list[tuple[str, str]]] = FACTS, case: list[tuple[str, str]] = CASE
) -> str:
    """The records as report.xml."""
    kinds = dict.fromkeys(model.type for model in models)
    decoded = "".join(
        f'<modelType type="{kind}">{"".join(_model(one) for one in models if one.type == kind)}</modelType>'
        for kind in kinds
    )
    sections = "".join(
        f'<metadata section="{section}">'
        + "".join(f'<item name="{name}"><![CDATA[{value}]]></item>' for name, value in items)
        + "</metadata>"
        for section, items in facts.items()
    )
    told = "".join(f'<field name="{name}">{escape(value)}</field>' for name, value in case)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><project id="p" name="Nokoni N9" reportVersion="7.50" xmlns="{NAMESPACE}">'
        f'<sourceExtractions><extractionInfo id="0" name="Logical" type="Logical"/></sourceExtractions>'
        f"<caseInformation>{told}</caseInformation>{sections}"
        '<taggedFiles><file id="f" path="/x.jpg"><metadata section="File"><item name="Local Path">files/x.jpg</item></metadata>'
        f"</file></taggedFiles><decodedData>{decoded}</decodedData></project>"
    )


def _model(one: Model) -> str:
    fields = "".join(
        f'<field name="{name}" type="String"><value type="String"><![CDATA[{value}]]></value></field>'
        for name, value in one.fields.items()
    )
    parts = "".join(
        f'<modelField name="{name}" type="Party">{_model(inner[0])}</modelField>' if name in ("From", "Position")
        else f'<multiModelField name="{name}" type="x">{"".join(map(_model, inner))}</multiModelField>'
        for name, inner in one.parts.items()
    )  # fmt: skip
    lists = "".join(
        f'<multiField name="{name}" type="String">{"".join(f"<value>{escape(v)}</value>" for v in values)}</multiField>'
        for name, values in one.lists.items()
    )
    return (
        f'<model type="{one.type}" id="{one.id}" deleted_state="{one.deleted}" decoding_confidence="{one.confidence}"'
        f' extractionId="0">{fields}<field name="Empty" type="String"><empty/></field>{parts}{lists}</model>'
    )


def ufdr(report: str, files: dict[str, bytes] | None = None) -> bytes:
    """The report with files in a package."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("report.xml", report)
        for name, data in (files or {}).items():
            package.writestr(name, data)
    return made.getvalue()


WORKBOOK: dict[str, list[list[object]]] = {
    "Summary": [["Extraction summary"], ["#", "Name", "Value"], [1, "Device owner", "Ada Winter"], [2, "Evidence number", "EX-12"]],
    "Device Info": [
        ["#", "Name", "Value"], [1, "Detected Phone Vendor", "Nokoni"], [2, "Detected Phone Model", "N9"],
        [3, "IMEI", "490154203237518"], [4, "MSISDN", "+447700900456"],
    ],
    "Call Log (2)": [
        ["Call Log (2)"],
        ["#", "Parties", "Date", "Time", "Duration", "Direction", "Source", "Deleted"],
        [1, "To: +447700900123 Rosa Blum", "13/07/2022", "13/07/2022 12:00:00(UTC+0)", "00:01:02", "Outgoing", "Phone", ""],
        [2, "From: 07700900789", "13/07/2022", "13/07/2022 12:10:00(UTC+2)", "00:00:00", "Missed", "Phone", "Yes"],
    ],
    "Chats": [
        ["#", "Chat #", "Identifier", "Participants", "From", "Body", "Timestamp: Time", "Attachment #1", "Source", "Deleted"],
        [1, 1, ROSA, f"{ADA} Ada (owner)\n{ROSA} Rosa Blum", f"{ROSA} Rosa Blum", "Where are you?",
         "13/07/2022 12:24:24(UTC+0)", "", "WhatsApp", ""],
        [2, 1, "", "", f"{ADA} Ada (owner)", "At the port", "13/07/2022 14:25:00(UTC+2)", "", "", "Yes"],
        [3, 1, "", "", f"{ROSA} Rosa Blum", "", "13/07/2022 12:26:00(UTC+0)", "contract.pdf", "", ""],
    ],
    "SMS Messages": [
        ["#", "Folder", "Party", "Time", "Message", "Source"],
        [1, "Inbox", "From: +447700900123 Rosa Blum", "14/07/2022 08:00:00(UTC+0)", "Come", "Phone"],
        [2, "Sent", "To: +447700900123 Rosa Blum", "14/07/2022 08:01:00(UTC+0)", "On my way", "Phone"],
    ],
    "Contacts": [
        ["#", "Name", "Entries", "Source", "Notes"],
        [1, "Rosie", f"Phone-Mobile: +447700900123\nEmail-Home: Rosa@Example.org\nUser ID-WhatsApp User Id: {ROSA}", "Phone",
         "met at the port"],
    ],
    "Locations": [["#", "Time", "Position", "Category"], [1, "13/07/2022 12:00:00(UTC+0)", "(52.4, 4.6)", "GPS"]],
    "Timeline": [["#", "Type"], [1, "Call"]],
    "Drone Flights": [["#", "Pilot", "Time", "Source"], [1, "Rosa Blum", "13/07/2022 12:00:00(UTC+0)", "Drone"]],
}  # fmt: skip


def workbook(sheets: dict[str, list[list[object]]] | None = None) -> bytes:
    """The sheets as an XLSX file."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in (WORKBOOK if sheets is None else sheets).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
