"""Help on a case in words: all that it can do on one screen, a verb with an example, or the verbs that serve a purpose."""

from __future__ import annotations

import html
import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from workbench.case.guide import renames
from workbench.case.guide.examples import load_examples
from workbench.case.guide.namespace import Namespace, format_guide
from workbench.case.guide.verbs import Verb, list_subjects, list_verbs

MOST = 5
"""Verbs that are found for a topic."""
START = ('case.add("folder")', "case.extract()", 'case.search("words")', "case.chart()", 'case.report("report.html")')
LINE = 110
COMMON = frozenset(
    "a about all an and are as at be been by can case do does did for from had has have he her him his how i in is it its make made me"
    " my need needs of on one or our set she so someone that the their them they this to two us want was we were what which with you"
    " your".split()
)
"""Words of a question that say nothing of what is wanted."""


@dataclass(frozen=True, slots=True)
class Help:
    """What is shown: text on the terminal, the same in a notebook."""

    text: str

    def __repr__(self) -> str:
        """The text."""
        return self.text

    def _repr_html_(self) -> str:
        return f'<pre style="white-space:pre-wrap">{html.escape(self.text)}</pre>'


def format_overview(owner: type) -> str:
    """All that a case can do, on one screen."""
    verbs = textwrap.fill("  ".join(f"case.{name}" for name in list_verbs(owner)), LINE)
    subjects = "\n".join(f"case.{name:<11} {about}" for name, about in list_subjects(owner).items())
    asked = (
        'case.help("merge") finds a verb by what you want to do, case.help("sources") lists a subject,\n'
        'case.help("sources.remap") explains one verb. help(case.search) has every parameter.'
    )
    start = textwrap.fill("Start with " + ", ".join(START) + ".", LINE)
    return f"{start}\n\n{verbs}\n\n{subjects}\n\n{asked}"


def format_overview_html(owner: type, title: str) -> str:
    """The same for a notebook, under a title."""
    rows = "".join(
        f"<tr><td><code>case.{name}</code></td><td>{html.escape(about)}</td></tr>"
        for name, about in list_subjects(owner).items()
    )
    verbs = " ".join(f"<code>case.{name}</code>" for name in list_verbs(owner))
    hint = "<code>case.help('merge')</code> finds a verb by what you want to do."
    return f'<p><b>{html.escape(title)}</b></p><p>{verbs}</p><table style="text-align:left">{rows}</table><p>{hint}</p>'


def explain_topic(case: object, topic: str) -> Help:
    """Help on a verb, a subject, or what somebody wants to do; without a topic, all that a case can do."""
    wanted = topic.strip().removeprefix("case.").removesuffix("()")
    if not wanted:
        return Help(format_overview(type(case)))
    owner = _find_subject(case, wanted)
    if owner is not None:
        return Help(format_guide(owner))
    found = {one.path: one for one in list_all_verbs(case)}
    wanted = renames.RENAMED.get(wanted, wanted)
    if wanted in found:
        return Help(_explain_verb(found[wanted]))
    fitting = _rank_verbs(found.values(), wanted)[:MOST]
    if not fitting:
        return Help(f"There is no help on {topic!r}.\n\n{format_overview(type(case))}")
    [best, *others] = fitting
    also = "\n".join(f"  case.{one.call:<44} {one.summary}" for one in others)
    return Help(_explain_verb(best) + (f"\n\nSee also\n{also}" if also else ""))


def list_all_verbs(case: object) -> Iterator[Verb]:
    """All verbs: those of the case, then those of its subjects, and of the subjects in these."""
    for name, target in list_verbs(type(case)).items():
        yield Verb(name, target)
    for name in list_subjects(type(case)):
        yield from _walk_verbs(getattr(case, name))


def _walk_verbs(owner: Any) -> Iterator[Verb]:  # noqa: ANN401 - a namespace
    for name, target in list_verbs(type(owner)).items():
        yield Verb(f"{owner.PATH}.{name}", target)
    for name in list_subjects(type(owner)):
        yield from _walk_verbs(getattr(owner, name))


def _find_subject(case: object, path: str) -> Namespace | None:
    """The namespace at a path ('desk', 'desk.drafts'), None if there is none."""
    found: object = case
    for name in path.split("."):
        if name not in list_subjects(type(found)):
            return None
        found = getattr(found, name)
    return found if isinstance(found, Namespace) else None


def _explain_verb(verb: Verb) -> str:
    """A verb: how it is called, its docstring, an example."""
    example = load_examples().get(verb.path)
    shown = [f"case.{verb.path}{_format_signature(verb)}", "", verb.text]
    return "\n".join([*shown, "", "Example", f"  {example.call}"] if example else shown)


def _format_signature(verb: Verb) -> str:
    """Parameters without their types."""
    found = inspect.signature(verb.target)
    plain = [one.replace(annotation=one.empty) for one in list(found.parameters.values())[1:]]
    return str(found.replace(parameters=plain, return_annotation=found.empty))


def _rank_verbs(verbs: Collection[Verb], topic: str) -> list[Verb]:
    """Verbs that have one of the words of a topic, the best first.

    A word of the name counts most, then one that is listed for the verb, then one of its summary; they add up. Each counts the less the
    more verbs have it; words that every question has count nothing.
    """
    asked = [word for word in _split_words(topic) if len(word) > 1 and word not in COMMON] or _split_words(topic)
    bags = {one.path: _compute_word_weights(one) for one in verbs}
    shared = Counter(word for bag in bags.values() for word in bag)
    fits = {
        path: sum(bag.get(word, 0) / shared[word] for word in asked if word in shared) for path, bag in bags.items()
    }
    found = [one for one in verbs if fits[one.path] > 0]
    return sorted(found, key=lambda one: -fits[one.path])


def _compute_word_weights(verb: Verb) -> dict[str, int]:
    """Words by which a verb is found, and what each counts."""
    example = load_examples().get(verb.path)
    listed = _split_words(" ".join(example.words)) if example else []
    bags = (
        dict.fromkeys(_split_words(verb.summary), 1),
        dict.fromkeys(listed, 4),
        dict.fromkeys(_split_words(verb.path), 5),
    )
    return dict(sum(map(Counter, bags), Counter[str]()))


def _split_words(text: str) -> list[str]:
    return [_cut_plural(word) for word in re.findall(r"\w+", text.lower().replace("_", " "))]


def _cut_plural(word: str) -> str:
    """The word without the ending of a plural, so that `links` finds `link`."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
