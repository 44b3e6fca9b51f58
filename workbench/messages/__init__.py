"""The message desk: what a message is, and the rules that it is checked by before it goes out and when it comes in."""

from workbench.messages.model.check_context import Mention, Surroundings
from workbench.messages.model.message import LetterOfRequest, Message, Notice
from workbench.messages.model.message_json import from_json, to_json
from workbench.messages.rules.rule_check import Advice, Fault, apply_fix, check, check_examples, ready, table
from workbench.messages.rules.rule_packs import Pack, Rule, load, load_shipped

__all__ = [
    "Advice",
    "Fault",
    "LetterOfRequest",
    "Mention",
    "Message",
    "Notice",
    "Pack",
    "Rule",
    "Surroundings",
    "apply_fix",
    "check",
    "check_examples",
    "from_json",
    "load",
    "load_shipped",
    "ready",
    "table",
    "to_json",
]
