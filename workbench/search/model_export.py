"""Export of a sentence model to ONNX and its comparison with the original. Needs torch; runs once per machine."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ModelError
from workbench.model import catalogue
from workbench.search.encoders import load_reference
from workbench.search.model_recipes import ENGLISH, Recipe
from workbench.search.runtime import load_onnxruntime

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

OPSET = 17
PROBES = (
    "Hi", "ok", "Yes", "thanks!", "Call me", "where are you?", "see you tonight at eight", "Will do!", "haha", "👍",
    "Can you pick me up at the station at six?", "I left the keys with your brother.", "Delete this message after you read it.",
    "The container leaves on Friday night.", "Send the money to the other account, not this one.", "Don't talk to anyone.",
    "He changed his number again, use the new one.", "The driver was stopped at the border and they looked at his papers.",
    "We need three cars and two people we can trust.", "Tell her the lawyer has everything in writing.",
    "What time does the office close on Mondays?", "I will pay you back next week, I promise.", "Happy birthday dear!",
    "Your parcel could not be delivered. Follow the link to choose another day.", "Your verification code is 482 913.",
    "Limited offer: invest now and earn ten per cent every month, no risk!", "The goods are hidden behind the second wall.",
    "The invoice for April has not been paid.", "The suspect was seen near the warehouse shortly after midnight.",
    "Witnesses described a white van without number plates leaving the car park at high speed.",
    "The account was opened in 2019 by a company whose only director is a relative of the accused.",
    "On the third of May the parties met in a restaurant near the harbour and spoke for about an hour.",
    "A search of the flat brought to light four telephones, a laptop, and cash in three currencies.",
    "The analysis of the call records shows that both handsets were served by the same cell that evening.",
    "The report describes how goods are moved between ports, who books the transport, and how the payments are made through "
    "several accounts before they reach the person who ordered them.",
    "Rental agreement between the owner and the tenant for the storage unit, signed for twelve months, paid in cash.",
    "The weather will be cold and rainy with strong winds along the coast.", "My cat sleeps on the sofa all day.",
    "A new method for computing the flow of air over a wing is compared with measurements in a wind tunnel.",
    "Nos vemos mañana en el bar.", "Je t'appelle demain matin.", "Ik ben er over tien minuten.",
)  # fmt: skip
"""Texts of the kinds that a case holds, made up; short and long, chat and report."""
FOREIGN = (
    "Le conteneur part vendredi dans la nuit.", "El testigo vio una furgoneta blanca cerca del almacén.",
    "سنلتقي غدًا عند الميناء.", "نُقلت البضاعة في شاحنة بيضاء من المستودع إلى الحدود.", "اتصل بي حين تصل",
    "La perquisition a permis de saisir quatre téléphones, un ordinateur et de l'argent liquide en trois devises.",
    "La cuenta fue abierta por una sociedad cuya única administradora es familiar del acusado.",
    "تبين من تحليل المكالمات أن الهاتفين كانا في المنطقة نفسها مساء ذلك اليوم.",
)  # fmt: skip
"""More of them, for models that read other languages."""


@dataclass(frozen=True, slots=True)
class Export:
    """An exported model: its file, 'int8', 'fp32' or 'torch' (no file), and the mean cosine to the original over the probes."""

    path: Path | None
    precision: str
    cosine: float


def export_model(recipe: Recipe, folder: Path, progress: Callable[[str], object]) -> Export:
    """Export a model into `folder`: 8 bits if that stays close to the original, else 32 bits, else as it is."""
    progress("Loading the original model")
    first = load_reference(recipe, folder)
    progress("Exporting it to ONNX")
    whole = folder / "fp32.onnx"
    _to_onnx(first, whole)
    progress("Quantising it to 8 bits")
    small = folder / "int8.onnx"
    _quantise_model(whole, small, recipe.whole)
    progress("Comparing it with the original")
    cosine = compute_agreement(first, small, recipe)
    if cosine < recipe.close:
        small, cosine = whole, compute_agreement(first, whole, recipe)
    progress("Done")
    if cosine < recipe.close:
        return Export(None, "torch", 1.0)
    return Export(small, small.stem, cosine)


def compute_agreement(first: SentenceTransformer, path: Path, recipe: Recipe) -> float:
    """Mean cosine between the vectors of the original and of an exported model, over the probes."""
    from workbench.search.encoders import OnnxEncoder

    first.max_seq_length = recipe.pieces
    probes = PROBES if recipe.mode == ENGLISH else (*PROBES, *FOREIGN)
    texts = [recipe.passage + probe for probe in probes]
    made = OnnxEncoder(path, recipe.pieces_file, 1, recipe.pieces)(texts)
    wanted = first.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    return float((made * wanted).sum(axis=1).mean())


def _to_onnx(first: SentenceTransformer, path: Path) -> None:
    import torch

    class Sentence(torch.nn.Module):
        """Word pieces of one text to the mean of their last hidden states, scaled to unit length."""

        def __init__(self, inner: torch.nn.Module) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            kinds = {"token_type_ids": torch.zeros_like(input_ids)} if typed else {}
            states = self.inner(input_ids=input_ids, **kinds).last_hidden_state
            return torch.nn.functional.normalize(states.mean(1), dim=1)

    inner = first[0].auto_model
    if not isinstance(inner, torch.nn.Module):
        raise ModelError(
            catalogue.Sentence(
                "{kind} is not a torch module: `sentence-transformers` has changed. Use version 5 or 6 of "
                "`sentence-transformers`.",
                kind=type(inner).__name__,
            )
        )
    typed = "token_type_ids" in inspect.signature(inner.forward).parameters
    ids = torch.tensor([[101, 2023, 2003, 102]])
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Sentence(inner).eval(), (ids,), str(path), input_names=["input_ids"],
            output_names=["vectors"], dynamic_axes={"input_ids": {1: "pieces"}}, opset_version=OPSET, dynamo=False,
        )  # fmt: skip


def _quantise_model(whole: Path, small: Path, kept: Collection[str]) -> None:
    """Write the model with weights of 8 bits, but for the matrices that have one of `kept` in their name."""
    import logging

    import onnx

    load_onnxruntime()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    nodes = [node.name for node in onnx.load(str(whole)).graph.node if node.op_type == "MatMul"] if kept else []
    left = [name for name in nodes if any(part in name for part in kept)]
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(str(whole), str(small), weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=left)
    finally:
        logging.disable(logging.NOTSET)
