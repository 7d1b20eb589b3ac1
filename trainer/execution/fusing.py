"""Batch normalisation folded into the preceding convolution: the same outputs in fewer passes."""

from __future__ import annotations

import copy
import itertools

from torch import nn
from torch.nn.utils import fuse_conv_bn_eval


def fused(network: nn.Module) -> nn.Module:
    """A copy of a network in evaluation mode, for inference only; up to rounding the same function.

    Folded are neighbours in an nn.Sequential, at any depth, and a block's modules named conv1 and norm1,
    conv2 and norm2, as in trainer.networks.scribe.
    """
    copied = copy.deepcopy(network).eval()
    for module in copied.modules():
        if isinstance(module, nn.Sequential):
            names = list(module._modules)
            pairs = list(itertools.pairwise(names))
        else:
            pairs = [("conv1", "norm1"), ("conv2", "norm2")]
        for conv_name, norm_name in pairs:
            conv, norm = module._modules.get(conv_name), module._modules.get(norm_name)
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                module._modules[conv_name] = fuse_conv_bn_eval(conv, norm)
                module._modules[norm_name] = nn.Identity()
    return copied
