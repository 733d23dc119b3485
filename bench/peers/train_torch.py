"""Trains the network that it is given with PyTorch, round by round, for bench/models/training.ts.

Reads one JSON document a line from stdin and answers each with one on stdout. The first line says what is trained
(PeerSetup in torch-peer.ts), every further one asks for a round of steps; stdin's end ends the program.
"""

import json
import math
import sys
import time

import torch
from torch.nn import functional as F

from torch_network import network_of

SIDE = 28


def bytes_of(path):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)


class Trainer:
    def __init__(self, setup):
        torch.set_num_threads(setup["threads"])
        torch.manual_seed(1)
        self.batch_size = setup["batchSize"]
        self.label_smoothing = setup["labelSmoothing"]
        memory_format = torch.channels_last if setup["channelsLast"] else torch.contiguous_format
        # Tensors from the start, in order: preparing batches costs the peer nothing.
        images = bytes_of(setup["framesFile"]).reshape(-1, 1, SIDE, SIDE).float() / 255
        self.images = images.contiguous(memory_format=memory_format)
        self.labels = bytes_of(setup["labelsFile"]).long()
        self.network = network_of(setup["layers"])
        self.network(self.images[: self.batch_size])
        self.network = self.network.to(memory_format=memory_format).train()
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=setup["learningRate"], weight_decay=setup["weightDecay"]
        )
        self.at = 0

    def parameter_count(self):
        return sum(parameter.numel() for parameter in self.network.parameters())

    def step(self):
        if self.at + self.batch_size > len(self.labels):
            self.at = 0
        batch = slice(self.at, self.at + self.batch_size)
        self.at += self.batch_size
        self.optimizer.zero_grad(set_to_none=True)
        logits = self.network(self.images[batch])
        loss = F.cross_entropy(logits, self.labels[batch], label_smoothing=self.label_smoothing)
        loss.backward()
        self.optimizer.step()
        return loss

    def measure(self, warm_up_steps, steps):
        for _ in range(warm_up_steps):
            self.step()
        started = time.perf_counter()
        for _ in range(steps):
            loss = self.step()
        seconds = time.perf_counter() - started
        if not math.isfinite(loss.item()):
            raise ValueError(f"the loss became {loss.item()}: the training diverged")
        return self.batch_size * steps / seconds


def answer(document):
    print(json.dumps(document), flush=True)


def main():
    trainer = Trainer(json.loads(sys.stdin.readline()))
    answer({"parameterCount": trainer.parameter_count(), "version": torch.__version__})
    for line in sys.stdin:
        request = json.loads(line)
        answer({"imagesPerSecond": trainer.measure(request["warmUpSteps"], request["steps"])})


main()
