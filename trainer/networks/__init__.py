"""Networks by name: one explicit table that names each builder without importing it.

Every builder takes keyword arguments (``classes`` among them) and returns a torch module that maps
float32 pictures (N, 1, 28, 28), normalised as its weights' card says, to logits (N, classes).
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trainer.base.errors import ConfigError

if TYPE_CHECKING:
    from torch import nn

#: Mean and standard deviation of MNIST's training pictures, as in the PyTorch examples.
MNIST_MEAN, MNIST_STD = 0.1307, 0.3081


@dataclass(frozen=True, kw_only=True)
class NetworkEntry:
    """A row of the table: where the builder is, and the facts that lists show.

    parameters, flops (two for every multiply-add) and receptive_field (side in pixels, of one position of the
    last feature map; 0 where paths of several lengths meet) are for ten classes and one image. They are
    written down here so that lists need no torch; a test counts them again
    (trainer.networks.cost). dropout: the builder's default for an argument of that name, None where it
    has none. pretrained: whether trainer.networks.imagenet has initial weights for it.
    learning_rate: a suitable peak with AdamW and batches of 256.
    """

    name: str
    builder: str  # "module:function"
    summary: str
    after: str
    parameters: int
    flops: int
    receptive_field: int = 0
    mean: float = MNIST_MEAN
    std: float = MNIST_STD
    dropout: float | None = None
    pretrained: bool = False
    learning_rate: float = 4e-3

    @property
    def megabytes(self) -> float:
        """Size of the parameters as float32; a weights file is some kilobytes larger."""
        return 4e-6 * self.parameters


_TABLE = (
    NetworkEntry(
        name="scribe",
        builder="trainer.networks.scribe:scribe",
        summary="residual, 0.5 M parameters",
        after="this project",
        parameters=482_410,
        flops=91_573_120,
    ),
    NetworkEntry(
        name="cnn",
        builder="trainer.networks.tutorial:cnn",
        summary="conv 32 – pool – conv 64 – pool – fc 128: the network of the tutorials",
        after="the common MNIST tutorials",
        parameters=421_642,
        flops=8_482_304,
        receptive_field=10,
        mean=0.0,
        std=1.0,
    ),
    NetworkEntry(
        name="lenet5",
        builder="trainer.networks.tutorial:lenet5",
        summary="conv 6 – pool – conv 16 – pool – fc 120 – 84: where it began",
        after="LeCun, Bottou, Bengio, Haffner 1998",
        parameters=61_706,
        flops=833_040,
        receptive_field=16,
    ),
    NetworkEntry(
        name="scribe-tiny",
        builder="trainer.networks.scribe:scribe_tiny",
        summary="residual, 31 k parameters: the smallest that still reads well",
        after="this project",
        parameters=31_002,
        flops=6_950_016,
    ),
    NetworkEntry(
        name="scribe-2",
        builder="trainer.networks.scribe:scribe_2",
        summary="residual, 0.4 M parameters: the network that ships",
        after="this project",
        parameters=424_282,
        flops=56_173_952,
    ),
    NetworkEntry(
        name="sprint",
        builder="trainer.networks.sprint:sprint",
        summary="conv 16 – 32 – 64, fc 128: learns fastest on a processor",
        after="this project",
        parameters=99_978,
        flops=4_389_888,
        receptive_field=24,
        learning_rate=1e-2,
    ),
    NetworkEntry(
        name="sprint-deep",
        builder="trainer.networks.sprint:sprint_deep",
        summary="sprint that looks twice at every size",
        after="this project",
        parameters=146_154,
        flops=11_615_232,
        receptive_field=36,
        learning_rate=1e-2,
    ),
    NetworkEntry(
        name="sprint-2",
        builder="trainer.networks.sprint:sprint_2",
        summary="sprint with first filters that are computed, not learned",
        after="this project",
        parameters=99_562,
        flops=3_265_024,
        receptive_field=24,
        learning_rate=1e-2,
    ),
    NetworkEntry(
        name="cnn-dropout",
        builder="trainer.networks.tutorial:cnn_dropout",
        summary="cnn with fc 512 and dropout",
        after="the PyTorch tutorials, Linear(4096) put right",
        parameters=1_630_090,
        flops=10_898_432,
        receptive_field=10,
        dropout=0.2,
        learning_rate=2e-3,
    ),
    NetworkEntry(
        name="cnn-valid",
        builder="trainer.networks.tutorial:cnn_valid",
        summary="conv 32 – pool – conv 64 – pool – dense, valid padding",
        after="the Keras tutorial (Chollet)",
        parameters=34_826,
        flops=4_881_920,
        receptive_field=10,
        mean=0.0,
        std=1.0,
        dropout=0.5,
    ),
    NetworkEntry(
        name="dsdcnn",
        builder="trainer.networks.separable:dsdcnn",
        summary="depthwise separable, dilated 1 – 2 – 4: sees all with few weights",
        after="Yu & Koltun 2016, Chollet 2017",
        parameters=20_970,
        flops=7_954_816,
        receptive_field=32,
    ),
    NetworkEntry(
        name="vgg-small",
        builder="trainer.networks.classics:vgg_small",
        summary="3×3 blocks 64 – 128 – 256 – 512 – 512, fc 4096, three poolings",
        after="the MNIST tutorials after VGG, repaired",
        parameters=6_051_850,
        flops=126_683_136,
        receptive_field=54,
        dropout=0.5,
        learning_rate=5e-4,
    ),
    NetworkEntry(
        name="alexnet-small",
        builder="trainer.networks.classics:alexnet_small",
        summary="five convolutions 32 – 256, fc 1024 – 512",
        after="Krizhevsky, Sutskever, Hinton 2012",
        parameters=3_868_170,
        flops=107_383_808,
        receptive_field=38,
        dropout=0.5,
        learning_rate=5e-4,
    ),
    NetworkEntry(
        name="resnet18",
        builder="trainer.networks.transfer:resnet18",
        summary="residual, 11 M parameters, at 64²; for transfer from ImageNet",
        after="He, Zhang, Ren, Sun 2015 (torchvision)",
        parameters=11_181_642,
        flops=296_101_888,
        mean=0.0,
        std=1.0,
        pretrained=True,
        learning_rate=1e-3,
    ),
    NetworkEntry(
        name="vgg16",
        builder="trainer.networks.transfer:vgg16",
        summary="13 convolutions, 34 M parameters, at 32²; for transfer from ImageNet",
        after="Simonyan, Zisserman 2015 (torchvision)",
        parameters=33_638_218,
        flops=664_223_744,
        mean=0.0,
        std=1.0,
        dropout=0.5,
        pretrained=True,
        learning_rate=1e-4,
    ),
)

NETWORKS: dict[str, NetworkEntry] = {entry.name: entry for entry in _TABLE}
if len(NETWORKS) != len(_TABLE):
    raise RuntimeError("two networks share a name")


def find_network(name: str) -> NetworkEntry:
    """The table's row of that name. Raises ConfigError listing the choices."""
    try:
        return NETWORKS[name]
    except KeyError:
        raise ConfigError(
            "networks.unknown",
            "there is no network named {name!r}; choose one of: {names}",
            name=name,
            names=", ".join(NETWORKS),
        ) from None


def build_network(name: str, **arguments: Any) -> nn.Module:
    """A freshly initialised network. Raises ConfigError for an unknown name or argument."""
    module, _, function = find_network(name).builder.partition(":")
    builder = getattr(importlib.import_module(module), function)
    try:
        network: nn.Module = builder(**arguments)
    except TypeError as error:
        raise ConfigError(
            "networks.wrong-arguments",
            "the network {name!r} does not take these arguments: {reason}",
            name=name,
            reason=str(error),
        ) from error
    return network
