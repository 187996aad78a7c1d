"""Writes vectors.json: TensorFlow Lite models as the library that belongs to the format packs them.

python3 src/formats/tflite/make-vectors.py > src/formats/tflite/vectors.json

Wants the packages ai-edge-litert (for its generated schema) and flatbuffers. Each vector is {name, base64, tensors,
operators}: what the reader must find.
"""
import base64
import json

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema


def code(builtin, custom=None):
    one = schema.OperatorCodeT()
    one.builtinCode = builtin
    one.deprecatedBuiltinCode = min(builtin, 127)
    one.customCode = custom
    one.version = 1
    return one


def buffer(data=None):
    one = schema.BufferT()
    if data is not None:
        one.data = np.frombuffer(data.tobytes(), dtype=np.uint8)
    return one


def tensor(name, shape, type_, index, scale=None):
    one = schema.TensorT()
    one.name, one.shape, one.type, one.buffer = name, shape, type_, index
    if scale is not None:
        one.quantization = schema.QuantizationParametersT()
        one.quantization.scale, one.quantization.zeroPoint = scale, [0] * len(scale)
    return one


def operator(index, inputs, outputs, kind=0, options=None):
    one = schema.OperatorT()
    one.opcodeIndex, one.inputs, one.outputs = index, inputs, outputs
    one.builtinOptionsType, one.builtinOptions = kind, options
    return one


def model(codes, operators):
    one = schema.ModelT()
    one.version, one.description = 3, "oak"
    one.operatorCodes = codes
    weights = np.arange(12, dtype=np.float32).reshape(4, 3)
    one.buffers = [buffer(), buffer(weights), buffer(np.arange(4, dtype=np.int8)), buffer(np.ones(4, dtype=np.float16))]
    graph = schema.SubGraphT()
    graph.name, graph.inputs, graph.outputs, graph.operators = "main", [0], [4], operators
    graph.tensors = [
        tensor("in", [1, 3], schema.TensorType.FLOAT32, 0),
        tensor("dense/kernel", [4, 3], schema.TensorType.FLOAT32, 1),
        tensor("dense/bias", [4], schema.TensorType.INT8, 2, [0.5]),
        tensor("gain", [4], schema.TensorType.FLOAT16, 3),
        tensor("out", [1, 4], schema.TensorType.FLOAT32, 0),
    ]
    one.subgraphs = [graph]
    signature = schema.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = "serving_default", 0
    place = schema.TensorMapT()
    place.name, place.tensorIndex = "x", 0
    signature.inputs = [place]
    one.signatureDefs = [signature]
    return one


def dense():
    options = schema.FullyConnectedOptionsT()
    options.keepNumDims = True
    return operator(0, [0, 1, 2], [4], schema.BuiltinOptions.FullyConnectedOptions, options)


def pack(one):
    builder = flatbuffers.Builder(1024)
    builder.Finish(one.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def vectors():
    op = schema.BuiltinOperator
    yield "one dense layer", model([code(op.FULLY_CONNECTED)], [dense()]), ["FULLY_CONNECTED 1"]
    composite = schema.StableHLOCompositeOptionsT()
    composite.name, composite.decompositionSubgraphIndex = "odml.rms_norm", 0
    newer = schema.OperatorT()
    newer.opcodeIndex, newer.inputs, newer.outputs = 1, [0], [4]
    newer.builtinOptions2Type, newer.builtinOptions2 = schema.BuiltinOptions2.StableHLOCompositeOptions, composite
    codes = [code(op.FULLY_CONNECTED), code(op.STABLEHLO_COMPOSITE)]
    yield "operators of two generations", model(codes, [dense(), newer]), ["FULLY_CONNECTED 1", "STABLEHLO_COMPOSITE 1"]
    codes = [code(op.FULLY_CONNECTED), code(op.CUSTOM, "TFLite_Detection_PostProcess")]
    bundled = [dense(), operator(1, [0, -1], [4])]
    yield "a custom operator of the runtime", model(codes, bundled), ["FULLY_CONNECTED 1", "TFLite_Detection_PostProcess 1"]


print(
    json.dumps(
        [
            {"name": name, "base64": base64.b64encode(pack(one)).decode(), "operators": operators}
            for name, one, operators in vectors()
        ],
        indent=2,
    )
)
