"""Views that answer questions of their browser half."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from workbench_widgets.widget_view import View
from workbench_widgets.words import describe_error

if TYPE_CHECKING:
    from collections.abc import Sequence

Answer = tuple[object, "Sequence[bytes]"]


class AskedView(View):
    """A view whose browser half asks by name; what is wrong with a question is said in the widget, never raised."""

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.on_msg(self._answer_question)

    def questions(self) -> Mapping[str, Callable[..., Answer]]:
        """What the browser half may ask, by name: each gives what travels as JSON, and bytes."""
        return {}

    def _answer_question(self, _: object, content: Mapping[str, object], _buffers: object) -> None:
        if "ask" not in content:
            return
        number, given = content.get("number"), content.get("given")
        try:
            question = self.questions().get(str(content["ask"]))
            if question is None:
                raise ValueError(f"This view does not answer {content['ask']!r}.")
            found, data = question(*given) if isinstance(given, list) else question()
        except Exception as problem:  # noqa: BLE001 - whatever is wrong goes to the person at the view
            self.send({"answer": number, "problem": describe_error(problem, self.language)})
            return
        self.send({"answer": number, "found": found}, [*data])
