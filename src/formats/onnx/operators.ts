/**
 * The operators of the standard domains of ONNX, and the versions of their operator sets in which they exist.
 *
 * Source: the operator registry of the onnx package 1.23, printed by `make-operators.py`. The second list is of operators
 * that were experimental before ONNX 1.5, which old models hold and runtimes still know.
 */

const TABLE = `
ai.onnx
  Abs Acos:7 Acosh:9 Add AffineGrid:20 And ArgMax ArgMin Asin:7 Asinh:9 Atan:7 Atanh:9 Attention:23 AveragePool
  BatchNormalization Bernoulli:15 BitCast:26 BitShift:11 BitwiseAnd:18 BitwiseNot:18 BitwiseOr:18 BitwiseXor:18
  BlackmanWindow:17 Cast CastLike:15 CausalConvWithState:27 Ceil Celu:12 CenterCropPad:18 Clip Col2Im:18
  Compress:9 Concat ConcatFromSequence:11 Constant ConstantOfShape:9 Conv ConvInteger:10 ConvTranspose Cos:7
  Cosh:9 CumProd:26 CumSum:11 DFT:17 DeformConv:19 DepthToSpace DequantizeLinear:10 Det:11 Div Dropout
  DynamicQuantizeLinear:11 Einsum:12 Elu Equal Erf:9 Exp Expand:8 EyeLike:9 Flatten Floor GRU Gather
  GatherElements:11 GatherND:11 Gelu:20 Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater
  GreaterOrEqual:12 GridSample:16 GroupNormalization:18 HammingWindow:17 HannWindow:17 HardSigmoid HardSwish:14
  Hardmax Identity If ImageDecoder:20 InstanceNormalization IsInf:10 IsNaN:9 LRN LSTM LayerNormalization:17
  LeakyRelu Less LessOrEqual:12 LinearAttention:27 Log LogSoftmax Loop LpNormalization LpPool MatMul
  MatMulInteger:10 Max MaxPool MaxRoiPool MaxUnpool:9 Mean MeanVarianceNormalization:9 MelWeightMatrix:17 Min
  Mish:18 Mod:10 Mul Multinomial:7 Neg NegativeLogLikelihoodLoss:12 NonMaxSuppression:10 NonZero:9 Not OneHot:9
  Optional:15 OptionalGetElement:15 OptionalHasElement:15 Or PRelu Pad Pow QLinearConv:10 QLinearMatMul:10
  QuantizeLinear:10 RMSNormalization:23 RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike
  Range:11 Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
  ReduceSum ReduceSumSquare RegexFullMatch:20 Relu Reshape Resize:10 ReverseSequence:10 RoiAlign:10
  RotaryEmbedding:23 Round:11 STFT:17 Scan:8 Scatter:9-10 ScatterElements:11 ScatterND:11 Selu SequenceAt:11
  SequenceConstruct:11 SequenceEmpty:11 SequenceErase:11 SequenceInsert:11 SequenceLength:11 SequenceMap:17
  Shape Shrink:9 Sigmoid Sign:9 Sin:7 Sinh:9 Size Slice Softmax SoftmaxCrossEntropyLoss:12 Softplus Softsign
  SpaceToDepth Split SplitToSequence:11 Sqrt Squeeze StringConcat:20 StringNormalizer:10 StringSplit:20 Sub Sum
  SwiGLU:28 Swish:24 Tan:7 Tanh TensorScatter:24 TfIdfVectorizer:9 ThresholdedRelu:10 Tile TopK Transpose
  Trilu:14 Unique:11 Unsqueeze Upsample-9 Where:9 Xor
ai.onnx.ml
  ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer LabelEncoder
  LinearClassifier LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble:5
  TreeEnsembleClassifier-4 TreeEnsembleRegressor-4 ZipMap
ai.onnx.preview
  FlexAttention
ai.onnx.preview.training
  Adagrad Adam Gradient Momentum
`

const EXPERIMENTAL =
  'ATen Affine ConstantFill Crop DynamicSlice GRUUnit GivenTensorFill ImageScaler ParametricSoftplus Scale ScaledTanh'

/** In which versions of its domain an operator exists. */
export interface OperatorSpan {
  readonly first: number
  readonly last: number
}

function parseSpan(word: string): readonly [string, OperatorSpan] {
  const [, name = '', first = '1', last] = /^(\w+)(?::(\d+))?(?:-(\d+))?$/.exec(word) ?? []
  return [name, { first: Number(first), last: last === undefined ? Infinity : Number(last) }]
}

function parseDomain(paragraph: string): readonly [string, ReadonlyMap<string, OperatorSpan>] {
  const [domain = '', ...words] = paragraph.split(' ')
  const old = domain === 'ai.onnx' ? EXPERIMENTAL.split(' ') : []
  return [domain === 'ai.onnx' ? '' : domain, new Map([...words, ...old].map(parseSpan))]
}

/** Operators by domain and name; the domain of ONNX itself is the empty one. */
export const OPERATORS: ReadonlyMap<string, ReadonlyMap<string, OperatorSpan>> = new Map(
  TABLE.trim().replaceAll(/\n\s+/g, ' ').split('\n').map(parseDomain),
)
