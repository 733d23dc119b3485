"""The networks of src/network/network.ts in PyTorch."""

import warnings

from torch import nn

# PyTorch 1.13 calls them new; they are what lets a list of layers be built without working out shapes here.
warnings.filterwarnings("ignore", "Lazy modules")


def module_of(layer):
    """The module of one Layer of src/network/network.ts; what it reads is worked out by the first batch."""
    kind = layer["kind"]
    if kind == "conv":
        return nn.LazyConv2d(
            layer["channels"],
            layer["kernel"],
            stride=layer["stride"],
            padding=layer["padding"],
            bias=layer["bias"],
        )
    if kind == "batchNorm":
        return nn.LazyBatchNorm2d()
    if kind == "relu":
        return nn.ReLU(inplace=True)
    if kind == "maxPool":
        return nn.MaxPool2d(2)
    if kind == "globalAveragePool":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if kind == "flatten":
        return nn.Flatten()
    if kind == "dropout":
        return nn.Dropout(layer["rate"])
    if kind == "dense":
        return nn.LazyLinear(layer["units"])
    raise ValueError(f"unknown layer {kind!r}; teach it to {__file__}")


def network_of(layers):
    """What a list of layers is in PyTorch; its first batch settles the shapes."""
    return nn.Sequential(*map(module_of, layers))
