/**
 * Names of what Keras builds from a configuration, as data; made by `make-names.py` from Keras 3.15.1.
 *
 * Names are facts about a public interface; nothing else of Keras is here.
 */

/** Layers, models, operations, optimisers, losses, metrics and whatever else a configuration may name as a class. */
export const CLASSES = `
  AUC AWQConfig AWQDTypePolicy Abs AbsMaxQuantizer Absolute Accuracy Activation ActivityRegularization Adadelta
  Adafactor Adagrad Adam AdamW Adamax AdaptiveAveragePool AdaptiveAveragePooling1D AdaptiveAveragePooling2D
  AdaptiveAveragePooling3D AdaptiveMaxPool AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add
  AdditiveAttention AffineTransform All AllClose AlphaDropout Amax Amin Angle Any Append Arange Arccos Arccosh Arcsin
  Arcsinh Arctan Arctan2 Arctanh Argmax Argmin Argpartition Argsort Array ArraySplit AssociativeScan Attention AugMix
  AutoContrast Average AveragePool AveragePooling1D AveragePooling2D AveragePooling3D BaseAdaptiveAveragePooling
  BaseAdaptiveMaxPooling BaseAdaptivePooling BaseConv BaseConvTranspose BaseDepthwiseConv BaseGlobalPooling
  BaseImagePreprocessingLayer BasePooling BaseSeparableConv BaseSpatialDropout BatchNorm BatchNormalization
  Bidirectional BinaryAccuracy BinaryCrossentropy BinaryFocalCrossentropy BinaryIoU Bincount BitwiseAnd BitwiseInvert
  BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor BroadcastTo CDist CTC CTCDecode CTCLoss Cast
  CategoricalAccuracy CategoricalCrossentropy CategoricalFocalCrossentropy CategoricalGeneralizedCrossEntropy
  CategoricalHinge CategoryEncoding Cbrt Ceil Celu CenterCrop Cholesky CholeskyInverse Circle Clip CompileLoss
  CompileMetrics Concatenate ConcordanceCorrelation Cond Conj Conjugate Constant Constraint
  ContrastLimitedAdaptiveHistogramEqualization Conv Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D
  Conv3DTranspose ConvLSTM ConvLSTM1D ConvLSTM2D ConvLSTM3D ConvLSTMCell ConvTranspose ConvertToTensor Copy Corrcoef
  Correlate Cos Cosh CosineDecay CosineDecayRestarts CosineSimilarity CountNonzero CropImages Cropping1D Cropping2D
  Cropping3D Cross Cumprod Cumsum CustomScaleLayer CutMix DTypePolicy DTypePolicyMap DataLayer Deg2rad Dense
  DepthToSpace DepthwiseConv DepthwiseConv1D DepthwiseConv2D Det Diag Diagflat Diagonal Dice Diff Digitize
  Discretization Distiller Divide DivideNoNan Dot DotProductAttention Dropout Dsplit Dstack ELU Eig Eigh Einsum
  EinsumDense ElasticTransform Elu Embedding EmptyLike Equal Equalization Erf Erfc Erfinv Exp Exp2 ExpandDims Expm1
  ExponentialDecay ExtractPatches ExtractSequences F1Score FBetaScore FFT FFT2 Fabs FakeQuantWithMinMaxVars
  FalseNegatives FalsePositives FeatureSpace Flatten FlaxLayer Flip Fliplr Flipud Float8QuantizationConfig
  FloatDTypePolicy Floor FloorDivide Fmax Fmin Fmod Fold ForiLoop Ftrl Full FullLike Function Functional GPTQConfig
  GPTQDTypePolicy GPTQQuantizer GRU GRUCell GaussianBlur GaussianDropout GaussianNoise Gcd Gelu Geomspace GetItem
  GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D
  GlobalMaxPooling3D GlorotNormal GlorotUniform Glu Greater GreaterEqual GroupNormalization GroupedQueryAttention
  HSVToRGB HardShrink HardSigmoid HardSilu HardTanh HashedCrossing Hashing HeNormal HeUniform Heaviside Hinge
  Histogram Hsplit Hstack Huber Hypot I0 IFFT2 IRFFT ISTFT Identity Imag InTopK IndexLookup Initializer Inner
  InputLayer Int4DTypePolicy Int4QuantizationConfig Int8QuantizationConfig IntegerLookup Inv InverseTimeDecay IoU
  IsIn Isclose Isfinite Isinf Isnan Isneginf Isposinf Isreal JVP JaxLayer KLDivergence Kron L1 L1L2 L2 LSTM LSTMCell
  Lamb Lambda Layer LayerNorm LayerNormalization LayerScale Lcm Ldexp LeakyReLU LeakyRelu LearningRateSchedule
  LecunNormal LecunUniform LeftShift Less LessEqual Linspace Lion Log Log10 Log1p Log2 LogCosh LogCoshError
  LogSigmoid LogSoftmax Logaddexp Logaddexp2 Logdet LogicalAnd LogicalNot LogicalOr LogicalXor Logspace Logsumexp
  Loss LossFunctionWrapper LossScaleOptimizer Lstsq LuFactor Map MapCoordinates Masking Matmul MatrixRank Max MaxNorm
  MaxNumBoundingBoxes MaxPool MaxPooling1D MaxPooling2D MaxPooling3D Maximum Mean MeanAbsoluteError
  MeanAbsolutePercentageError MeanIoU MeanMetricWrapper MeanSquaredError MeanSquaredLogarithmicError Median
  MelSpectrogram Merge Meshgrid Metric MetricsList Min MinMaxNorm Minimum Mish MixUp Mod Model Moments Moveaxis
  MultiHeadAttention MultiHot MultiOptimizer Multiply Muon Nadam NanToNum Nanargmax Nanargmin Nancumprod Nancumsum
  Nanmax Nanmean Nanmedian Nanmin Nanpercentile Nanprod Nanquantile Nanstd Nansum Nanvar Ndim Negative Nextafter
  NonNeg Nonzero Norm Normalization Normalize NotEqual OneHot OneHotIoU OneHotMeanIoU Ones OnesLike Operation
  Optimizer Orthogonal OrthogonalRegularizer Outer PReLU PSNR Pad PadImages PearsonCorrelation Percentile Permute
  PerspectiveTransform PiecewiseConstantDecay Pinv Pipeline Poisson Polar PolynomialDecay Power Precision
  PrecisionAtRecall Prod Ptp Qr Quantile QuantizationConfig QuantizedDTypePolicy QuantizedFloat8DTypePolicy Quantizer
  R2Score RFFT RGBToGrayscale RGBToHSV RMSNorm RMSNormalization RMSprop RNN Rad2deg RandAugment RandomBrightness
  RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip
  RandomGaussianBlur RandomGrayscale RandomHeight RandomHue RandomInitializer RandomInvert RandomNormal
  RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation
  RandomUniform RandomWidth RandomZoom Ravel ReLU Real Rearrange Recall RecallAtPrecision Reciprocal Regularizer Relu
  Relu6 Repeat RepeatVector Rescaling Reshape Resize Resizing ReversibleEmbedding RightShift Roll
  RootMeanSquaredError Rot90 Round Rsqrt SGD SSIM STFT STFTSpectrogram SVD SaturateCast ScaleAndTranslate Scan
  Scatter ScatterUpdate ScheduleFreeAdamW SearchSorted SeedGenerator SegmentMax SegmentMin SegmentProd
  SegmentReduction SegmentSum Select Selu SensitivityAtSpecificity SensitivitySpecificityBase SeparableConv
  SeparableConv1D SeparableConv2D Sequential Sigmoid Sign Signbit Silu SimpleRNN SimpleRNNCell Sin Sinc Sinh Size
  Slice SliceUpdate Slogdet SobelEdges SoftShrink Softmax Softplus Softsign Solarization Solve SolveTriangular Sort
  SpaceToDepth SparseCategoricalAccuracy SparseCategoricalCrossentropy SparsePlus SparseSigmoid
  SparseTopKCategoricalAccuracy Sparsemax SpatialDropout1D SpatialDropout2D SpatialDropout3D SpecificityAtSensitivity
  SpectralNormalization Split Sqrt Square SquaredHinge Squareplus Squeeze Stack StackedRNNCells Std StochasticDepth
  StopGradient StringLookup Subtract Sum Swapaxes Switch TFDConcat TFDIdentity TFSMLayer Take TakeAlongAxis Tan Tanh
  TanhShrink Tensordot TextVectorization Threshold ThresholdedReLU Tile TimeDistributed TopK TopKCategoricalAccuracy
  TorchModuleWrapper Trace Transpose Trapezoid Tril Triu TrueDivide TrueNegatives TruePositives Trunc TruncatedNormal
  Tversky Unfold Unique UnitNorm UnitNormalization UnravelIndex Unstack UpSampling1D UpSampling2D UpSampling3D Vander
  Var VarianceScaling Vdot VectorizedMap View ViewAsComplex ViewAsReal Vsplit Vstack Where WhileLoop Wrapper
  ZeroPadding1D ZeroPadding2D ZeroPadding3D Zeros ZerosLike
`

/** Functions that a configuration may name: activations, losses, metrics, initialisers. */
export const FUNCTIONS = `
  binary_accuracy binary_crossentropy binary_focal_crossentropy categorical_accuracy categorical_crossentropy
  categorical_focal_crossentropy categorical_generalized_cross_entropy categorical_hinge celu circle
  concordance_correlation cosine_similarity ctc dice elu exponential gelu glu hard_shrink hard_sigmoid hard_silu
  hard_swish hard_tanh hinge huber kl_divergence leaky_relu linear log_cosh log_sigmoid log_softmax
  mean_absolute_error mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error mish
  pearson_correlation poisson relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign
  sparse_categorical_accuracy sparse_categorical_crossentropy sparse_plus sparse_sigmoid
  sparse_top_k_categorical_accuracy sparsemax squared_hinge squareplus swish tanh tanh_shrink threshold
  top_k_categorical_accuracy tversky
`

/** Functions of Keras that build nothing: they load, fetch, write or configure. */
export const TOOLS = `
  array_to_img assert_same_paths assert_same_structure audio_dataset_from_directory backend clear_session clone_model
  deserialize_keras_object disable_flash_attention disable_interactive_logging disable_traceback_filtering
  distribute_tensor distribution dtype_policy enable_flash_attention enable_interactive_logging
  enable_traceback_filtering enable_unsafe_deserialization epsilon flatten flatten_with_path floatx
  get_custom_objects get_device_count get_file get_registered_name get_registered_object get_source_inputs
  image_data_format image_dataset_from_directory img_to_array initialize is_flash_attention_enabled
  is_interactive_logging_enabled is_keras_tensor is_nested is_nnx_enabled is_traceback_filtering_enabled list_devices
  lists_to_tuples load_img load_model load_weights map_shape_structure map_structure map_structure_up_to max_epochs
  max_steps_per_epoch model_from_json model_to_dot normalize pack_sequence_as pack_x_y_sample_weight pad_sequences
  plot_model register_keras_serializable save_img save_model save_weights serialize_keras_object set_backend
  set_distribution set_dtype_policy set_epsilon set_floatx set_image_data_format set_max_epochs
  set_max_steps_per_epoch set_random_seed split_dataset standardize_dtype text_dataset_from_directory
  timeseries_dataset_from_array to_categorical traverse unpack_x_y_sample_weight
`

/** Functions that every Python program has at hand. */
export const PYTHON_FUNCTIONS = `
  abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex
  copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals
  hasattr hash help hex id input int isinstance issubclass iter len license list locals map max memoryview min next
  object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum
  super tuple type vars zip
`

/** Top-level modules that every Python has. */
export const PYTHON_MODULES = `
  abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect
  builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall
  concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm
  decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput
  fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac
  html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale
  logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis
  nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes
  pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data
  pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve
  shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse
  ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile
  telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback
  tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref
  webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
`
