"""From the drawing to the probabilities, with everything between: stages of the preprocessing, and layers."""

from __future__ import annotations

import numpy as np
from torch import nn

from trainer.execution.execution import as_tensor, to_network
from trainer.explanation.reader import Read, Reader
from trainer.explanation.results import Answered, NothingDrawn, Pipeline, StageMaps
from trainer.models.feature_maps import feature_maps, first_filters
from trainer.picture.preprocess import stages_of_drawing
from trainer.picture.strokes import Drawing


def answered(reader: Reader, read: Read) -> Answered:
    order = read.probabilities.argsort()[::-1]
    labels = reader.labels
    return Answered(
        label=labels[int(order[0])],
        runner_up=labels[int(order[1])] if len(labels) > 1 else labels[int(order[0])],
        labels=labels,
        probabilities=tuple(read.probabilities.tolist()),
        refused=read.refused,
    )


def pipeline(reader: Reader, network: nn.Module, drawing: Drawing) -> Pipeline | NothingDrawn:
    """network: the reader's, on the CPU."""
    stages = stages_of_drawing(drawing)
    (read,) = reader.read([drawing])
    if stages is None or read is None:
        return NothingDrawn()
    card = reader.recognizer.card
    inputs = to_network(as_tensor([stages.picture]), card.mean, card.std)
    return Pipeline(
        crop=np.rint(np.clip(stages.crop, 0, 255)).astype(np.uint8),
        box=np.rint(stages.box).astype(np.uint8),
        left=stages.left,
        top=stages.top,
        picture=stages.picture,
        frame=stages.frame,
        filters=first_filters(network),
        layers=tuple(
            StageMaps(kind=layer.kind, maps=layer.maps) for layer in feature_maps(network, inputs)
        ),
        answered=answered(reader, read),
    )
