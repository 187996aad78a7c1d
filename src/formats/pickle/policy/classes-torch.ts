/** Written by make-classes.py from torch 2.15.0; do not edit. */

/** Plain classes. */
export const TORCH_CLASSES: readonly string[] = [
  'torch.nn.modules.activation: CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish MultiheadAttention PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh Tanhshrink Threshold',
  'torch.nn.modules.adaptive: AdaptiveLogSoftmaxWithLoss',
  'torch.nn.modules.batchnorm: BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d SyncBatchNorm _BatchNorm _LazyNormBase _NormBase',
  'torch.nn.modules.channelshuffle: ChannelShuffle',
  'torch.nn.modules.container: ModuleDict ModuleList ParameterDict ParameterList Sequential',
  'torch.nn.modules.conv: Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d _ConvNd _ConvTransposeMixin _ConvTransposeNd _LazyConvXdMixin',
  'torch.nn.modules.distance: CosineSimilarity PairwiseDistance',
  'torch.nn.modules.dropout: AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout _DropoutNd',
  'torch.nn.modules.flatten: Flatten Unflatten',
  'torch.nn.modules.fold: Fold Unfold',
  'torch.nn.modules.instancenorm: InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d _InstanceNorm',
  'torch.nn.modules.lazy: LazyModuleMixin _LazyProtocol',
  'torch.nn.modules.linear: Bilinear Identity LazyLinear Linear NonDynamicallyQuantizableLinear',
  'torch.nn.modules.linear_cross_entropy: _ChunkContext _ChunkViews',
  'torch.nn.modules.loss: BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss PoissonNLLLoss SmoothL1Loss SoftMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss _Loss _WeightedLoss',
  'torch.nn.modules.module: Module',
  'torch.nn.modules.normalization: CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm',
  'torch.nn.modules.padding: CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d _CircularPadNd _ConstantPadNd _ReflectionPadNd _ReplicationPadNd',
  'torch.nn.modules.pixelshuffle: PixelShuffle PixelUnshuffle',
  'torch.nn.modules.pooling: AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AvgPool1d AvgPool2d AvgPool3d FractionalMaxPool2d FractionalMaxPool3d LPPool1d LPPool2d LPPool3d MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d _AdaptiveAvgPoolNd _AdaptiveMaxPoolNd _AvgPoolNd _LPPoolNd _MaxPoolNd _MaxUnpoolNd',
  'torch.nn.modules.rnn: GRU GRUCell LSTM LSTMCell RNN RNNBase RNNCell RNNCellBase',
  'torch.nn.modules.sparse: Embedding EmbeddingBag',
  'torch.nn.modules.transformer: Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer',
  'torch.nn.modules.upsampling: Upsample UpsamplingBilinear2d UpsamplingNearest2d',
  'torch.optim.lr_scheduler: ChainedScheduler ConstantLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR ExponentialLR LRScheduler LambdaLR LinearLR MultiStepLR MultiplicativeLR OneCycleLR PolynomialLR ReduceLROnPlateau SequentialLR StepLR _LRScheduler _enable_get_lr_call _initial_mode',
  'torch.optim.optimizer: _RequiredParameter',
  'torch.optim.swa_utils: AveragedModel SWALR',
]

/** Optimisers. */
export const TORCH_OPTIMIZERS: readonly string[] = [
  'torch.optim.adadelta: Adadelta',
  'torch.optim.adagrad: Adagrad',
  'torch.optim.adam: Adam',
  'torch.optim.adamax: Adamax',
  'torch.optim.adamw: AdamW',
  'torch.optim.asgd: ASGD',
  'torch.optim.lbfgs: LBFGS',
  'torch.optim.nadam: NAdam',
  'torch.optim.optimizer: Optimizer',
  'torch.optim.radam: RAdam',
  'torch.optim.rmsprop: RMSprop',
  'torch.optim.rprop: Rprop',
  'torch.optim.sgd: SGD',
  'torch.optim.sparse_adam: SparseAdam',
  'torch.optim: Muon',
]

/** Functions that are named as parameters. */
export const TORCH_FUNCTIONS: readonly string[] = [
  'torch.nn.functional: _adaptive_max_pool1d _adaptive_max_pool2d _adaptive_max_pool3d _canonical_mask _check_key_padding_mask _check_unpool_output_size _enum_list_as_int_list _expand_single_value _fractional_max_pool2d _fractional_max_pool3d _get_softmax_dim _in_projection _in_projection_packed _is_integer _linear_cross_entropy_chunked_applies _list_or_empty _max_pool1d _max_pool2d _max_pool3d _mha_shape_check _no_grad_embedding_renorm_ _none_or_dtype _threshold _unpool_output_size _verify_batch_size _verify_spatial_size adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool1d_with_indices adaptive_max_pool2d adaptive_max_pool2d_with_indices adaptive_max_pool3d adaptive_max_pool3d_with_indices affine_grid alpha_dropout assert_int_or_pair batch_norm binary_cross_entropy binary_cross_entropy_with_logits celu cosine_embedding_loss cross_entropy ctc_loss dropout dropout1d dropout2d dropout3d elu embedding embedding_bag feature_alpha_dropout fold fractional_max_pool2d fractional_max_pool2d_with_indices fractional_max_pool3d fractional_max_pool3d_with_indices gaussian_nll_loss glu grid_sample group_norm grouped_mm gumbel_softmax hardsigmoid hardswish hardtanh hinge_embedding_loss huber_loss instance_norm interpolate kl_div l1_loss layer_norm leaky_relu linear_cross_entropy local_response_norm log_softmax lp_pool1d lp_pool2d lp_pool3d margin_ranking_loss max_pool1d max_pool1d_with_indices max_pool2d max_pool2d_with_indices max_pool3d max_pool3d_with_indices max_unpool1d max_unpool2d max_unpool3d mish mse_loss multi_head_attention_forward multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss nll_loss normalize pad poisson_nll_loss relu relu6 rms_norm rrelu scaled_addmm scaled_addmm_ scaled_grouped_mm scaled_mm selu sigmoid silu smooth_l1_loss soft_margin_loss softmax softmin softsign tanh tanhshrink threshold triplet_margin_loss triplet_margin_with_distance_loss unfold upsample upsample_bilinear upsample_nearest',
]
