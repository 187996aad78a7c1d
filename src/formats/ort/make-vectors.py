"""Writes vectors.json: a model as ONNX Runtime saves it in its own format.

python3 src/formats/ort/make-vectors.py > src/formats/ort/vectors.json

Wants the packages onnx, onnxruntime and numpy. Each vector is {name, base64, tensors}.
"""
import base64
import json
import os
import tempfile

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper, save


def branch(name, weights, inputs):
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4])
    return helper.make_graph([helper.make_node("Gemm", ["x", *inputs], ["y"])], name, [], [out], weights)


def model():
    w = numpy_helper.from_array(np.arange(12, dtype=np.float32).reshape(3, 4), "w")
    b = numpy_helper.from_array(np.arange(4, dtype=np.float32), "b")
    inner = numpy_helper.from_array(np.full((3, 4), 0.5, dtype=np.float32), "inner")
    node = helper.make_node(
        "If", ["c"], ["out"], then_branch=branch("then", [inner], ["inner", "b"]), else_branch=branch("else", [], ["w", "b"])
    )
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3]),
        helper.make_tensor_value_info("c", TensorProto.BOOL, []),
    ]
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 4])
    graph = helper.make_graph([node], "oak", inputs, [out], [w, b])
    one = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], producer_name="oak")
    one.ir_version = 9
    return one


def convert(one):
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "m.onnx"), os.path.join(folder, "m.ort")
        save(one, source)
        options = onnxruntime.SessionOptions()
        options.optimized_model_filepath = target
        options.add_session_config_entry("session.save_model_format", "ORT")
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        with open(target, "rb") as file:
            return file.read()


print(
    json.dumps(
        [{"name": "a branch with weights of its own", "base64": base64.b64encode(convert(model())).decode()}], indent=1
    )
)
