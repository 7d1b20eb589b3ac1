"""oneDNN's blocked memory layout: channels in blocks of as many as a register holds.

torch keeps such tensors behind `Tensor.to_mkldnn`; their pooling and its gradient take a fifth of the time
of the ordinary kernels (docs/performance.md), and make up most of a small network's training step.
"""

from __future__ import annotations

from typing import TypeGuard

import torch
import torch.nn.functional as F
from torch import Tensor, nn

#: Operators that torch documents nowhere: where a later torch lacks one, the ordinary layout is used.
_OPERATORS = ("mkldnn_convolution", "mkldnn_max_pool2d")


def is_supported() -> bool:
    """Whether this build of torch has the layout, and the operators that work in it."""
    has_layout = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return bool(has_layout) and all(hasattr(torch.ops.aten, name) for name in _OPERATORS)


def fits(network: nn.Module) -> TypeGuard[nn.Sequential]:
    """Whether this machine has the layout and the network begins with layers that can work in it."""
    return (
        is_supported()
        and isinstance(network, nn.Sequential)
        and len(network) > 0
        and isinstance(network[0], nn.Conv2d)
        and _stays(network[0])
    )


def run(network: nn.Sequential, images_nchw: Tensor, dtype: torch.dtype) -> Tensor:
    """The network's output; the layers before the first one that does not support the layout run in it.

    images_nchw: float32 (N, C, H, W) on a processor. dtype: of those layers' arithmetic; autocast decides
    that of the others.
    """
    maps = images_nchw.to(dtype).to_mkldnn()
    for layer in network:
        if maps.is_mkldnn and not _stays(layer):
            maps = maps.to_dense()
        maps = _in_layout(layer, maps) if maps.is_mkldnn else layer(maps)
    return maps.to_dense() if maps.is_mkldnn else maps


def _stays(layer: nn.Module) -> bool:
    match layer:
        case nn.Conv2d():
            return (
                not isinstance(layer.padding, str)
                and layer.padding_mode == "zeros"
                and layer.bias is not None
            )
        case nn.MaxPool2d():
            return not layer.return_indices
        case nn.ReLU():
            return True
    return False


def _in_layout(layer: nn.Module, maps: Tensor) -> Tensor:
    match layer:
        case nn.Conv2d():
            assert layer.bias is not None
            # Not F.conv2d: it refuses an ordinary weight, and training takes no other.
            convolved: Tensor = torch.ops.aten.mkldnn_convolution(
                maps,
                layer.weight.to(maps.dtype),
                layer.bias.to(maps.dtype),
                list(layer.padding),
                list(layer.stride),
                list(layer.dilation),
                layer.groups,
            )
            return convolved
        case nn.MaxPool2d():
            return torch.mkldnn_max_pool2d(
                maps,
                layer.kernel_size,
                layer.stride,
                layer.padding,
                layer.dilation,
                layer.ceil_mode,
            )
    return F.relu(maps)  # a new tensor: there is no gradient of the one in place
