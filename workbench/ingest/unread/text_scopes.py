"""Where in a structured file, by its reader, people have their say: not in what programs write of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """Names whose values are looked at. Names of attributes begin with '@'.

    Attributes
    ----------
    passed : frozenset of str
        Names that are passed over: kinds, keys, ids, moments, looks.
    attributes : frozenset of str, optional
        The only attributes that are looked at, without their '@'; None: all.
    stock : frozenset of str
        Texts that a program writes.
    """

    passed: frozenset[str] = field(default_factory=frozenset)
    attributes: frozenset[str] | None = None
    stock: frozenset[str] = field(default_factory=frozenset)

    def is_in_scope(self, name: str, text: str) -> bool:
        """Whether a value of this name is looked at."""
        if text in self.stock:
            return False
        if self.attributes is not None and name.startswith("@"):
            return name[1:] in self.attributes
        return name not in self.passed


SCOPES: dict[str, Scope] = {
    "telegram": Scope(
        frozenset({"type", "date", "date_unixtime", "edited", "edited_unixtime", "from_id", "actor_id", "mime_type"})
        | {"media_type", "thumbnail"},
        stock=frozenset({"(File not included. Change data exporting settings to download.)"}),
    ),
    "telegram-page": Scope(
        frozenset({"script", "style"}),
        frozenset({"title", "alt", "href"}),
        frozenset({"Exported Data", "In reply to", "this message"}),
    ),
    "signal": Scope(
        frozenset({"contentType", "profileKey", "masterKey", "aci", "pni", "key", "digest", "iv", "cdnKey", "localKey"})
        | {"mediaRootBackupKey", "identityKey", "backupTimeMs", "wallpaperPreset", "avatarUrlPath"},
        stock=frozenset({"Me"}),
    ),
    "ufed": Scope(frozenset({"item"}), frozenset()),
    "ftm-statements": Scope(
        frozenset({"id", "canonical_id", "entity_id", "prop", "prop_type", "schema", "lang", "external"})
        | {"first_seen", "last_seen"}
    ),
    "anx": Scope(
        frozenset(),
        frozenset(
            {"Label", "Text", "Description", "Identity", "Value", "Name", "Comment", "Summary", "Title", "Author"}
        )
        | {
            "Keywords",
            "Subject",
            "Category",
            "SourceReference",
            "SourceType",
            "DateTimeDescription",
            "Prefix",
            "Suffix",
        }
        | {"GradeOneReference", "GradeTwoReference", "GradeThreeReference", "Data", "ToolTip", "Caption"},
    ),
    "kml": Scope(
        frozenset({"styleUrl", "altitudeMode", "colorMode", "key", "listItemType", "refreshMode", "viewRefreshMode"})
        | {"coordinates", "coord", "when", "begin", "end", "@id", "@targetId", "@schemaLocation", "@type", "@schemaUrl"}
    ),
    "gpx": Scope(frozenset({"time", "@schemaLocation", "@creator", "@version"})),
    "camt": Scope(frozenset({"Cd", "CdtDbtInd", "Sts", "Dt", "DtTm", "@Ccy", "@schemaLocation"})),
    "geojson": Scope(frozenset({"type"})),
}
