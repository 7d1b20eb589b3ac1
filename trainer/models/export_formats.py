"""A network as a file for other programs: an ONNX model or a torch.export program, made and opened.

Either takes pictures as uint8 (N, 28, 28), N ≥ 1, ink 255, and gives float32 probabilities and logits
(N, labels) and, of a network that refuses, is_digit (N,): how probable it is that a picture shows one of
the labels; the card has the threshold below which it counts as none. The picture's normalisation, the
temperature and the softmax are inside; the labels and the card of the weights are text beside it.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram

from trainer.execution.execution import as_tensor, to_network
from trainer.models.rejection import split
from trainer.models.weights_card import WeightsCard

#: Names of input and outputs (the last only of networks that reject), and of the two texts.
INPUT, OUTPUTS = "pictures", ("probabilities", "logits", "is_digit")
LABELS, CARD = "labels", "card"

#: What torch's exporter writes without converting. Runtimes of some years read it: 1.20 was tried.
OPSET = 18

Answers = tuple[NDArray[np.float32], ...]


@dataclass(frozen=True, kw_only=True)
class ExportedNetwork:
    """An exported file, opened. answer: what stands at OUTPUTS, of uint8 pictures (N, 28, 28)."""

    labels: tuple[str, ...]
    card: dict[str, Any]
    answer: Callable[[NDArray[np.uint8]], Answers]


class _PictureReader(nn.Module):
    """A network with what stands before and behind it in this program."""

    def __init__(self, network: nn.Module, card: WeightsCard) -> None:
        super().__init__()
        self.network = network
        self.mean, self.std, self.temperature = card.mean, card.std, card.temperature
        self.labels = len(card.labels)

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        outputs = self.network(to_network(pictures, self.mean, self.std)).float()
        logits, is_digit = split(outputs, self.labels)
        read = (logits / self.temperature).softmax(1), logits
        return read if is_digit is None else (*read, is_digit)


def make_onnx(network: nn.Module, card: WeightsCard) -> bytes:
    """An ONNX model of a network in evaluation mode on the CPU; the texts are in its metadata_props."""
    with _quiet():
        made = torch.onnx.export(
            _program(network, card),
            dynamo=True,
            verbose=False,
            input_names=[INPUT],
            output_names=list(OUTPUTS[: 2 if card.threshold is None else 3]),
            opset_version=OPSET,
        )
        assert made is not None
        model = made.model_proto
    # The exporter's debugging notes: a third of a small file.
    graph = model.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.value_info):
        del part.metadata_props[:]
    for part in graph.initializer:
        del part.metadata_props[:]
    _name_batch_axis(graph)
    for key, text in _texts(card).items():
        model.metadata_props.add(key=key, value=text)
    content: bytes = model.SerializeToString()
    return content


def _name_batch_axis(graph: Any) -> None:
    """Calls the axis of the pictures `batch`, where torch's exporter makes a name like s32."""
    symbol = graph.input[0].type.tensor_type.shape.dim[0].dim_param
    for value in (*graph.input, *graph.output, *graph.value_info):
        for dimension in value.type.tensor_type.shape.dim:
            if symbol and symbol in dimension.dim_param:
                dimension.dim_param = dimension.dim_param.replace(symbol, "batch")


def open_onnx(content: bytes) -> ExportedNetwork:
    """The model in onnxruntime on the CPU, optimised as it is by default."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    texts = session.get_modelmeta().custom_metadata_map

    def answer(pictures: NDArray[np.uint8]) -> Answers:
        return tuple(session.run(None, {INPUT: pictures}))

    return _exported(texts, answer)


def make_program(network: nn.Module, card: WeightsCard) -> bytes:
    """A torch.export program of a network in evaluation mode on the CPU; the texts are extra files."""
    buffer = io.BytesIO()
    with _quiet():
        torch.export.save(_program(network, card), buffer, extra_files=_texts(card))
    return buffer.getvalue()


def open_program(content: bytes) -> ExportedNetwork:
    """The program on the CPU. Only for one that this program wrote: torch unpickles parts of such files."""
    texts: dict[str, Any] = {LABELS: "", CARD: ""}
    with _quiet():
        module = torch.export.load(io.BytesIO(content), extra_files=texts).module()

    def answer(pictures: NDArray[np.uint8]) -> Answers:
        with torch.inference_mode():
            return tuple(output.numpy() for output in module(as_tensor(pictures)))

    return _exported(texts, answer)


def _program(network: nn.Module, card: WeightsCard) -> ExportedProgram:
    """The network from picture to probabilities as a graph that takes any number of pictures."""
    # Two, because a one would be taken for a constant.
    pictures = torch.zeros(2, 28, 28, dtype=torch.uint8)
    program = torch.export.export(
        _PictureReader(network, card).eval(),
        (pictures,),
        dynamic_shapes={INPUT: {0: Dim("N")}},
    )
    # Where each step comes from: folders of this machine, of no use on another.
    for part in program.graph_module.modules():
        if isinstance(part, torch.fx.GraphModule):
            for node in part.graph.nodes:
                node.meta.pop("stack_trace", None)
    return program


def _texts(card: WeightsCard) -> dict[str, str]:
    return {LABELS: json.dumps(list(card.labels)), CARD: json.dumps(card.to_json())}


def _exported(
    texts: dict[str, Any], answer: Callable[[NDArray[np.uint8]], Answers]
) -> ExportedNetwork:
    return ExportedNetwork(
        labels=tuple(json.loads(texts[LABELS])), card=json.loads(texts[CARD]), answer=answer
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing that the exporters say of themselves reaches a person: what counts is checked afterwards."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
