"""
Makes vectors.json: models that TensorFlow itself writes, compressed with gzip and in base64. Nothing is run but what
builds them; the operators on files and of Python are put into graphs and never called.

  python make-vectors.py > vectors.json
"""
import base64
import gzip
import json
import os
import sys
import tempfile

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''

import tensorflow as tf  # noqa: E402

v1 = tf.compat.v1
folder = tempfile.mkdtemp()
vocabulary = os.path.join(folder, 'vocab.txt')
with open(vocabulary, 'w') as file:
    file.write('a\nb\n')


class Plain(tf.Module):
    def __init__(self):
        self.w = tf.Variable(tf.zeros([8, 4]), name='w')
        text = tf.lookup.TextFileInitializer(vocabulary, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64,
                                             tf.lookup.TextFileIndex.LINE_NUMBER)
        self.table = tf.lookup.StaticHashTable(text, -1)

    @tf.function(input_signature=[tf.TensorSpec([None, 8])])
    def __call__(self, x):
        return tf.cond(tf.reduce_sum(x) > 0, lambda: tf.nn.relu(x @ self.w), lambda: x @ self.w)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def look(self, x):
        return self.table.lookup(x)


class Writing(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([])])
    def __call__(self, x):
        tf.io.write_file('out.txt', 'text')
        return x + 1


class Python(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([])])
    def __call__(self, x):
        return tf.numpy_function(lambda a: a, [x], tf.float32)


def saved(name, module, signatures=None):
    tf.saved_model.save(module, os.path.join(folder, name), signatures=signatures)


plain = Plain()
saved('plain', plain, {'call': plain.__call__, 'look': plain.look})
saved('writing', Writing())
saved('python', Python())

with tf.Graph().as_default() as graph:
    x = v1.placeholder(tf.float32, [None, 4], name='x')
    w = v1.get_variable('w', [4, 3])
    y = tf.identity(tf.matmul(x, w), name='y')
    saver = v1.train.Saver()
    with v1.Session(graph=graph) as session:
        session.run(v1.global_variables_initializer())
        saver.save(session, os.path.join(folder, 'one/model'))
        frozen = v1.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), ['y'])

with tf.Graph().as_default() as inner:
    tf.io.write_file('out.txt', 'text')
with tf.Graph().as_default() as outer:
    tf.raw_ops.DatasetFromGraph(graph_def=inner.as_graph_def().SerializeToString(), name='d')


def read(*parts):
    with open(os.path.join(folder, *parts), 'rb') as file:
        return file.read()


files = {
    'plain/saved_model.pb': read('plain', 'saved_model.pb'),
    'plain/fingerprint.pb': read('plain', 'fingerprint.pb'),
    'plain/variables.index': read('plain', 'variables', 'variables.index'),
    'writing/saved_model.pb': read('writing', 'saved_model.pb'),
    'python/saved_model.pb': read('python', 'saved_model.pb'),
    'one/model.meta': read('one', 'model.meta'),
    'one/model.index': read('one', 'model.index'),
    'one/checkpoint': b'model_checkpoint_path: "model"\nall_model_checkpoint_paths: "model"\n',
    'frozen.pb': frozen.SerializeToString(),
    'nested.pb': outer.as_graph_def().SerializeToString(),
}
vectors = {name: base64.b64encode(gzip.compress(data, 9, mtime=0)).decode() for name, data in files.items()}
json.dump({'tensorflow': tf.__version__, 'files': vectors}, sys.stdout, indent=1)
print()
