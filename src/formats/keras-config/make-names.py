"""Makes keras-names.ts: the names of what Keras builds from a configuration. Run: KERAS_BACKEND=torch python make-names.py"""

import builtins
import importlib
import inspect
import os
import pkgutil
import sys

import keras
from keras.src.dtype_policies.dtype_policy import DTypePolicy
from keras.src.dtype_policies.dtype_policy_map import DTypePolicyMap
from keras.src.ops.operation import Operation
from keras.src.quantizers.quantization_config import QuantizationConfig
from keras.src.quantizers.quantizers import Quantizer

HERE = os.path.dirname(os.path.abspath(__file__))
BASES = (
    keras.Layer,
    keras.Model,
    Operation,
    keras.optimizers.Optimizer,
    keras.optimizers.schedules.LearningRateSchedule,
    keras.losses.Loss,
    keras.metrics.Metric,
    keras.initializers.Initializer,
    keras.regularizers.Regularizer,
    keras.constraints.Constraint,
    keras.random.SeedGenerator,
    DTypePolicy,
    DTypePolicyMap,
    Quantizer,
    QuantizationConfig,
)
MODELLING = ['activations', 'constraints', 'initializers', 'losses', 'metrics', 'regularizers']


def modules():
    for info in pkgutil.walk_packages(keras.src.__path__, 'keras.src.'):
        if any(part in info.name for part in ('testing', '_test', '.backend.', 'benchmarks')):
            continue
        try:
            yield importlib.import_module(info.name)
        except Exception:
            continue


def is_name(name):
    return name.isascii() and name.isidentifier() and not name.startswith('_')


classes, functions = set(), set()
for module in modules():
    for name, thing in vars(module).items():
        if is_name(name) and inspect.isclass(thing) and issubclass(thing, BASES) and thing.__module__.startswith('keras'):
            classes.add(thing.__name__)
for namespace in MODELLING:
    for name, thing in vars(getattr(keras, namespace)).items():
        if is_name(name) and inspect.isfunction(thing) and name not in ('get', 'serialize', 'deserialize'):
            functions.add(name)
others = set()
for namespace in ('utils', 'saving', 'config', 'datasets', 'models', 'export', 'preprocessing', 'tree', 'distribution'):
    for name, thing in vars(getattr(keras, namespace)).items():
        if is_name(name) and inspect.isfunction(thing):
            others.add(name)
others -= functions


def lines(names):
    text, line = [], ' '
    for name in sorted(names):
        if len(line) + len(name) > 116:
            text.append(line)
            line = ' '
        line += ' ' + name
    return '\n'.join([*text, line])


with open(os.path.join(HERE, 'keras-names.ts'), 'w', encoding='utf-8') as out:
    out.write(f"""/**
 * Names of what Keras builds from a configuration, as data; made by `make-names.py` from Keras {keras.__version__}.
 *
 * Names are facts about a public interface; nothing else of Keras is here.
 */

/** Layers, models, operations, optimisers, losses, metrics and whatever else a configuration may name as a class. */
export const CLASSES = `
{lines(classes)}
`

/** Functions that a configuration may name: activations, losses, metrics, initialisers. */
export const FUNCTIONS = `
{lines(functions)}
`

/** Functions of Keras that build nothing: they load, fetch, write or configure. */
export const TOOLS = `
{lines(others)}
`

/** Functions that every Python program has at hand. */
export const PYTHON_FUNCTIONS = `
{lines(name for name in dir(builtins) if name.islower() and not name.startswith('_') and name not in functions)}
`

/** Top-level modules that every Python has. */
export const PYTHON_MODULES = `
{lines(name for name in sys.stdlib_module_names if not name.startswith('_'))}
`
""")
print(len(classes), len(functions), len(others))
