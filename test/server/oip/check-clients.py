"""Asks a running service with the clients that people use, unchanged, and checks what comes back.

    python check-clients.py CLIENT HTTP_ADDRESS GRPC_ADDRESS IMAGE DIGIT

CLIENT is one of those below; exit code 77 says that it is not installed. What was asked and answered goes to stdout, a
line each.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile

NOT_INSTALLED = 77


def say(what, answer):
    print(f"{what}: {answer}", flush=True)


def expect(what, found, wanted):
    assert found == wanted, f"{what}: expected {wanted!r}, got {found!r}"
    say(what, found)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def ask_triton(module, client, image, digit):
    """What tritonclient.http and tritonclient.grpc have alike."""
    import numpy
    from tritonclient.utils import InferenceServerException

    expect("is_server_live", client.is_server_live(), True)
    expect("is_server_ready", client.is_server_ready(), True)
    expect("is_model_ready", client.is_model_ready("digits"), True)
    expect("is_model_ready of none", client.is_model_ready("none"), False)

    inputs = [module.InferInput("image", [2], "BYTES")]
    inputs[0].set_data_from_numpy(numpy.array([image, image], dtype=object))
    result = client.infer("digits", inputs, request_id="a-1")
    expect("class", result.as_numpy("class").tolist(), [digit, digit])
    assert (result.as_numpy("probability") > 0.5).all()

    outputs = [module.InferRequestedOutput("probabilities", class_count=2), module.InferRequestedOutput("label")]
    result = client.infer("digits", inputs, outputs=outputs, timeout=20_000_000)
    best = result.as_numpy("probabilities")[0][0].decode()
    expect("classification", best.split(":")[1:], [str(digit), str(digit)])
    expect("label", [label.decode() for label in result.as_numpy("label")], [str(digit)] * 2)

    frames = numpy.zeros((3, 28, 28), dtype=numpy.float32)
    inputs = [module.InferInput("frame", [3, 28, 28], "FP32")]
    inputs[0].set_data_from_numpy(frames)
    outputs = [module.InferRequestedOutput("digit"), module.InferRequestedOutput("probabilities")]
    result = client.infer("frames", inputs, outputs=outputs)
    expect("digit of blank frames", result.as_numpy("digit").tolist(), [False] * 3)
    expect("shape of probabilities", result.as_numpy("probabilities").shape, (3, 10))

    inputs = [module.InferInput("image", [1], "BYTES")]
    inputs[0].set_data_from_numpy(numpy.array([image], dtype=object))
    result = client.infer("numbers", inputs)
    expect("text", result.as_numpy("text")[0].decode(), str(digit))

    for what, call in {
        "infer with no such model": lambda: client.infer("none", inputs),
        "load_model": lambda: client.load_model("digits"),
        "infer with what is no image": lambda: client.infer("digits", [nonsense(module, numpy)]),
    }.items():
        try:
            call()
            raise AssertionError(f"{what}: expected an error")
        except InferenceServerException as error:
            say(what, f"{error.status()} {error.message()}")


def nonsense(module, numpy):
    tensor = module.InferInput("image", [1], "BYTES")
    tensor.set_data_from_numpy(numpy.array([b"\x01\x02"], dtype=object))
    return tensor


def triton_http(http, _grpc, image, digit):
    import numpy
    import tritonclient.http as module

    client = module.InferenceServerClient(http)
    expect("name", client.get_server_metadata()["name"], "inkdigit")
    expect("platform", client.get_model_metadata("digits")["platform"], "onnx_onnxv1")
    expect("data_type", client.get_model_config("digits")["input"][0]["data_type"], "TYPE_STRING")
    expect("index", [model["state"] for model in client.get_model_repository_index()][:1], ["READY"])
    ask_triton(module, client, image, digit)
    stats = client.get_inference_statistics("digits")["model_stats"][0]
    assert stats["inference_count"] >= 0
    say("statistics", stats)

    inputs = [module.InferInput("image", [1], "BYTES")]
    text = base64.b64encode(image).decode()
    inputs[0].set_data_from_numpy(numpy.array([text], dtype=object), binary_data=False)
    result = client.infer("digits", inputs, outputs=[module.InferRequestedOutput("class", binary_data=False)])
    expect("class by JSON", result.as_numpy("class").tolist(), [digit])


def triton_grpc(_http, grpc, image, digit):
    import numpy
    import tritonclient.grpc as module
    from tritonclient.grpc._utils import _get_inference_request

    client = module.InferenceServerClient(grpc)
    expect("name", client.get_server_metadata().name, "inkdigit")
    expect("platform", client.get_model_metadata("digits").platform, "onnx_onnxv1")
    expect("data_type", client.get_model_config("digits").config.input[0].data_type, 13)
    expect("index", [model.state for model in client.get_model_repository_index().models][:1], ["READY"])
    ask_triton(module, client, image, digit)
    say("statistics", client.get_inference_statistics("digits", as_json=True)["model_stats"][0])

    inputs = [module.InferInput("image", [1], "BYTES")]
    inputs[0].set_data_from_numpy(numpy.array([image], dtype=object))
    request = _get_inference_request(
        model_name="digits", inputs=inputs, model_version="", request_id="a-1", outputs=None, sequence_id=0,
        sequence_start=False, sequence_end=False, priority=0, timeout=None, parameters=None,
    )
    print("recorded " + base64.b64encode(request.SerializeToString()).decode())


def kserve(http, grpc, image, digit):
    import asyncio

    import httpx
    import numpy
    from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest
    from kserve.inference_client import RESTConfig

    url = f"http://{http}"

    def request(binary):
        tensor = InferInput("image", [1], "BYTES")
        text = base64.b64encode(image).decode()
        tensor.set_data_from_numpy(numpy.array([text], dtype=object), binary_data=binary)
        return InferRequest(model_name="digits", infer_inputs=[tensor], request_id="a-1")

    async def ask():
        client = InferenceRESTClient(RESTConfig(protocol="v2"))
        expect("is_server_ready", await client.is_server_ready(url), True)
        expect("is_server_live", await client.is_server_live(url), True)
        expect("is_model_ready", await client.is_model_ready(url, "digits"), True)
        for binary in (False, True):
            answer = await client.infer(url, request(binary), model_name="digits")
            values = {output.name: output.as_numpy().tolist() for output in answer.outputs}
            expect(f"class (binary {binary})", values["class"], [digit])
            expect("id", answer.id, "a-1")
        try:
            await client.infer(url, {"inputs": []}, model_name="digits")
            raise AssertionError("expected an error")
        except httpx.HTTPStatusError as error:
            assert "one input" in str(error), error
            say("infer without an input", error)
        first = InferenceRESTClient(RESTConfig(protocol="v1"))
        instances = {"instances": [{"b64": base64.b64encode(image).decode()}]}
        answer = await first.infer(url, instances, model_name="digits")
        expect("predictions of v1", [one["class"] for one in answer["predictions"]], [digit])
        by_grpc = InferenceGRPCClient(grpc)
        answer = await by_grpc.infer(request(True))
        values = {output.name: output.as_numpy().tolist() for output in answer.outputs}
        expect("class by gRPC", values["class"], [digit])
        expect("is_model_ready by gRPC", await by_grpc.is_model_ready("digits"), True)
        await by_grpc.close()

    asyncio.run(ask())


def mlserver(http, _grpc, image, digit):
    import mlserver as _  # noqa: F401 -- says whether it is there

    command = os.path.join(os.path.dirname(sys.executable), "mlserver")
    text = base64.b64encode(image).decode()
    tensor = {"name": "image", "datatype": "BYTES", "shape": [1], "data": [text]}
    for options in ([], ["-b"], ["-s", "3"]):
        with tempfile.TemporaryDirectory() as folder:
            asked, answered = os.path.join(folder, "asked"), os.path.join(folder, "answered")
            with open(asked, "w") as file:
                file.writelines(json.dumps({"inputs": [tensor]}) + "\n" for _ in range(4))
            subprocess.run(
                [command, "infer", "-u", http, "-m", "digits", "-i", asked, "-o", answered, *options],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            with open(answered) as file:
                answers = [json.loads(line) for line in file]
        found = [
            output["data"] for answer in answers for output in answer["outputs"] if output["name"] == "class"
        ]
        expect(f"class with {options}", [value for values in found for value in values], [digit] * 4)


def open_inference(http, _grpc, image, digit):
    from open_inference.openapi.client import InferenceRequest, OpenInferenceClient
    from open_inference.openapi.core.api_error import ApiError

    client = OpenInferenceClient(base_url=f"http://{http}")
    client.check_server_liveness()
    client.check_server_readiness()
    client.check_model_readiness("digits")
    client.check_model_version_readiness("digits", "1")
    expect("name", client.read_server_metadata().name, "inkdigit")
    metadata = client.read_model_metadata("digits")
    expect("inputs", [tensor.name for tensor in metadata.inputs], ["image"])
    tensor = {"name": "image", "datatype": "BYTES", "shape": [1], "data": [base64.b64encode(image).decode()]}
    answer = client.model_infer("digits", request=InferenceRequest(id="a-1", inputs=[tensor]))
    found = {output.name: output.data.__root__ for output in answer.outputs}
    expect("class", found["class"], [digit])
    expect("id", answer.id, "a-1")
    for what, status, call in (
        ("infer without an input", 400, lambda: client.model_infer("digits", request=InferenceRequest(inputs=[]))),
        ("metadata of no such model", 404, lambda: client.read_model_metadata("none")),
    ):
        try:
            call()
            raise AssertionError(f"{what}: expected an error")
        except ApiError as error:
            expect(f"{what}, status", error.status_code, status)
            say(what, error.body)


CLIENTS = {
    "tritonclient.http": triton_http,
    "tritonclient.grpc": triton_grpc,
    "kserve": kserve,
    "mlserver": mlserver,
    "open-inference-openapi": open_inference,
}

if __name__ == "__main__":
    name, http_address, grpc_address, path, shown = sys.argv[1:]
    try:
        CLIENTS[name](http_address, grpc_address, read(path), int(shown))
    except ImportError as missing:
        print(missing, file=sys.stderr)
        sys.exit(NOT_INSTALLED)
