"""
Makes one part of vectors.json: models that the frameworks themselves write, compressed with gzip and in base64.

  python make-vectors.py paddle|core-ml|sentencepiece

Each needs its package (paddlepaddle 2.6, coremltools, sentencepiece). Nothing is run but what builds the models.
"""
import base64
import gzip
import json
import os
import random
import sys
import tempfile

folder = tempfile.mkdtemp()


def read(name):
    with open(os.path.join(folder, name), 'rb') as file:
        return file.read()


def paddle():
    global pd  # what Paddle makes of the class looks for it there
    import paddle as pd

    class Net(pd.nn.Layer):
        def __init__(self):
            super().__init__()
            self.linear = pd.nn.Linear(4, 3)

        def forward(self, x):
            return pd.nn.functional.softmax(self.linear(x))

    pd.jit.save(Net(), os.path.join(folder, 'net'), input_spec=[pd.static.InputSpec([None, 4], 'float32')])
    pd.enable_static()
    program = pd.static.Program()
    with pd.static.program_guard(program):
        x = pd.static.data('x', [2, 2], 'float32')
        out = program.current_block().create_var(name='out', dtype='float32', shape=[2, 2])
        pd.static.py_func(func=lambda a: a, x=x, out=out)
    return {'net.pdmodel': read('net.pdmodel'), 'net.pdiparams': read('net.pdiparams'),
            'python.pdmodel': program.desc.serialize_to_string()}


def core_ml():
    from coremltools.proto import Model_pb2

    def model(version=4):
        one = Model_pb2.Model()
        one.specificationVersion = version
        for name, side in [('x', one.description.input), ('y', one.description.output)]:
            feature = side.add()
            feature.name = name
            feature.type.multiArrayType.shape.append(3)
            feature.type.multiArrayType.dataType = 65568
        return one

    def layer(one):
        each = one.neuralNetwork.layers.add()
        each.name, each.input[:], each.output[:] = 'layer', ['x'], ['y']
        return each

    plain, custom, whole, program, escape = model(), model(), model(), model(7), model(7)
    product = layer(plain).innerProduct
    product.inputChannels = product.outputChannels = 3
    product.weights.floatValue.extend([1.0] * 9)
    layer(custom).custom.className = 'Own'
    whole.customModel.className = 'Own'
    for one, path in [(program, 'weights/weight.bin'), (escape, '../../weight.bin')]:
        function = one.mlProgram.functions['main']
        function.opset = 'CoreML5'
        operation = function.block_specializations['CoreML5'].operations.add()
        operation.type = 'const'
        operation.attributes['val'].blobFileValue.fileName = f'@model_path/{path}'
    models = {'plain': plain, 'custom': custom, 'whole': whole, 'program': program, 'escape': escape}
    return {f'{name}.mlmodel': one.SerializeToString() for name, one in models.items()}


def sentencepiece():
    import sentencepiece as spm
    random.seed(1)
    words = [''.join(random.choices('abcdefgh', k=random.randint(2, 6))) for _ in range(200)]
    text = os.path.join(folder, 'text.txt')
    with open(text, 'w') as file:
        file.write('\n'.join(' '.join(random.choices(words, k=10)) for _ in range(400)))
    for kind in ['unigram', 'bpe']:
        spm.SentencePieceTrainer.train(input=text, model_prefix=os.path.join(folder, kind), vocab_size=100,
                                       model_type=kind, normalization_rule_name='identity', minloglevel=2)
    return {f'{kind}.model': read(f'{kind}.model') for kind in ['unigram', 'bpe']}


files = {'paddle': paddle, 'core-ml': core_ml, 'sentencepiece': sentencepiece}[sys.argv[1]]()
json.dump({name: base64.b64encode(gzip.compress(data, 9, mtime=0)).decode() for name, data in files.items()},
          sys.stdout, indent=1)
print()
