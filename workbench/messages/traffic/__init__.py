"""Existing traffic into the model: text forms, mails, tables, JSON and notices; what is not mapped is listed, and nothing is lost."""

from workbench.messages.traffic.labelled_line import Line
from workbench.messages.traffic.labelled_values import Origin, ReadMessage, SurroundingText, build_message

__all__ = ["Line", "Origin", "ReadMessage", "SurroundingText", "build_message"]
