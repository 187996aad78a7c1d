"""Makes keras.json: small models as Keras writes them. Run: python make-keras.py"""

import base64, gzip, json, os, tempfile

os.environ['KERAS_BACKEND'] = 'torch'
import keras
import numpy as np
import torch
from keras import layers

HERE = os.path.dirname(os.path.abspath(__file__))


@keras.saving.register_keras_serializable(package='my')
class Mine(layers.Layer):
    def __init__(self, units=3, **options):
        super().__init__(**options)
        self.units = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units))

    def call(self, x):
        return x @ self.w

    def get_config(self):
        return {**super().get_config(), 'units': self.units}


@keras.saving.register_keras_serializable(package='my')
class Whole(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.dense = layers.Dense(3)

    def call(self, x):
        return self.dense(x)


def sequential():
    model = keras.Sequential(
        [keras.Input((8,)), layers.Dense(4, activation='relu', kernel_regularizer='l2'), layers.Dropout(0.2), layers.Dense(1)]
    )
    model.compile('adam', 'mse', metrics=['mae', keras.metrics.AUC(num_thresholds=3)])
    model.fit(np.zeros((4, 8)), np.array([0, 1, 0, 1]), verbose=0)
    return model


def functional():
    inputs = keras.Input((8, 8, 3))
    x = layers.Rescaling(1 / 255.0)(inputs)
    x = layers.Conv2D(2, 3, padding='same', activation=keras.activations.gelu)(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = keras.ops.relu(x) + 1.0
    outputs = layers.Dense(3, activation='softmax', kernel_constraint=keras.constraints.MaxNorm(2.0))(x)
    model = keras.Model(inputs, outputs)
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    model.compile(keras.optimizers.SGD(schedule), keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    return model


def recurrent():
    inputs = keras.Input((None,), dtype='int32')
    x = layers.Embedding(10, 4, mask_zero=True)(inputs)
    x = layers.Bidirectional(layers.LSTM(2, return_sequences=True))(x)
    x = layers.TimeDistributed(layers.Dense(3))(x)
    x = layers.RNN([layers.GRUCell(2), layers.LSTMCell(2)])(x)
    return keras.Model(inputs, layers.Dense(1, activation='sigmoid')(x))


def half():
    return keras.Sequential([keras.Input((4,)), layers.Dense(2, dtype='mixed_bfloat16'), layers.Dense(2, dtype='bfloat16')])


def quantized():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8)])
    model.quantize('int8')
    return model


def with_lambda():
    return keras.Sequential([keras.Input((4,)), layers.Lambda(lambda x: x * 2), layers.Dense(2)])


def custom():
    return keras.Sequential([keras.Input((4,)), Mine(3)])


def subclassed():
    model = Whole()
    model(np.zeros((1, 4), 'f4'))
    return model


def wrapped():
    return keras.Sequential([keras.Input((4,)), layers.TorchModuleWrapper(torch.nn.Linear(4, 2))])


def make(make_model, ending):
    keras.utils.clear_session()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f'model{ending}')
        model = make_model()
        (model.save_weights if ending == '.weights.h5' else model.save)(path)
        data = open(path, 'rb').read()
    packed = base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
    return {'name': f'{make_model.__name__}{ending}', 'weights': len(model.weights), 'gzip': packed}


MODELS = [sequential, functional, recurrent, half, quantized, with_lambda, custom, subclassed, wrapped]
vectors = [make(model, ending) for model in MODELS for ending in ('.keras', '.h5')]
vectors += [make(model, '.weights.h5') for model in (sequential, half)]
with open(os.path.join(HERE, 'keras.json'), 'w', encoding='utf-8') as out:
    out.write('[\n' + ',\n'.join(json.dumps(vector) for vector in vectors) + '\n]\n')
print(keras.__version__, len(vectors), os.path.getsize(os.path.join(HERE, 'keras.json')))
