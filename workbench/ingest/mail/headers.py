"""Header fields of e-mail, bounded before the standard library sees them: its parser takes a square of their length.

References
----------
RFC 5322, 2.1.1: a line has 998 characters at most; 3.4: lists of addresses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from email.policy import EmailPolicy
from typing import Any

from workbench.ingest.mail.encodedwords import replace_charsets

MOST = 100_000
"""Characters of all fields of one name that are read together; the rest is left out and reported."""
ADDRESSES = 10_000
"""Addresses of a message that are read, of all its fields together."""
MOST_OF_CONTENT = 8_192
"""Characters of a field that says what a part is: its type, its name, its encoding."""
AT_ONCE = 4_096
"""Characters of a list of addresses that are parsed together."""
ADDRESSED = frozenset({
    "from", "to", "cc", "bcc", "sender", "reply-to", "resent-from", "resent-to", "resent-cc", "resent-bcc", "resent-sender",
    "resent-reply-to",
})  # fmt: skip
"""Fields that are lists of addresses."""
DATED = frozenset({"date", "resent-date", "orig-date", "expiry-date"})
"""Fields whose year the library writes anew: they are read as written (`time_zones.parse_mail_date`)."""
COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,', re.DOTALL)


class BoundedPolicy(EmailPolicy):
    """How messages of strangers are parsed: as by default, but no field is looked at beyond a bound."""

    def header_fetch_parse(self, name: str, value: str) -> Any:  # noqa: ANN401 - as the library has it
        """A field, parsed; of a long one the beginning."""
        if len(value) > MOST_OF_CONTENT and not hasattr(value, "name"):
            value = value[: MOST_OF_CONTENT if name.lower().startswith(("content-", "mime-")) else MOST]
        return super().header_fetch_parse(name, value if hasattr(value, "name") else replace_charsets(value))


BOUNDED = BoundedPolicy()


def read_field(name: str, raw: str) -> str:
    """Text of a header field: parsed, and of a long list of addresses piece by piece. Raises what the e-mail package raises."""
    if name.lower() in DATED:
        return raw[:MOST_OF_CONTENT]
    if name.lower() not in ADDRESSED or len(raw) <= AT_ONCE:
        return str(BOUNDED.header_fetch_parse(name, raw))
    return ", ".join(str(BOUNDED.header_fetch_parse(name, piece)).strip(" ,") for piece in _split_addresses(raw[:MOST]))


def limit_fields(fields: Iterable[str]) -> Iterator[str]:
    """Fields of one name, as far as they are read: however many they are, no more of them than of one that is long."""
    left = MOST
    for raw in fields:
        if left <= 0:
            return
        yield raw[:left]
        left -= max(len(raw), 1)


def is_cut(fields: Iterable[tuple[str, str]]) -> bool:
    """Whether the fields of some name, given by name and text, are longer together than what is read of them."""
    sizes: Counter[str] = Counter()
    for name, raw in fields:
        sizes[name.lower()] += len(raw)
    return any(size > MOST for size in sizes.values())


def _split_addresses(raw: str) -> Iterator[str]:
    """A long list of addresses, cut at commas outside quotes; where there is none for too long, anywhere."""
    start = 0
    while len(raw) - start > AT_ONCE:
        commas = [found.end() for found in COMMA.finditer(raw, start, start + AT_ONCE) if found[0] == ","]
        end = commas[-1] if commas else start + AT_ONCE
        yield raw[start:end]
        start = end
    yield raw[start:]
