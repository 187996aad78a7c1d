/**
 * The messages of a Core ML model, second half.
 *
 * Source: field numbers of the `.proto` files of coremltools 9.0, printed by `make-schemas.py`.
 */

/** Table of messages, in the form of `parseSchema`. */
export const SECOND_MESSAGES = `
BiDirectionalLSTMLayerParams 1:inputVectorSize:uint64 2:outputVectorSize:uint64
  10:activationsForwardLSTM:ActivationParams* 11:activationsBackwardLSTM:ActivationParams* 15:params:LSTMParams
  20:weightParams:LSTMWeightParams*
CustomLayerParams 10:className:string 20:weights:WeightParams* 30:parameters:CustomLayerParams.ParametersEntry*
  40:description:string
CopyLayerParams
BranchLayerParams 1:ifBranch:NeuralNetwork 2:elseBranch:NeuralNetwork
LoopLayerParams 1:maxLoopIterations:uint64 2:conditionVar:string 3:conditionNetwork:NeuralNetwork
  4:bodyNetwork:NeuralNetwork
LoopBreakLayerParams
LoopContinueLayerParams
RangeStaticLayerParams 1:endValue:float 2:startValue:float 3:stepSizeValue:float
RangeDynamicLayerParams 2:startValue:float 3:stepSizeValue:float
ClipLayerParams 1:minVal:float 2:maxVal:float
CeilLayerParams
FloorLayerParams
SignLayerParams
RoundLayerParams
Exp2LayerParams
SinLayerParams
CosLayerParams
TanLayerParams
AsinLayerParams
AcosLayerParams
AtanLayerParams
SinhLayerParams
CoshLayerParams
TanhLayerParams
AsinhLayerParams
AcoshLayerParams
AtanhLayerParams
ErfLayerParams
GeluLayerParams 1:mode:enum
EqualLayerParams 1:alpha:float
NotEqualLayerParams 1:alpha:float
LessThanLayerParams 2:alpha:float
LessEqualLayerParams 2:alpha:float
GreaterThanLayerParams 2:alpha:float
GreaterEqualLayerParams 2:alpha:float
LogicalOrLayerParams
LogicalXorLayerParams
LogicalNotLayerParams
LogicalAndLayerParams
ModBroadcastableLayerParams
MinBroadcastableLayerParams
MaxBroadcastableLayerParams
AddBroadcastableLayerParams
PowBroadcastableLayerParams
DivideBroadcastableLayerParams
FloorDivBroadcastableLayerParams
MultiplyBroadcastableLayerParams
SubtractBroadcastableLayerParams
TileLayerParams 1:reps:uint64*
StackLayerParams 1:axis:int64
GatherLayerParams 1:axis:int64
ScatterLayerParams 1:axis:int64 2:mode:enum
GatherNDLayerParams
ScatterNDLayerParams 1:mode:enum
SoftmaxNDLayerParams 1:axis:int64
GatherAlongAxisLayerParams 1:axis:int64
ScatterAlongAxisLayerParams 1:axis:int64 2:mode:enum
ReverseLayerParams 1:reverseDim:bool*
ReverseSeqLayerParams 1:batchAxis:int64 2:sequenceAxis:int64
SplitNDLayerParams 1:axis:int64 2:numSplits:uint64 3:splitSizes:uint64*
ConcatNDLayerParams 1:axis:int64 2:interleave:bool
TransposeLayerParams 1:axes:uint64*
SliceStaticLayerParams 1:beginIds:int64* 2:beginMasks:bool* 3:endIds:int64* 4:endMasks:bool* 5:strides:int64*
  6:squeezeMasks:bool*
SliceDynamicLayerParams 2:beginMasks:bool* 3:endIds:int64* 4:endMasks:bool* 5:strides:int64* 6:squeezeMasks:bool*
SlidingWindowsLayerParams 1:axis:int64 2:windowSize:uint64 3:step:uint64
TopKLayerParams 1:axis:int64 2:K:uint64 3:useBottomK:bool
ArgMinLayerParams 1:axis:int64 2:removeDim:bool
ArgMaxLayerParams 1:axis:int64 2:removeDim:bool
EmbeddingNDLayerParams 1:vocabSize:uint64 2:embeddingSize:uint64 3:hasBias:bool 20:weights:WeightParams
  21:bias:WeightParams
BatchedMatMulLayerParams 1:transposeA:bool 2:transposeB:bool 5:weightMatrixFirstDimension:uint64
  6:weightMatrixSecondDimension:uint64 7:hasBias:bool 8:weights:WeightParams 9:bias:WeightParams
  10:int8DynamicQuantize:bool
GetShapeLayerParams
LoadConstantNDLayerParams 1:shape:uint64* 2:data:WeightParams
FillLikeLayerParams 1:value:float
FillStaticLayerParams 1:value:float 2:targetShape:uint64*
FillDynamicLayerParams 1:value:float
BroadcastToLikeLayerParams
BroadcastToStaticLayerParams 1:targetShape:uint64*
BroadcastToDynamicLayerParams
SqueezeLayerParams 1:axes:int64* 2:squeezeAll:bool
ExpandDimsLayerParams 1:axes:int64*
FlattenTo2DLayerParams 1:axis:int64
ReshapeLikeLayerParams
ReshapeStaticLayerParams 1:targetShape:int64*
ReshapeDynamicLayerParams
RankPreservingReshapeLayerParams 1:targetShape:int64*
ConstantPaddingLayerParams 1:value:float 2:padAmounts:uint64* 3:padToGivenOutputSizeMode:bool
RandomNormalLikeLayerParams 1:seed:int64 2:mean:float 3:stdDev:float
RandomNormalStaticLayerParams 1:seed:int64 2:mean:float 3:stdDev:float 4:outputShape:uint64*
RandomNormalDynamicLayerParams 1:seed:int64 2:mean:float 3:stdDev:float
RandomUniformLikeLayerParams 1:seed:int64 2:minVal:float 3:maxVal:float
RandomUniformStaticLayerParams 1:seed:int64 2:minVal:float 3:maxVal:float 4:outputShape:uint64*
RandomUniformDynamicLayerParams 1:seed:int64 2:minVal:float 3:maxVal:float
RandomBernoulliLikeLayerParams 1:seed:int64 2:prob:float
RandomBernoulliStaticLayerParams 1:seed:int64 2:prob:float 3:outputShape:uint64*
RandomBernoulliDynamicLayerParams 1:seed:int64 2:prob:float
CategoricalDistributionLayerParams 1:seed:int64 2:numSamples:int64 3:isLogits:bool 4:eps:float 5:temperature:float
ReduceL1LayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceL2LayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceMaxLayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceMinLayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceSumLayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceProdLayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceMeanLayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceLogSumLayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceSumSquareLayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
ReduceLogSumExpLayerParams 1:axes:int64* 2:keepDims:bool 3:reduceAll:bool
WhereNonZeroLayerParams
MatrixBandPartLayerParams 1:numLower:int64 2:numUpper:int64
LowerTriangularLayerParams 1:k:int64
UpperTriangularLayerParams 1:k:int64
WhereBroadcastableLayerParams
LayerNormalizationLayerParams 1:normalizedShape:int64* 2:eps:float 3:gamma:WeightParams 4:beta:WeightParams
NonMaximumSuppressionLayerParams 1:iouThreshold:float 2:scoreThreshold:float 3:maxBoxes:uint64
  4:perClassSuppression:bool
OneHotLayerParams 1:oneHotVectorSize:uint64 2:axis:int64 3:onValue:float 4:offValue:float
CumSumLayerParams 1:axis:int64 2:excludeFinalSum:bool 3:reverse:bool
ClampedReLULayerParams 1:alpha:float 2:beta:float
ArgSortLayerParams 1:axis:int64 2:descending:bool
Pooling3DLayerParams 1:type:enum 2:kernelDepth:int32 3:kernelHeight:int32 4:kernelWidth:int32 5:strideDepth:int32
  6:strideHeight:int32 7:strideWidth:int32 8:customPaddingFront:int32 9:customPaddingBack:int32
  10:customPaddingTop:int32 11:customPaddingBottom:int32 12:customPaddingLeft:int32 13:customPaddingRight:int32
  14:countExcludePadding:bool 15:paddingType:enum
GlobalPooling3DLayerParams 1:type:enum
SliceBySizeLayerParams 2:size:int64 3:axis:int64
Convolution3DLayerParams 1:outputChannels:int32 2:inputChannels:int32 10:nGroups:int32 20:kernelDepth:int32
  21:kernelHeight:int32 22:kernelWidth:int32 31:strideDepth:int32 32:strideHeight:int32 33:strideWidth:int32
  40:dilationDepth:int32 41:dilationHeight:int32 42:dilationWidth:int32 50:hasBias:bool 60:weights:WeightParams
  61:bias:WeightParams 70:paddingType:enum 80:customPaddingFront:int32 81:customPaddingBack:int32
  82:customPaddingTop:int32 83:customPaddingBottom:int32 84:customPaddingLeft:int32 85:customPaddingRight:int32
  86:isDeconvolution:bool 87:outputShape:uint64*
NeuralNetworkImageScaler 10:channelScale:float 20:blueBias:float 21:greenBias:float 22:redBias:float
  30:grayBias:float
NeuralNetworkMeanImage 1:meanImage:float*
LossLayer 1:name:string 10:categoricalCrossEntropyLossLayer:CategoricalCrossEntropyLossLayer
  11:meanSquaredErrorLossLayer:MeanSquaredErrorLossLayer
Optimizer 10:sgdOptimizer:SGDOptimizer 11:adamOptimizer:AdamOptimizer
BoolParameter 1:defaultValue:bool
BayesianProbitRegressor.FeatureValueWeight 1:featureValue:uint32 2:featureWeight:BayesianProbitRegressor.Gaussian
FloatVector 1:vector:float*
LinearIndex
SingleKdTreeIndex 1:leafSize:int32
SquaredEuclideanDistance
Int64Range 1:minValue:int64 2:maxValue:int64
Int64Set 1:values:int64*
ItemSimilarityRecommender.ConnectedItem 1:itemId:uint64 2:similarityScore:double
Function 1:inputs:NamedValueType* 2:opset:string 3:block_specializations:Function.BlockSpecializationsEntry*
  4:attributes:Function.AttributesEntry*
Value 1:docString:string 2:type:ValueType 3:immediateValue:Value.ImmediateValue 5:blobFileValue:Value.BlobFileValue
CustomModel.CustomModelParamValue 10:doubleValue:double 20:stringValue:string 30:intValue:int32 40:longValue:int64
  50:boolValue:bool 60:bytesValue:bytes
StringParameter 1:defaultValue:string
StringToDoubleMap.MapEntry 1:key:string 2:value:double
Int64ToDoubleMap.MapEntry 1:key:int64 2:value:double
StringToInt64Map.MapEntry 1:key:string 2:value:int64
Int64ToStringMap.MapEntry 1:key:int64 2:value:string
Int64FeatureType
DoubleFeatureType
StringFeatureType
ImageFeatureType 1:width:int64 2:height:int64 3:colorSpace:enum
  21:enumeratedSizes:ImageFeatureType.EnumeratedImageSizes 31:imageSizeRange:ImageFeatureType.ImageSizeRange
ArrayFeatureType 1:shape:int64* 2:dataType:enum 21:enumeratedShapes:ArrayFeatureType.EnumeratedShapes
  31:shapeRange:ArrayFeatureType.ShapeRange 41:intDefaultValue:int32 51:floatDefaultValue:float
  61:doubleDefaultValue:double
DictionaryFeatureType 1:int64KeyType:Int64FeatureType 2:stringKeyType:StringFeatureType
SequenceFeatureType 1:int64Type:Int64FeatureType 3:stringType:StringFeatureType 101:sizeRange:SizeRange
StateFeatureType 1:arrayType:ArrayFeatureType
SparseNode 1:index:int32 2:value:double
TreeEnsembleParameters.TreeNode.EvaluationInfo 1:evaluationIndex:uint64 2:evaluationValue:double
ValidPadding 1:paddingAmounts:BorderAmounts
SamePadding 1:asymmetryMode:enum
WeightParams 1:floatValue:float* 2:float16Value:bytes 30:rawValue:bytes 31:int8RawValue:bytes
  40:quantization:QuantizationParams 50:isUpdatable:bool
PoolingLayerParams.ValidCompletePadding 10:paddingAmounts:uint64*
ActivationLinear 1:alpha:float 2:beta:float
ActivationReLU
ActivationLeakyReLU 1:alpha:float
ActivationThresholdedReLU 1:alpha:float
ActivationPReLU 1:alpha:WeightParams
ActivationTanh
ActivationScaledTanh 1:alpha:float 2:beta:float
ActivationSigmoid
ActivationSigmoidHard 1:alpha:float 2:beta:float
ActivationELU 1:alpha:float
ActivationSoftsign
ActivationSoftplus
ActivationParametricSoftplus 1:alpha:WeightParams 2:beta:WeightParams
BorderAmounts 10:borderAmounts:BorderAmounts.EdgeSizes*
PaddingLayerParams.PaddingConstant 1:value:float
PaddingLayerParams.PaddingReflection
PaddingLayerParams.PaddingReplication
SamplingMode 1:samplingMethod:enum
BoxCoordinatesMode 1:boxMode:enum
LSTMParams 10:sequenceOutput:bool 20:hasBiasVectors:bool 30:forgetBias:bool 40:hasPeepholeVectors:bool
  50:coupledInputAndForgetGate:bool 60:cellClipThreshold:float
LSTMWeightParams 1:inputGateWeightMatrix:WeightParams 2:forgetGateWeightMatrix:WeightParams
  3:blockInputWeightMatrix:WeightParams 4:outputGateWeightMatrix:WeightParams
  20:inputGateRecursionMatrix:WeightParams 21:forgetGateRecursionMatrix:WeightParams
  22:blockInputRecursionMatrix:WeightParams 23:outputGateRecursionMatrix:WeightParams
  40:inputGateBiasVector:WeightParams 41:forgetGateBiasVector:WeightParams 42:blockInputBiasVector:WeightParams
  43:outputGateBiasVector:WeightParams 60:inputGatePeepholeVector:WeightParams
  61:forgetGatePeepholeVector:WeightParams 62:outputGatePeepholeVector:WeightParams
CustomLayerParams.ParametersEntry 1:key:string 2:value:CustomLayerParams.CustomLayerParamValue
CategoricalCrossEntropyLossLayer 1:input:string 2:target:string
MeanSquaredErrorLossLayer 1:input:string 2:target:string
SGDOptimizer 1:learningRate:DoubleParameter 2:miniBatchSize:Int64Parameter 3:momentum:DoubleParameter
AdamOptimizer 1:learningRate:DoubleParameter 2:miniBatchSize:Int64Parameter 3:beta1:DoubleParameter
  4:beta2:DoubleParameter 5:eps:DoubleParameter
NamedValueType 1:name:string 2:type:ValueType
Function.BlockSpecializationsEntry 1:key:string 2:value:Block
Function.AttributesEntry 1:key:string 2:value:Value
ValueType 1:tensorType:TensorType 2:listType:ListType 3:tupleType:TupleType 4:dictionaryType:DictionaryType
  5:stateType:StateType
Value.ImmediateValue 1:tensor:TensorValue 2:tuple:TupleValue 3:list:ListValue 4:dictionary:DictionaryValue
Value.BlobFileValue 1:fileName:string 2:offset:uint64
ImageFeatureType.EnumeratedImageSizes 1:sizes:ImageFeatureType.ImageSize*
ImageFeatureType.ImageSizeRange 1:widthRange:SizeRange 2:heightRange:SizeRange
ArrayFeatureType.EnumeratedShapes 1:shapes:ArrayFeatureType.Shape*
ArrayFeatureType.ShapeRange 1:sizeRanges:SizeRange*
SizeRange 1:lowerBound:uint64 2:upperBound:int64
QuantizationParams 1:numberOfBits:uint64 101:linearQuantization:LinearQuantizationParams
  102:lookupTableQuantization:LookUpTableQuantizationParams
BorderAmounts.EdgeSizes 1:startEdgeSize:uint64 2:endEdgeSize:uint64
CustomLayerParams.CustomLayerParamValue 10:doubleValue:double 20:stringValue:string 30:intValue:int32
  40:longValue:int64 50:boolValue:bool
DoubleParameter 1:defaultValue:double 10:range:DoubleRange
Block 1:inputs:NamedValueType* 2:outputs:string* 3:operations:Operation* 4:attributes:Block.AttributesEntry*
TensorType 1:dataType:enum 2:rank:int64 3:dimensions:Dimension* 4:attributes:TensorType.AttributesEntry*
ListType 1:type:ValueType 2:length:Dimension
TupleType 1:types:ValueType*
DictionaryType 1:keyType:ValueType 2:valueType:ValueType
StateType 1:wrappedType:ValueType
TensorValue 1:floats:TensorValue.RepeatedFloats 2:ints:TensorValue.RepeatedInts 3:bools:TensorValue.RepeatedBools
  4:strings:TensorValue.RepeatedStrings 5:longInts:TensorValue.RepeatedLongInts
  6:doubles:TensorValue.RepeatedDoubles 7:bytes:TensorValue.RepeatedBytes
TupleValue 1:values:Value*
ListValue 1:values:Value*
DictionaryValue 1:values:DictionaryValue.KeyValuePair*
ImageFeatureType.ImageSize 1:width:uint64 2:height:uint64
ArrayFeatureType.Shape 1:shape:int64*
LinearQuantizationParams 1:scale:float* 2:bias:float*
LookUpTableQuantizationParams 1:floatValue:float*
DoubleRange 1:minValue:double 2:maxValue:double
Operation 1:type:string 2:inputs:Operation.InputsEntry* 3:outputs:NamedValueType* 4:blocks:Block*
  5:attributes:Operation.AttributesEntry*
Block.AttributesEntry 1:key:string 2:value:Value
Dimension 1:constant:Dimension.ConstantDimension 2:unknown:Dimension.UnknownDimension
TensorType.AttributesEntry 1:key:string 2:value:Value
TensorValue.RepeatedFloats 1:values:float*
TensorValue.RepeatedInts 1:values:int32*
TensorValue.RepeatedBools 1:values:bool*
TensorValue.RepeatedStrings 1:values:string*
TensorValue.RepeatedLongInts 1:values:int64*
TensorValue.RepeatedDoubles 1:values:double*
TensorValue.RepeatedBytes 1:values:bytes
DictionaryValue.KeyValuePair 1:key:Value 2:value:Value
Operation.InputsEntry 1:key:string 2:value:Argument
Operation.AttributesEntry 1:key:string 2:value:Value
Dimension.ConstantDimension 1:size:uint64
Dimension.UnknownDimension 1:variadic:bool
Argument 1:arguments:Argument.Binding*
Argument.Binding 1:name:string 2:value:Value
`
