"""Header fields of people: those that hold words and that no program writes ('Comments: pay at nine')."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage

from workbench.ingest.mail import unread_mail_text
from workbench.ingest.mail.parsing import call_safely, list_headers

TRANSPORT = frozenset(
    """from to cc bcc sender reply-to subject date message-id in-reply-to references received mime-version
    content-type content-transfer-encoding content-disposition content-id content-length content-language
    content-location content-md5 content-class lines status auto-submitted precedence priority importance
    sensitivity user-agent mailer delivery-date dkim-signature domainkey-signature authentication-results
    received-spf auto-response-suppress thread-topic thread-index accept-language feedback-id
    require-recipient-valid-since autocrypt openpgp face archived-at xref path newsgroups nntp-posting-host
    bytes expires dl-expansion-history deferred-delivery conversation-id msip_labels bimi-selector
    bimi-location message-context x-mailer x-originating-ip x-priority x-received
    x-loop x-uid x-uidl x-status x-keywords x-account-key x-accept-language x-face x-auto-response-suppress
    x-antiabuse x-complaints-to x-abuse-info x-report-abuse x-campaign x-campaignid x-mailer-version
    x-feedback-id x-entity-id x-entity-ref-id x-unsubscribe x-source x-source-args x-source-dir x-received-spf
    x-authentication-warning x-cmae-envelope x-beenthere x-topics x-mimeole x-mime-autoconverted x-folder
    x-origin x-filename x-gmail-labels x-clientproxiedby x-incoming-header-count x-incomingtopheadermarker
    x-eopattributedmessage x-eoptenantattributedmessage x-tmn x-sid-pra x-sid-result x-sg-eid x-sg-id
    x-ses-outgoing x-mc-user x-php-originating-script x-php-script x-mailgun-sid x-rspamd-server
    x-rspamd-queue-id x-queue-id x-me-sender x-me-proxy x-me-received x-pm-message-id x-hmailserver
    x-forefront-antispam-report x-microsoft-antispam""".split()
)
"""Fields that programs write, or that are read where they belong. None of them names who passed a message on, or whom it reached."""
ON_THE_WAY = frozenset(
    """return-path delivered-to envelope-to apparently-to original-recipient errors-to return-receipt-to
    disposition-notification-to""".split()
)
"""Fields that servers add, and that differ between copies of a message, as those that begin with 'X-' do."""
ADDED = "x-"
FAMILIES = ("list-", "arc-", "x-spam", "x-ms", "x-google-", "x-gm-", "x-mailman", "x-mozilla-", "x-apple-", "x-virus",
            "x-proofpoint", "x-barracuda", "x-ironport", "x-exchange", "x-microsoft", "x-yahoo", "x-ymail", "x-sg-", "x-ses-", "x-mc-",
            "x-dkim", "x-scanned", "x-amavis", "x-clamav", "x-mimecast", "x-sonic", "x-report", "x-owa", "x-tm-", "x-trend", "x-forefront",
            "x-rspamd", "x-provags", "x-ui-", "x-gmx", "x-kse", "x-kaspersky", "x-pstn", "x-cm", "x-originat", "x-hm", "x-aol",
            "x-authentication-", "x-authority-", "x-auth-",
            "x-universally", "x-uniform", "x-mailer", "x-evolution", "x-kmail", "x-sieve", "x-ham", "x-bogosity", "x-pm-", "x-mailgun",
            "x-postmark", "x-sendgrid", "x-mandrill", "x-linkedin", "x-facebook", "x-github", "x-gitlab", "x-jira", "x-bugzilla",
            "x-debian", "x-outlook", "x-eset", "x-avast", "x-antivirus", "x-sophos", "x-symantec", "x-mxlogic", "x-cloudmark",
            "x-csa", "x-return", "x-message", "x-content", "x-thread", "x-attachment-id")  # fmt: skip
"""How the names of fields begin that programs write."""
PEOPLE = {"x-from": "from", "x-to": "to", "x-cc": "cc", "x-bcc": "bcc"}
"""Fields in which exports of a company's mail repeat who wrote to whom, and the field that each repeats."""
WORD = re.compile(r"[^\W\d_]{2,}")
FIELDS = 200
"""Fields of a message that are looked at for words."""


def list_word_fields(parts: Iterable[EmailMessage]) -> Iterator[str]:
    """Fields of a message and its parts that hold words and are none that programs write: 'Comments: pay at nine'.

    An address of what lies elsewhere, which a part only names, counts as one.
    """
    for part in parts:
        for name in _list_names(part)[:FIELDS]:
            yield from (
                f"{name.title()}: {value}" for value in list_headers(part, name) if _says_more(part, name, value)
            )
        if str(call_safely(part.get_content_type) or "") == "message/external-body":
            yield from (
                f"{name}: {value}"
                for name, value in unread_mail_text.list_parameters(part, "Content-Type")
                if WORD.search(value)
            )


def has_many_fields(message: EmailMessage) -> bool:
    """Whether a message or a part of one has more fields with words than are looked at."""
    return len(_list_names(message)) > FIELDS


def _list_names(part: EmailMessage) -> list[str]:
    """Names, in lower case, of the fields of a part that no program writes."""
    names = dict.fromkeys(key.lower() for key, _ in part.raw_items())
    return [name for name in names if name not in TRANSPORT and name != "access-type" and not name.startswith(FAMILIES)]


def _says_more(part: EmailMessage, name: str, value: str) -> bool:
    """Whether a field says more than the one that it repeats, if it repeats one."""
    if name not in PEOPLE:
        return True
    said = {word.casefold() for text in list_headers(part, PEOPLE[name]) for word in WORD.findall(text)}
    return any(word.casefold() not in said for word in WORD.findall(value))


def is_added(line: str) -> bool:
    """Whether a field ('Delivered-To: bob@x.org') is one that differs between copies of a message: servers add it on the way."""
    name = line.partition(":")[0].lower()
    return name in ON_THE_WAY or name.startswith(ADDED)
