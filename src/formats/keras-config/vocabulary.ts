/**
 * What the names in a Keras configuration mean: part of Keras, of an older Keras, of Python, or of somebody else.
 *
 * Source: the public names of Keras 3 (`keras-names.ts`); the layers of Keras 1 and 2 and of tf.keras by hand.
 */
import { CLASSES, FUNCTIONS, PYTHON_FUNCTIONS, PYTHON_MODULES, TOOLS } from './keras-names.ts'

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

/** Classes of Keras 1 and 2 and of tf.keras that Keras 3 no longer has. */
const LEGACY_CLASSES = `
  BatchNormalizationV1 BatchNormalizationV2 Bidirectional ClassMethod ConvLSTM2DCell ConvRecurrent2D Convolution1D
  Convolution2D Convolution3D CuDNNGRU CuDNNLSTM Deconvolution2D DenseFeatures AtrousConvolution2D DynamicLossScale
  FixedLossScale GRUCellV2 GRUV2 GlobalAvgPool2D Highway InstanceMethod InstanceProperty LSTMCellV2 LSTMV2
  LinearModel LocallyConnected1D LocallyConnected2D MaxoutDense MultiStepLR Network NoNeg NonNegative
  PeepholeLSTMCell Policy PolicyV1 PreprocessingLayer RandomFourierFeatures RandomHeight RandomWidth SequenceFeatures
  SlicingOpLambda SparseTopKCategoricalAccuracy SyncBatchNormalization TFOpLambda TensorFlowOpLayer
  TimeDistributedDense WideDeepModel
`

/** Functions of older versions, and short names. */
const LEGACY_FUNCTIONS = `
  MAE MAPE MSE MSLE KLD acc accuracy bce cce constant cosine cosine_proximity crossentropy glorot_normal
  glorot_uniform he_normal he_uniform identity kld kullback_leibler_divergence l1 l1_l2 l2 lecun_normal
  lecun_uniform logcosh mae mape max_norm maxnorm min_max_norm mse msle non_neg nonneg normal ones orthogonal
  random_normal random_uniform sparse_categorical_crossentropy truncated_normal uniform unit_norm unitnorm zeros
`

/** Layers that load another artefact or run another framework's module, and what they do. */
export const LOADERS: ReadonlyMap<string, string> = new Map([
  ['TFSMLayer', 'loads a TensorFlow SavedModel from a path'],
  ['TorchModuleWrapper', 'unpickles a PyTorch module'],
  ['JaxLayer', 'runs functions of JAX that are stored with it'],
  ['FlaxLayer', 'runs a Flax module that is stored with it'],
  ['KerasLayer', 'loads a model from TensorFlow Hub'],
])

/** Classes that run what an operation or its arguments name, in older versions. */
export const OPERATION_LAYERS: ReadonlySet<string> = new Set([
  'TFOpLambda',
  'TensorFlowOpLayer',
  'ClassMethod',
  'InstanceMethod',
])

/** Operations of TensorFlow that reach out of the model, or run what they are given. */
export const REACHING_OPERATION =
  /(^|\.)(io|py_function|py_func|numpy_function|load_op_library|load_library|saved_model|read_file|write_file|matching_files|save|restore|load|config|sysconfig|distribute|data)(\.|$)|(Read|Write|Delete|Rename)(File|Dir)|MatchingFiles|PyFunc|\b(Restore|Save)(V2|Slice|Slices)?\b/

const KNOWN_CLASSES: ReadonlySet<string> = new Set([...wordsOf(CLASSES), ...wordsOf(LEGACY_CLASSES)])
const KNOWN_FUNCTIONS: ReadonlySet<string> = new Set([...wordsOf(FUNCTIONS), ...wordsOf(LEGACY_FUNCTIONS)])
const KNOWN_TOOLS: ReadonlySet<string> = new Set(wordsOf(TOOLS))
const OF_PYTHON: ReadonlySet<string> = new Set(wordsOf(PYTHON_FUNCTIONS))

/** Packages that are Keras itself, by the beginning of a module's name. */
const KERAS =
  /^(keras|tf_keras|keras_core|tensorflow\.keras|tensorflow\.python\.keras|tensorflow_core\.[a-z_.]*keras)(\.|$)/
/** Where Keras keeps what builds nothing. */
const TOOL_MODULES =
  /^(tf_)?keras(\.src)?\.(utils|saving|config|datasets|callbacks|export|visualization|tree|wrappers|backend|distribution|legacy\.saving|legacy\.backend|trainers\.data_adapters|api_export)(\.|$)/
/** Where the operations stand that a functional model may have as layers. */
const OPERATION_MODULES = /^keras(\.src)?\.(ops|random|operations)(\.|$)/
/** Libraries whose functions and classes Keras never names, beside those that every Python has. */
const LIBRARIES = `
  absl cloudpickle dask dill fsspec gdown google h5py huggingface_hub IPython jax joblib jsonpickle marshmallow
  matplotlib mlflow numpy onnx onnxruntime pandas paramiko pip pkg_resources psutil ray requests scipy setuptools
  sklearn tensorflow tensorflow_hub torch torchvision transformers urllib3 yaml builtins nt posix
`
const FOREIGN: ReadonlySet<string> = new Set([...wordsOf(PYTHON_MODULES), ...wordsOf(LIBRARIES)])

/** Whether Keras has, or had, a class of this name. @example isKerasClass('Dense') // true */
export function isKerasClass(name: string): boolean {
  return KNOWN_CLASSES.has(name)
}

/** Whether Keras has, or had, a function of this name that a configuration may name. @example isKerasFunction('relu') // true */
export function isKerasFunction(name: string): boolean {
  return KNOWN_FUNCTIONS.has(name)
}

/** Whether the name is that of a function which builds nothing. @example isTool('get_file') // true */
export function isTool(name: string): boolean {
  return KNOWN_TOOLS.has(name)
}

/** Whether every Python has a function of this name at hand. @example isPythonFunction('exec') // true */
export function isPythonFunction(name: string): boolean {
  return OF_PYTHON.has(name)
}

/** Whether a module is one of Keras. @example isKerasModule('keras.src.layers') // true */
export function isKerasModule(module: string): boolean {
  return KERAS.test(module)
}

/** Whether a module of Keras holds nothing that a model is built of. @example isToolModule('keras.utils') // true */
export function isToolModule(module: string): boolean {
  return TOOL_MODULES.test(module)
}

/** Whether a module of Keras holds operations. @example isOperationModule('keras.src.ops.numpy') // true */
export function isOperationModule(module: string): boolean {
  return OPERATION_MODULES.test(module)
}

/** Whether a module is one of Python, or of a library that Keras never names. @example isForeignModule('os.path') // true */
export function isForeignModule(module: string): boolean {
  return FOREIGN.has(module.split('.')[0] ?? '')
}
