"""Makes tf-keras.json: small models as Keras 2 in TensorFlow writes them. Run: python make-tf-keras.py"""

import base64, gzip, json, os, tempfile

os.environ['TF_USE_LEGACY_KERAS'] = '1'
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))
keras, layers = tf.keras, tf.keras.layers


def trained():
    model = keras.Sequential([layers.Input((8,)), layers.Dense(4, activation='relu'), layers.BatchNormalization(), layers.Dense(1)])
    model.compile('adam', 'mse', metrics=['mae'])
    model.fit(np.zeros((4, 8)), np.zeros((4, 1)), verbose=0)
    return model


def operations():
    inputs = layers.Input((8, 8, 3))
    x = tf.nn.relu(layers.Conv2D(2, 3)(inputs)) + 1.0
    x = tf.reduce_mean(x, axis=[1, 2])[:, :2]
    return keras.Model(inputs, layers.Dense(2)(x))


def recurrent():
    inputs = layers.Input((None,))
    x = layers.Embedding(10, 4)(inputs)
    x = layers.Bidirectional(layers.GRU(3, return_sequences=True))(x)
    model = keras.Model(inputs, layers.TimeDistributed(layers.Dense(2))(x))
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.1, 10)))
    return model


def with_lambda_layer():
    return keras.Sequential([layers.Input((4,)), layers.Lambda(lambda x: x * 2), layers.Dense(1)])


def make(make_model, ending):
    keras.backend.clear_session()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f'model{ending}')
        model = make_model()
        model.save(path)
        data = open(path, 'rb').read()
    packed = base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
    return {'name': f'old {make_model.__name__}{ending}', 'weights': len(model.weights), 'gzip': packed}


MODELS = [trained, operations, recurrent, with_lambda_layer]
vectors = [make(model, ending) for model in MODELS for ending in ('.keras', '.h5')]
with open(os.path.join(HERE, 'tf-keras.json'), 'w', encoding='utf-8') as out:
    out.write('[\n' + ',\n'.join(json.dumps(vector) for vector in vectors) + '\n]\n')
print(tf.__version__, len(vectors), os.path.getsize(os.path.join(HERE, 'tf-keras.json')))
