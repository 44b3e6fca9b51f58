"""Verbs of a case about one subject (`case.sources`, `case.review`, …): an object over the same case, made on first use."""

from __future__ import annotations

import html
import sqlite3
from typing import TYPE_CHECKING, ClassVar, NoReturn

from workbench.case.context.protocols import HasContext
from workbench.case.guide import renames
from workbench.case.guide.verbs import Verb, get_first_sentence, list_subjects

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext


class Namespace:
    """Verbs about one subject. Printed, it lists what it can do; `case.help("sources.remap")` explains one."""

    PATH: ClassVar[str]
    """What the analyst types after `case.`."""
    GROUPS: ClassVar[tuple[tuple[str, str], ...]]
    """Its verbs, by what one wants to do: heading, and names parted by a space."""

    def __init__(self, case: HasContext) -> None:
        self._case = case

    @property
    def _book(self) -> CaseContext:
        """Folder, ledger and tables as they are now: `storage.encrypt` opens the case anew."""
        return self._case.context

    def __repr__(self) -> str:
        """How much there is, where that is counted, and what can be done."""
        return "\n".join(filter(None, [self._describe_contents_safely(), format_guide(self)]))

    def _describe_contents_safely(self) -> str:
        """The same of a case that may be closed."""
        try:
            return self._describe_contents()
        except sqlite3.ProgrammingError:
            return "closed"

    def _describe_contents(self) -> str:
        """How much there is, in a line; '' where nothing is counted."""
        return ""

    def _repr_html_(self) -> str:
        """The same as a table."""
        rows = [
            f"<tr><td>{html.escape(heading) if at == 0 else ''}</td><td><code>{html.escape(one.call)}</code></td>"
            f"<td>{html.escape(one.summary)}</td></tr>"
            for heading, names in self.GROUPS
            for at, one in enumerate(self._list_verbs(names))
        ]
        rows += [
            f"<tr><td></td><td><code>case.{self.PATH}.{name}</code></td><td>{html.escape(about)}</td></tr>"
            for name, about in list_subjects(type(self)).items()
        ]
        title = f"<b>case.{self.PATH}</b>: {html.escape(get_first_sentence(type(self)))}"
        return f'<p>{title}</p><table style="text-align:left">{"".join(rows)}</table>'

    def _list_verbs(self, names: str) -> list[Verb]:
        return [Verb(name, getattr(type(self), name)) for name in names.split()]

    def _get_first_verb(self) -> str:
        return self.GROUPS[0][1].split()[0]

    def __dir__(self) -> list[str]:
        """Its verbs, and the subjects in it."""
        return [*list_subjects(type(self)), *self._list_names()]

    def _list_names(self) -> list[str]:
        return [name for _, names in self.GROUPS for name in names.split()]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            """Say what was meant by an unknown name."""
            raise AttributeError(renames.suggest_path(f"{self.PATH}.{name}"))

        def __call__(self, *_given: object, **_named: object) -> NoReturn:
            """Say what was meant where a subject is called like the verb that it was up to 0.1 (`case.sources()`)."""
            raise TypeError(f"case.{self.PATH} is a subject. Did you mean case.{self.PATH}.{self._get_first_verb()}()?")


def format_guide(space: Namespace) -> str:
    """What a subject can do, a line a verb, grouped by what one wants to do."""
    owner, path = type(space), space.PATH
    lines = [f"case.{path}: {get_first_sentence(owner)}"]
    for heading, listed in space.GROUPS:
        verbs = [Verb(name, getattr(owner, name)) for name in listed.split()]
        lines += ["", heading, *(f"  {one.call:<34} {one.summary}" for one in verbs)]
    within = [f"case.{path}.{name}: {about}" for name, about in list_subjects(owner).items()]
    lines += ["", *within] if within else []
    return "\n".join([*lines, "", f'case.help("{path}.{space.GROUPS[0][1].split()[0]}") explains one.'])
