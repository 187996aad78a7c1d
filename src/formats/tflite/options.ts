/**
 * The tables of options that operators of TensorFlow Lite take, as data.
 *
 * Source: the TensorFlow Lite schema, as LiteRT 2.3 ships it.
 */

/** Tables that have fields. */
export const OPTION_TABLES = `
StablehloGatherOptions: offsetDims [i64], collapsedSliceDims [i64], startIndexMap [i64], indexVectorDim i64, sliceSizes [i64], indicesAreSorted bool
StablehloTransposeOptions: permutation [i64]
StablehloDotGeneralOptions: lhsBatchingDimensions [i64], rhsBatchingDimensions [i64], lhsContractingDimensions [i64], rhsContractingDimensions [i64], precisionConfig [u32]
StablehloReduceWindowOptions: windowDimensions [i64], windowStrides [i64], baseDilations [i64], windowDilations [i64], padding [i64], bodySubgraphIndex i32
StablehloWhileOptions: condSubgraphIndex i32, bodySubgraphIndex i32
StablehloSortOptions: dimension i64, isStable bool, comparatorSubgraphIndex i32
StablehloConcatenateOptions: dimension i64
StablehloBroadcastInDimOptions: broadcastDimensions [i64]
StablehloCompareOptions: comparisonDirection u32, compareType u32
StablehloDynamicSliceOptions: sliceSizes [i64]
StablehloPadOptions: edgePaddingLow [i64], edgePaddingHigh [i64], interiorPadding [i64]
StablehloIotaOptions: iotaDimension i64
StablehloCustomCallOptions: callTargetName string, hasSideEffect bool, backendConfig string, apiVersion i32, calledComputations [i32], customAttributes [u8]
StablehloReduceOptions: dimensions [i64], bodySubgraphIndex i32
StablehloSliceOptions: startIndices [i64], limitIndices [i64], strides [i64]
StablehloConvolutionOptions: windowStrides [i64], padding [i64], lhsDilation [i64], rhsDilation [i64], windowReversal [bool], inputBatchDimension i64, inputFeatureDimension i64, inputSpatialDimensions [i64], kernelInputFeatureDimension i64, kernelOutputFeatureDimension i64, kernelSpatialDimensions [i64], outputBatchDimension i64, outputFeatureDimension i64, outputSpatialDimensions [i64], featureGroupCount i64, batchGroupCount i64, precisionConfig [u32]
StablehloScatterOptions: indicesAreSorted bool, updateWindowDims [i64], insertedWindowDims [i64], scatterDimsToOperandDims [i64], indexVectorDim i64, uniqueIndices bool, updateComputationSubgraphIndex i32
StablehloCaseOptions: branchSubgraphIndices [i32]
StablehloRngBitGeneratorOptions: algorithm i8
Conv2DOptions: padding i8, strideW i32, strideH i32, fusedActivationFunction i8, dilationWFactor i32, dilationHFactor i32, quantizedBiasType i8
Conv3DOptions: padding i8, strideD i32, strideW i32, strideH i32, fusedActivationFunction i8, dilationDFactor i32, dilationWFactor i32, dilationHFactor i32
Pool2DOptions: padding i8, strideW i32, strideH i32, filterWidth i32, filterHeight i32, fusedActivationFunction i8
DepthwiseConv2DOptions: padding i8, strideW i32, strideH i32, depthMultiplier i32, fusedActivationFunction i8, dilationWFactor i32, dilationHFactor i32
ConcatEmbeddingsOptions: numChannels i32, numColumnsPerChannel [i32], embeddingDimPerChannel [i32]
LSHProjectionOptions: type i8
SVDFOptions: rank i32, fusedActivationFunction i8, asymmetricQuantizeInputs bool
RNNOptions: fusedActivationFunction i8, asymmetricQuantizeInputs bool
SequenceRNNOptions: timeMajor bool, fusedActivationFunction i8, asymmetricQuantizeInputs bool
BidirectionalSequenceRNNOptions: timeMajor bool, fusedActivationFunction i8, mergeOutputs bool, asymmetricQuantizeInputs bool
FullyConnectedOptions: fusedActivationFunction i8, weightsFormat i8, keepNumDims bool, asymmetricQuantizeInputs bool, quantizedBiasType i8, quantSpec [u8]
SoftmaxOptions: beta f32
ConcatenationOptions: axis i32, fusedActivationFunction i8
AddOptions: fusedActivationFunction i8, potScaleInt16 bool
MulOptions: fusedActivationFunction i8
L2NormOptions: fusedActivationFunction i8
LocalResponseNormalizationOptions: radius i32, bias f32, alpha f32, beta f32
LSTMOptions: fusedActivationFunction i8, cellClip f32, projClip f32, kernelType i8, asymmetricQuantizeInputs bool
UnidirectionalSequenceLSTMOptions: fusedActivationFunction i8, cellClip f32, projClip f32, timeMajor bool, asymmetricQuantizeInputs bool, diagonalRecurrentTensors bool
BidirectionalSequenceLSTMOptions: fusedActivationFunction i8, cellClip f32, projClip f32, mergeOutputs bool, timeMajor bool, asymmetricQuantizeInputs bool
ResizeBilinearOptions: _ i32, _ i32, alignCorners bool, halfPixelCenters bool
ResizeNearestNeighborOptions: alignCorners bool, halfPixelCenters bool
CallOptions: subgraph u32
ReshapeOptions: newShape [i32]
SkipGramOptions: ngramSize i32, maxSkipSize i32, includeAllNgrams bool
SpaceToDepthOptions: blockSize i32
DepthToSpaceOptions: blockSize i32
SubOptions: fusedActivationFunction i8, potScaleInt16 bool
DivOptions: fusedActivationFunction i8
EmbeddingLookupSparseOptions: combiner i8
GatherOptions: axis i32, batchDims i32
ReducerOptions: keepDims bool
SqueezeOptions: squeezeDims [i32]
SplitOptions: numSplits i32
SplitVOptions: numSplits i32
StridedSliceOptions: beginMask i32, endMask i32, ellipsisMask i32, newAxisMask i32, shrinkAxisMask i32, offset bool
CastOptions: inDataType i8, outDataType i8
ArgMaxOptions: outputType i8
ArgMinOptions: outputType i8
TransposeConvOptions: padding i8, strideW i32, strideH i32, fusedActivationFunction i8, quantizedBiasType i8
SparseToDenseOptions: validateIndices bool
ShapeOptions: outType i8
FakeQuantOptions: min f32, max f32, numBits i32, narrowRange bool
PackOptions: valuesCount i32, axis i32
OneHotOptions: axis i32
UnpackOptions: num i32, axis i32
LeakyReluOptions: alpha f32
MirrorPadOptions: mode i8
UniqueOptions: idxOutType i8
ReverseSequenceOptions: seqDim i32, batchDim i32
IfOptions: thenSubgraphIndex i32, elseSubgraphIndex i32
CallOnceOptions: initSubgraphIndex i32
WhileOptions: condSubgraphIndex i32, bodySubgraphIndex i32
BatchMatMulOptions: adjX bool, adjY bool, asymmetricQuantizeInputs bool
CumsumOptions: exclusive bool, reverse bool
HashtableOptions: tableId i32, keyDtype i8, valueDtype i8
VarHandleOptions: container string, sharedName string
RandomOptions: seed i64, seed2 i64
BucketizeOptions: boundaries [f32]
GeluOptions: approximate bool
ReduceWindowOptions: reduceFunction i32
StableHLOCompositeOptions: name string, decompositionSubgraphIndex i32, compositeAttributes [u8], compositeAttributesFormat i8, version i32
`

/** Tables without fields. */
export const EMPTY_TABLES = `
PadOptions PadV2Options SpaceToBatchNDOptions BatchToSpaceNDOptions TopKV2Options TransposeOptions
ExpOptions CosOptions LogSoftmaxOptions DequantizeOptions MaximumMinimumOptions TileOptions GreaterOptions
GreaterEqualOptions LessOptions LessEqualOptions NegOptions SelectOptions SliceOptions ExpandDimsOptions
EqualOptions NotEqualOptions RankOptions PowOptions LogicalOrOptions AbsOptions HardSwishOptions
LogicalAndOptions LogicalNotOptions FloorDivOptions SquareOptions ZerosLikeOptions FillOptions
FloorModOptions RangeOptions SquaredDifferenceOptions ReverseV2Options AddNOptions GatherNdOptions
WhereOptions MatrixDiagOptions QuantizeOptions MatrixSetDiagOptions NonMaxSuppressionV4Options
NonMaxSuppressionV5Options ScatterNdOptions SelectV2Options DensifyOptions SegmentSumOptions
BroadcastToOptions Rfft2dOptions HashtableFindOptions HashtableImportOptions HashtableSizeOptions
ReadVariableOptions AssignVariableOptions DynamicUpdateSliceOptions UnsortedSegmentProdOptions
UnsortedSegmentMaxOptions UnsortedSegmentSumOptions ATan2Options UnsortedSegmentMinOptions SignOptions
BitcastOptions BitwiseXorOptions RightShiftOptions DilateOptions StablehloShiftLeftOptions
`

/** The union of options, from kind 1 on. */
export const BUILTIN_OPTIONS = `
Conv2DOptions DepthwiseConv2DOptions ConcatEmbeddingsOptions LSHProjectionOptions Pool2DOptions SVDFOptions
RNNOptions FullyConnectedOptions SoftmaxOptions ConcatenationOptions AddOptions L2NormOptions
LocalResponseNormalizationOptions LSTMOptions ResizeBilinearOptions CallOptions ReshapeOptions
SkipGramOptions SpaceToDepthOptions EmbeddingLookupSparseOptions MulOptions PadOptions GatherOptions
BatchToSpaceNDOptions SpaceToBatchNDOptions TransposeOptions ReducerOptions SubOptions DivOptions
SqueezeOptions SequenceRNNOptions StridedSliceOptions ExpOptions TopKV2Options SplitOptions
LogSoftmaxOptions CastOptions DequantizeOptions MaximumMinimumOptions ArgMaxOptions LessOptions NegOptions
PadV2Options GreaterOptions GreaterEqualOptions LessEqualOptions SelectOptions SliceOptions
TransposeConvOptions SparseToDenseOptions TileOptions ExpandDimsOptions EqualOptions NotEqualOptions
ShapeOptions PowOptions ArgMinOptions FakeQuantOptions PackOptions LogicalOrOptions OneHotOptions
LogicalAndOptions LogicalNotOptions UnpackOptions FloorDivOptions SquareOptions ZerosLikeOptions FillOptions
BidirectionalSequenceLSTMOptions BidirectionalSequenceRNNOptions UnidirectionalSequenceLSTMOptions
FloorModOptions RangeOptions ResizeNearestNeighborOptions LeakyReluOptions SquaredDifferenceOptions
MirrorPadOptions AbsOptions SplitVOptions UniqueOptions ReverseV2Options AddNOptions GatherNdOptions
CosOptions WhereOptions RankOptions ReverseSequenceOptions MatrixDiagOptions QuantizeOptions
MatrixSetDiagOptions HardSwishOptions IfOptions WhileOptions DepthToSpaceOptions NonMaxSuppressionV4Options
NonMaxSuppressionV5Options ScatterNdOptions SelectV2Options DensifyOptions SegmentSumOptions
BatchMatMulOptions CumsumOptions CallOnceOptions BroadcastToOptions Rfft2dOptions Conv3DOptions
HashtableOptions HashtableFindOptions HashtableImportOptions HashtableSizeOptions VarHandleOptions
ReadVariableOptions AssignVariableOptions RandomOptions BucketizeOptions GeluOptions
DynamicUpdateSliceOptions UnsortedSegmentProdOptions UnsortedSegmentMaxOptions UnsortedSegmentMinOptions
UnsortedSegmentSumOptions ATan2Options SignOptions BitcastOptions BitwiseXorOptions RightShiftOptions
`

/** The union of options that were added when the first was full, from kind 1 on. */
export const BUILTIN_OPTIONS_2 = `
StablehloConcatenateOptions StablehloBroadcastInDimOptions StablehloSliceOptions StablehloConvolutionOptions
StablehloCustomCallOptions StablehloReduceOptions StablehloScatterOptions StablehloCompareOptions
StablehloDynamicSliceOptions StablehloPadOptions StablehloIotaOptions StablehloDotGeneralOptions
StablehloReduceWindowOptions StablehloSortOptions StablehloWhileOptions StablehloGatherOptions
StablehloTransposeOptions DilateOptions StablehloRngBitGeneratorOptions ReduceWindowOptions
StableHLOCompositeOptions StablehloShiftLeftOptions StablehloCaseOptions
`
