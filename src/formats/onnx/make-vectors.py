"""
Makes vectors.json: models that the onnx package and PyTorch write, in base64.

  python make-vectors.py > vectors.json
"""
import base64
import io
import json
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

value = helper.make_tensor_value_info
opsets = [helper.make_opsetid('', 17)]


def model(nodes, tensors=(), inputs=('x',), outputs=('y',), **more):
    ends = [[value(name, TensorProto.FLOAT, [2]) for name in names] for names in (inputs, outputs)]
    graph = helper.make_graph(nodes, 'g', ends[0], ends[1], list(tensors))
    return helper.make_model(graph, opset_imports=more.pop('opset_imports', opsets), producer_name='vectors', **more)


def every_type():
    for name, number in TensorProto.DataType.items():
        if name == 'UNDEFINED':
            continue
        values = [b'a', b'b', b'c'] if name == 'STRING' else [1, 2, 3]
        yield helper.make_tensor(f't_{name}', number, [3], values)


body = helper.make_graph(
    [helper.make_node('Identity', ['c'], ['c2']), helper.make_node('Add', ['s', 'x'], ['s2'])], 'body',
    [value('i', TensorProto.INT64, []), value('c', TensorProto.BOOL, []), value('s', TensorProto.FLOAT, [2])],
    [value('c2', TensorProto.BOOL, []), value('s2', TensorProto.FLOAT, [2])])
function = helper.make_function('own', 'F', ['x'], ['y'], [helper.make_node('Relu', ['x'], ['y'])], opsets)
weight = numpy_helper.from_array(numpy.ones(2, 'float32'), 'w')
external = model([helper.make_node('Add', ['x', 'w'], ['y'])], [weight])
onnx.external_data_helper.convert_model_to_external_data(external, location='w.bin', size_threshold=0)
for tensor in external.graph.initializer:
    tensor.ClearField('raw_data')

models = {
    'plain': model([helper.make_node('Add', ['x', 'w'], ['y'])], [weight]),
    'external': external,
    'types': model([helper.make_node('Identity', ['x'], ['y'])], every_type(),
                   opset_imports=[helper.make_opsetid('', 25)]),
    'functions': model([helper.make_node('F', ['x'], ['f'], domain='own'),
                        helper.make_node('Loop', ['', '', 'f'], ['y'], body=body)], functions=[function],
                       opset_imports=[*opsets, helper.make_opsetid('own', 1)]),
    'sparse': model([helper.make_node('Constant', [], ['y'], sparse_value=helper.make_sparse_tensor(
        weight, numpy_helper.from_array(numpy.array([0, 3]), 'i'), [4]))]),
}
files = {name: each.SerializeToString() for name, each in models.items()}
try:
    import torch

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.GELU(), torch.nn.LayerNorm(3))

        def forward(self, x):
            return self.layers(x)

    stream = io.BytesIO()
    torch.onnx.export(Net(), (torch.zeros(1, 4),), stream, opset_version=17, dynamo=False)
    files['torch'] = stream.getvalue()
except Exception as problem:
    print(f'without PyTorch: {problem}', file=sys.stderr)
vectors = {name: base64.b64encode(data).decode() for name, data in files.items()}
json.dump({'onnx': onnx.__version__, 'files': vectors}, sys.stdout, indent=1)
print()
