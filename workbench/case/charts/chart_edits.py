"""What is said by hand on a chart: added, linked, merged, split, renamed, corrected, accepted, rejected. The case keeps it.

Each deed goes through what the verbs of the case do, with a source and a reason; taking it back is another row of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from workbench.case.charts.chart_queries import ChartError, ChartSource, convert_errors
from workbench.case.evidence import citations, provenance
from workbench.case.review import decisions
from workbench.case.verbs.error_translation import wrap_acts
from workbench.ledger.records import row_tables
from workbench.model.catalogue import LANGUAGES, Sentence, get_term, get_terms, translate
from workbench.model.schema import CAPTIONS, NAMES, RELATIONS, VALUE_LINKS, is_edge
from workbench.views.linked_views import Done

if TYPE_CHECKING:
    import networkx as nx

    from workbench.case.context.case_context import CaseContext

THINGS = (
    "Person", "Organization", "Company", "Event", "TelephoneNumber", "UserAccount", "BankAccount", "Vehicle", "Address", "Handset",
)  # fmt: skip
"""Schemata of what is added by hand on a chart; `case.evidence.add` takes every other one."""
LINKS = (
    "Associate", "Family", "UnknownLink", "Attribution", "Ownership", "Directorship", "Membership", "Employment", "Representation",
)  # fmt: skip
INVOLVED = "involved"
"""The link of a person with an event: a property of the event."""
DEEDS = ("add", "link", "merge", "split", "rename", "correct", "accept", "reject")
UNFIT = frozenset({"", "id"})
Back = Callable[[], None]


@dataclass(frozen=True, slots=True)
class ChartEdit:
    """What was done: how it is taken back, how it is done again."""

    back: Back
    again: Back


@wrap_acts
@dataclass(frozen=True, slots=True)
class Acting:
    """Who keeps in the case what is said by hand on a chart (`workbench_widgets.model.Hand`)."""

    asked: ChartSource

    @property
    def context(self) -> CaseContext:
        """The case."""
        return self.asked.context

    def offers(self) -> dict[str, object]:
        """Deeds, schemata of things and links with their names, and the source of what no document says."""
        told = self.context.say
        relations = {name: RELATIONS[name].label for name in LINKS} | {INVOLVED: VALUE_LINKS[INVOLVED]}
        return {
            "deeds": list(DEEDS), "things": [(name, told.term("schema", name)) for name in THINGS],
            "links": [(name, told.term("relation", one)) for name, one in relations.items()],
            "properties": told.group("property"), "source": told("officer's knowledge"),
        }  # fmt: skip

    def values(self, name: str) -> list[tuple[str, str]]:
        """Property and value of each statement about a node that can be corrected."""
        with convert_errors():
            self._resolve_node(name)
            rows = self.context.evidence
            rows = rows[(rows["canonical_id"] == name) & (rows["verdict"] != "rejected")]
            rows = rows[~rows["value"].isin(set(self.context.entities["entity_id"]))]
            pairs = rows[["prop", "value"]].drop_duplicates().sort_values(["prop", "value"])
            return [pair for pair in pairs.itertuples(index=False, name=None) if pair[0] not in UNFIT]

    def act(self, deed: str, given: Mapping[str, object], shown: Collection[str]) -> Done:
        """Do it, and give what the chart shows then.

        Raises
        ------
        ChartError
            If it cannot be done; in words.
        """
        with convert_errors():
            if deed not in DEEDS:
                raise ChartError(
                    Sentence(
                        "'{deed}' is not possible on a chart. Possible actions: {deeds}.",
                        deed=deed,
                        deeds=", ".join(DEEDS),
                    )
                )
            texts = {str(name): value.strip() if isinstance(value, str) else value for name, value in given.items()}
            if not texts.get("because"):
                raise ChartError(Sentence("Nothing was changed. Give a reason. It is saved with your statement."))
            nodes = set(shown) | set(self.asked.net)
            before = set(self.asked.build_link_graph(_select_case_nodes(nodes)).edges(keys=True))
            made, brought, said = getattr(self, f"_{deed}")(texts)
            graph, new = self.asked.rebuild_graph({*nodes, *brought}, before)
            return Done(graph, tuple(node for node in brought if node in graph), new, said, made)

    def undo(self, done: Done, shown: Collection[str]) -> nx.MultiDiGraph:
        """Take it back by another row of the ledger."""
        with convert_errors():
            cast(ChartEdit, done.deed).back()
            return self.asked.rebuild_graph(shown)[0]

    def redo(self, done: Done, shown: Collection[str]) -> nx.MultiDiGraph:
        """Do again what was taken back."""
        with convert_errors():
            cast(ChartEdit, done.deed).again()
            return self.asked.rebuild_graph({*shown, *done.brought})[0]

    def _add(self, given: Mapping[str, object]) -> tuple[ChartEdit, list[str], str]:
        schema, name = _get_text(given, "schema"), _get_text(given, "name")
        if schema not in THINGS:
            kinds = get_terms("schema", THINGS)
            asked = Sentence(
                "You cannot add an entity of the type {kind} to a chart. Possible types: {kinds}. For other "
                "types, use `case.evidence.add`.",
                kind=get_term("schema", schema),
                kinds=kinds,
            )
            raise ChartError(
                asked
                if schema
                else Sentence(
                    "Give the type of the entity that you add to the chart. Possible types: {kinds}. For other "
                    "types, use `case.evidence.add`.",
                    kinds=kinds,
                )
            )
        if not name:
            raise ChartError(
                Sentence("{kind}: a name or number is missing. Enter one.", kind=get_term("schema", schema))
            )
        said = {CAPTIONS.get(schema, ("name",))[0]: name}
        if date := _get_text(given, "date"):
            said["startDate" if schema != "Event" else "date"] = date
        decisions.check_properties(schema, said)
        made: list[str] = []
        deed = self._record_statement(
            lambda: made.append(decisions.add_entity(self.context, schema, "", said, _build_ground(given))), given
        )
        key = self.context.canonical.get(made[0], made[0])
        return (
            deed,
            [key],
            self.context.say("{kind} {name} was added.", kind=self.context.say.term("schema", schema), name=name),
        )

    def _link(self, given: Mapping[str, object]) -> tuple[ChartEdit, list[str], str]:
        schema, ends = (
            _get_text(given, "schema"),
            [self._resolve_node(_get_text(given, name)) for name in ("source", "target")],
        )
        names = [self.context.display_name(end) for end in ends]
        if schema == INVOLVED:
            event, other = ends if self._get_schema(ends[0]) == "Event" else ends[::-1]
            if self._get_schema(event) != "Event":
                raise ChartError(
                    Sentence(
                        "Neither {one} nor {other} is an event. Select another link type, or add the event first.",
                        one=names[0],
                        other=names[1],
                    )
                )
            deed = self._record_statement(
                lambda: decisions.add_entity(self.context, "Event", event, {INVOLVED: other}, _build_ground(given)),
                given,
            )
            return deed, [], self.context.say("{one} and {other} were linked.", one=names[0], other=names[1])
        if schema not in LINKS or not is_edge(schema):
            raise ChartError(
                Sentence(
                    "'{kind}' is not a link type. Select one of these: {kinds}.",
                    kind=schema,
                    kinds=get_terms("schema", LINKS),
                )
            )
        relation = RELATIONS[schema]
        said = {relation.source: ends[0], relation.target: ends[1]}
        deed = self._record_statement(
            lambda: decisions.add_entity(self.context, schema, "", said, _build_ground(given)), given
        )
        return (
            deed,
            [],
            self.context.say("{link}.", link=citations.format_link(self.context, ends[0], relation.label, ends[1])),
        )

    def _merge(self, given: Mapping[str, object]) -> tuple[ChartEdit, list[str], str]:
        ids = self._resolve_nodes(given)
        if len(ids) < 2:
            raise ChartError(Sentence("Merging needs two or more entities. Select them first."))
        kinds = {self._get_schema(one) for one in ids}
        if len(kinds) > 1:
            raise ChartError(
                Sentence(
                    "You can merge only entities of the same type. You selected: {kinds}.",
                    kinds=get_terms("schema", sorted(kinds)),
                )
            )
        pairs, because = [(ids[0], other) for other in ids[1:]], _get_text(given, "because")
        before = self._list_judgements(pairs)
        names = [self.context.display_name(one) for one in ids]
        decisions.judge_pairs(self.context, pairs, same=True, because=because)
        deed = ChartEdit(
            lambda: self._judge(before, f"taken back: {because}"),
            lambda: decisions.judge_pairs(self.context, pairs, same=True, because=because),
        )
        return (
            deed,
            [self.context.canonical.get(ids[0], ids[0])],
            self.context.say("These entities were merged: {names}.", names=tuple(names)),
        )

    def _split(self, given: Mapping[str, object]) -> tuple[ChartEdit, list[str], str]:
        entity, because = self._resolve_node(_get_text(given, "id")), _get_text(given, "because")
        known = row_tables.list_judgements(self.context.ledger)
        held = known["left_id"].map(lambda one: self.context.canonical.get(one, one) == entity)
        joined = known[(known["judgement"] == "same") & held]
        pairs = list(zip(joined["left_id"], joined["right_id"], strict=True))
        name = self.context.display_name(entity)
        decisions.split_entity(self.context, entity, because)
        deed = ChartEdit(
            lambda: decisions.judge_pairs(self.context, pairs, same=True, because=f"taken back: {because}"),
            lambda: self._judge([(pair, "open") for pair in pairs], because),
        )
        members = sorted({self.context.canonical.get(one, one) for pair in pairs for one in pair})
        return (
            deed,
            members,
            self.context.say.count(
                "{name} was split into {n} entity.", "{name} was split into {n} entities.", len(members), name=name
            ),
        )

    def _rename(self, given: Mapping[str, object]) -> tuple[ChartEdit, list[str], str]:
        node, name = self._resolve_node(_get_text(given, "id")), _get_text(given, "value")
        old, caption = self.context.display_name(node), self.context.get_caption(node)
        if not name:
            raise ChartError(Sentence("{name}: the new name is missing. Enter it.", name=old))
        rows = self.context.evidence
        rows = rows[(rows["canonical_id"] == node) & (rows["value"] == caption) & (rows["verdict"] != "rejected")]
        names = [*CAPTIONS.get(self._get_schema(node), ()), *NAMES]
        prop = next((one for one in names if one in set(rows["prop"])), "")
        if prop:
            deed = self._record_statement(
                lambda: decisions.correct_value(self.context, node, prop, name, caption, _build_ground(given)), given
            )
        else:
            said = {names[0]: name}
            deed = self._record_statement(
                lambda: decisions.add_entity(self.context, self._get_schema(node), node, said, _build_ground(given)),
                given,
            )
        return deed, [], self.context.say("{old} is now called {name}.", old=old, name=name)

    def _correct(self, given: Mapping[str, object]) -> tuple[ChartEdit, list[str], str]:
        node, prop, value, old = (_get_text(given, name) for name in ("id", "prop", "value", "old"))
        self._resolve_node(node)
        if not value:
            raise ChartError(Sentence("The correct value is missing. Enter it."))
        deed = self._record_statement(
            lambda: decisions.correct_value(self.context, node, prop, value, old, _build_ground(given)), given
        )
        return (
            deed,
            [],
            self.context.say(
                "{property} of {name} is now {value}.",
                property=self.context.say.term("property", prop),
                name=self.context.display_name(node),
                value=value,
            ),
        )

    def _accept(self, given: Mapping[str, object]) -> tuple[ChartEdit, list[str], str]:
        return self._review(given, "accepted")

    def _reject(self, given: Mapping[str, object]) -> tuple[ChartEdit, list[str], str]:
        return self._review(given, "rejected")

    def _review(self, given: Mapping[str, object], verdict: str) -> tuple[ChartEdit, list[str], str]:
        target, because = _get_text(given, "id"), _get_text(given, "because")
        rows = self.context.evidence
        before = rows.loc[rows["evidence_id"] == target, "verdict"]
        earlier = str(before.iloc[0]) if len(before) and before.iloc[0] else "open"
        decisions.review_suggestions(self.context, [target], verdict, because)
        deed = ChartEdit(
            lambda: self.context.ledger.decide("suggestion", [target], earlier, f"taken back: {because}"),
            lambda: decisions.review_suggestions(self.context, [target], verdict, because),
        )
        return deed, [], self.context.say(f"acted.{verdict}")

    def _record_statement(self, say: Callable[[], object], given: Mapping[str, object]) -> ChartEdit:
        """Say something; it is taken back by withdrawing the statements that came, and restoring those that went."""
        before = set(self.context.evidence["statement_id"])
        say()
        after, because = set(self.context.evidence["statement_id"]), _get_text(given, "because")
        came, went = sorted(after - before), sorted(before - after)
        return ChartEdit(
            lambda: self._decide(came, went, f"taken back: {because}"), lambda: self._decide(went, came, because)
        )

    def _decide(self, withdrawn: list[str], restored: list[str], because: str) -> None:
        for targets, verdict in ((withdrawn, "withdrawn"), (restored, "restored")):
            if targets:
                self.context.ledger.decide("statement", targets, verdict, because)

    def _list_judgements(self, pairs: list[tuple[str, str]]) -> list[tuple[tuple[str, str], str]]:
        """How pairs were judged last; 'open' where nobody judged them."""
        known = row_tables.list_judgements(self.context.ledger)
        said = {
            (left, right): judgement
            for left, right, judgement in known[["left_id", "right_id", "judgement"]].itertuples(index=False)
        }
        return [(pair, said.get((min(pair), max(pair)), "open")) for pair in pairs]

    def _judge(self, pairs: list[tuple[tuple[str, str], str]], because: str) -> None:
        for pair, judgement in pairs:
            self.context.ledger.judge([pair], judgement, because)

    def _resolve_nodes(self, given: Mapping[str, object]) -> list[str]:
        ids = given.get("ids")
        return [self._resolve_node(str(one)) for one in dict.fromkeys(ids)] if isinstance(ids, list | tuple) else []

    def _resolve_node(self, name: str) -> str:
        """The canonical id of a node that the case knows."""
        if name not in self.context.canonical_entities.index:
            shown = self.context.display_name(name)
            missing = Sentence("Select an entity of the case first. If a number is only in call records, add it first.")
            raise ChartError(
                Sentence(
                    "{name} is not an entity of the case that you can change here. If the number is only "
                    "in call records, add it first.",
                    name=shown,
                )
                if shown
                else missing
            )
        return name

    def _get_schema(self, node: str) -> str:
        return str(self.context.canonical_entities.at[node, "schema"])


def _select_case_nodes(nodes: Collection[str]) -> set[str]:
    """Nodes whose id has the form of one of the case."""
    return {node for node in nodes if provenance.ID.fullmatch(node)}


def _get_text(given: Mapping[str, object], name: str) -> str:
    return str(given.get(name) or "").strip()


def _build_ground(given: Mapping[str, object]) -> decisions.Ground:
    """The source that is named, the officer's knowledge where none is; and the reason."""
    named = _get_text(given, "ground")
    own = {"", *(translate("officer's knowledge", language) for language in LANGUAGES)}
    return decisions.Ground(decisions.KNOWLEDGE if named in own else named, _get_text(given, "because"))
