"""The API of POST /mnist/classify on Flask and PyTorch, for bench/service/capacity.ts: `gunicorn serve_flask:app`.

The environment says what is served: NETWORK has the layers as JSON, MEMORY_FORMAT says how pictures lie in memory,
contiguous_format or channels_last. The weights are random: they do not change what
an image costs. One inference a request, as the original demo had it; no image is looked at beyond its size.
"""

import base64
import io
import json
import os

import numpy
import torch
from flask import Flask, jsonify, request
from PIL import Image, UnidentifiedImageError

from torch_network import network_of

SIDE = 28
MAX_IMAGES = 64

# Processes use the cores, as in the service that this one is compared with.
torch.set_num_threads(1)
torch.manual_seed(1)
MEMORY_FORMAT = getattr(torch, os.environ["MEMORY_FORMAT"])

app = Flask(__name__)


def load():
    network = network_of(json.loads(os.environ["NETWORK"]))
    with torch.inference_mode():
        network(torch.zeros(1, 1, SIDE, SIDE))
    return network.eval().to(memory_format=MEMORY_FORMAT)


network = load()


def read_image(item):
    image = Image.open(io.BytesIO(base64.b64decode(item["image"]))).convert("L")
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.LANCZOS)
    return numpy.asarray(image)


@app.post("/mnist/classify")
def classify():
    try:
        items = request.get_json()["requests"]
        if len(items) > MAX_IMAGES:
            return jsonify(message=f"at most {MAX_IMAGES} images in a request"), 400
        images = numpy.stack([read_image(item) for item in items])
    except (KeyError, TypeError, ValueError, UnidentifiedImageError) as error:
        return jsonify(message=str(error)), 400
    with torch.inference_mode():
        batch = torch.from_numpy(images).unsqueeze(1).float().div_(255)
        probabilities = network(batch.contiguous(memory_format=MEMORY_FORMAT)).softmax(1)
        likeliest, classes = probabilities.max(1)
    return jsonify(
        responses=[
            {"class": number, "probability": probability}
            for number, probability in zip(classes.tolist(), likeliest.tolist())
        ]
    )
