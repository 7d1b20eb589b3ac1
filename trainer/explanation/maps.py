"""Maps of where an answer comes from: occlusion, and Grad-CAM; each with its check against random weights.

A map that a network with random weights gives as well says nothing of what was learned (Adebayo et al.,
"Sanity checks for saliency maps", NeurIPS 2018). Occlusion is Zeiler and Fergus 2014, Grad-CAM Selvaraju et
al. 2017.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.execution.execution import as_tensor, to_network
from trainer.explanation.results import EvidenceMaps
from trainer.networks.outputs import outputs_within

Floats = NDArray[np.float64]

_PATCH, _STEP = 5, 2  # pixels of the input
_TINY = 1e-6


def maps_of(
    network: nn.Module,
    picture: NDArray[np.uint8],
    label: int,
    *,
    mean: float,
    std: float,
    frame: tuple[float, float, float],
) -> Iterator[EvidenceMaps | None]:
    """Yields None between its steps, and the maps at last.

    network: on the CPU, in evaluation mode. label: place of the output that is explained.
    """
    occlusion = occluded(network, picture, label, mean=mean, std=std)
    yield None
    gradient = grad_cam(network, picture, label, mean=mean, std=std)
    yield None
    random = with_random_weights(network)
    random_occlusion = occluded(random, picture, label, mean=mean, std=std)
    yield None
    random_gradient = grad_cam(random, picture, label, mean=mean, std=std)
    yield EvidenceMaps(
        occlusion=_image(occlusion),
        grad_cam=_image(gradient),
        random_occlusion=_image(random_occlusion),
        random_grad_cam=_image(random_gradient),
        occlusion_alike=_correlation(occlusion, random_occlusion),
        grad_cam_alike=_correlation(gradient, random_gradient),
        frame=frame,
    )


def occluded(
    network: nn.Module, picture: NDArray[np.uint8], label: int, *, mean: float, std: float
) -> Floats:
    """(28, 28): by how much the label's log probability falls where a patch around the pixel has no ink."""
    side = picture.shape[0]
    corners = range(0, side - _PATCH + 1, _STEP)
    pictures = [picture]
    for row in corners:
        for column in corners:
            covered = picture.copy()
            covered[row : row + _PATCH, column : column + _PATCH] = 0
            pictures.append(covered)
    with torch.inference_mode():
        outputs = network(to_network(as_tensor(pictures), mean, std))
    logs = outputs.float().log_softmax(1)[:, label].numpy().astype(np.float64)
    falls, counts = np.zeros((side, side)), np.zeros((side, side))
    at = 1
    for row in corners:
        for column in corners:
            falls[row : row + _PATCH, column : column + _PATCH] += max(0.0, logs[0] - logs[at])
            counts[row : row + _PATCH, column : column + _PATCH] += 1
            at += 1
    found: Floats = falls / np.maximum(counts, 1)
    return found


def grad_cam(
    network: nn.Module, picture: NDArray[np.uint8], label: int, *, mean: float, std: float
) -> Floats:
    """(28, 28): the last layer's maps, weighted by the label's mean gradient over each. All 0 for a network
    without maps of more than one place."""
    last = _last_spatial(network, picture, mean=mean, std=std)
    if last is None:
        return np.zeros(picture.shape)
    held: list[Tensor] = []

    def hold(_module: nn.Module, _inputs: object, output: Tensor) -> Tensor:
        leaf = output.detach().clone().requires_grad_(True)
        held[:] = [leaf]
        return leaf.clone()

    hook = last.register_forward_hook(hold)
    try:
        with torch.enable_grad():
            outputs = network(to_network(as_tensor([picture]), mean, std))
            (gradient,) = torch.autograd.grad(outputs[0, label], held[0])
    finally:
        hook.remove()
    weights = gradient.mean((2, 3), keepdim=True)
    small = (weights * held[0].detach()).sum(1, keepdim=True).clamp(min=0)
    large = F.interpolate(small, size=picture.shape, mode="bilinear", align_corners=False)
    found: Floats = large[0, 0].numpy().astype(np.float64)
    return found


def _last_spatial(
    network: nn.Module, picture: NDArray[np.uint8], *, mean: float, std: float
) -> nn.Module | None:
    """The last module whose output is maps of more than one place."""
    inner = [module for module in network.modules() if module is not network]
    outputs = outputs_within(network, to_network(as_tensor([picture]), mean, std), inner)
    spatial = [layer for layer, out in outputs if out.ndim == 4 and min(out.shape[2:]) > 1]
    return spatial[-1] if spatial else None


def with_random_weights(network: nn.Module, seed: int = 0) -> nn.Module:
    """A copy that was never trained: parameters are random, with the standard deviation that they had."""
    copied = copy.deepcopy(network)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in copied.parameters():
            spread = float(parameter.std()) if parameter.numel() > 1 else 0.0
            drawn = torch.randn(parameter.shape, generator=generator) * spread
            parameter.copy_(drawn + float(parameter.mean()))
    return copied


def _image(values: Floats) -> NDArray[np.uint8]:
    largest = float(values.max())
    return np.rint(values * (255 / largest if largest > _TINY else 0)).astype(np.uint8)


def _correlation(one: Floats, other: Floats) -> float:
    if one.std() < _TINY or other.std() < _TINY:
        return 0.0
    return float(np.corrcoef(one.reshape(-1), other.reshape(-1))[0, 1])
