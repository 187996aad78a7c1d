/**
 * The schema of a TensorFlow Lite model, and of the metadata that may be in one, as data.
 *
 * Source: the TensorFlow Lite schema, as LiteRT 2.3 ships it; its metadata schema.
 */
import { parseSchema } from '../flatbuffer/schema.ts'
import { BUILTIN_OPTIONS, BUILTIN_OPTIONS_2, EMPTY_TABLES, OPTION_TABLES } from './options.ts'

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

/** Everything below a `Model`. */
export const TFLITE_SCHEMA = parseSchema(`
CustomQuantization: custom [u8]
BlockwiseQuantization: scales i32, zeroPoints i32, blockSize i32, blockShape [i32]
MultiAxisQuantization: scales i32, zeroPoints i32, blockSize i32, quantizedDimensions [i32]
QuantizationParameters: min [f32], max [f32], scale [f32], zeroPoint [i64], detailsType u8, details <QuantizationDetails>, quantizedDimension i32
Int32Vector: values [i32]
Uint16Vector: values [u16]
Uint8Vector: values [u8]
DimensionMetadata: format i8, denseSize i32, arraySegmentsType u8, arraySegments <SparseIndexVector>, arrayIndicesType u8, arrayIndices <SparseIndexVector>
SparsityParameters: traversalOrder [i32], blockMap [i32], dimMetadata [DimensionMetadata]
VariantSubType: shape [i32], type i8, hasRank bool
Tensor: shape [i32], type i8, buffer u32, name string, quantization QuantizationParameters, isVariable bool, sparsity SparsityParameters, shapeSignature [i32], hasRank bool, variantTensors [VariantSubType], externalBuffer u32
OperatorCode: deprecatedBuiltinCode i8, customCode string, version i32, builtinCode i32
Operator: opcodeIndex u32, inputs [i32], outputs [i32], builtinOptionsType u8, builtinOptions <BuiltinOptions>, customOptions [u8], customOptionsFormat i8, mutatingVariableInputs [bool], intermediates [i32], largeCustomOptionsOffset u64, largeCustomOptionsSize u64, builtinOptions2Type u8, builtinOptions2 <BuiltinOptions2>, debugMetadataIndex i32
SubGraph: tensors [Tensor], inputs [i32], outputs [i32], operators [Operator], name string, debugMetadataIndex i32
Buffer: data [u8]!, offset u64, size u64
ExternalBufferGroup: name string
ExternalBuffer: id u32, group u32, offset u64, length u64, packing string
Metadata: name string, buffer u32
TensorMap: name string, tensorIndex u32
SignatureDef: inputs [TensorMap], outputs [TensorMap], signatureKey string, _ string, subgraphIndex u32
Model: version u32, operatorCodes [OperatorCode], subgraphs [SubGraph], description string, buffers [Buffer], metadataBuffer [i32], metadata [Metadata], signatureDefs [SignatureDef], externalBufferGroups [ExternalBufferGroup], externalBuffers [ExternalBuffer]
union QuantizationDetails: CustomQuantization BlockwiseQuantization MultiAxisQuantization
union SparseIndexVector: Int32Vector Uint16Vector Uint8Vector
union BuiltinOptions: ${words(BUILTIN_OPTIONS).join(' ')}
union BuiltinOptions2: ${words(BUILTIN_OPTIONS_2).join(' ')}
${OPTION_TABLES}
${words(EMPTY_TABLES)
  .map((name) => `${name}:`)
  .join('\n')}
`)

/** Everything below a `ModelMetadata`. */
export const METADATA_SCHEMA = parseSchema(`
AssociatedFile: name string, description string, type i8, locale string, version string
FeatureProperties:
ImageSize: width u32, height u32
ImageProperties: colourSpace i8, defaultSize ImageSize
AudioProperties: sampleRate u32, channels u32
BoundingBoxProperties: index [u32], type i8, coordinateType i8
union ContentProperties: FeatureProperties ImageProperties BoundingBoxProperties AudioProperties
ValueRange: min i32, max i32
Content: contentPropertiesType u8, contentProperties <ContentProperties>, range ValueRange
NormalizationOptions: mean [f32], std [f32]
ScoreCalibrationOptions: scoreTransformation i8, defaultScore f32
ScoreThresholdingOptions: globalScoreThreshold f32
BertTokenizerOptions: vocabFile [AssociatedFile]
SentencePieceTokenizerOptions: sentencePieceModel [AssociatedFile], vocabFile [AssociatedFile]
RegexTokenizerOptions: delimRegexPattern string, vocabFile [AssociatedFile]
union ProcessUnitOptions: NormalizationOptions ScoreCalibrationOptions ScoreThresholdingOptions BertTokenizerOptions SentencePieceTokenizerOptions RegexTokenizerOptions
ProcessUnit: optionsType u8, options <ProcessUnitOptions>
Stats: max [f32], min [f32]
TensorGroup: name string, tensorNames [string]
TensorMetadata: name string, description string, dimensionNames [string], content Content, processUnits [ProcessUnit], stats Stats, associatedFiles [AssociatedFile]
CustomMetadata: name string, data [u8]
SubGraphMetadata: name string, description string, inputTensorMetadata [TensorMetadata], outputTensorMetadata [TensorMetadata], associatedFiles [AssociatedFile], inputProcessUnits [ProcessUnit], outputProcessUnits [ProcessUnit], inputTensorGroups [TensorGroup], outputTensorGroups [TensorGroup], customMetadata [CustomMetadata]
ModelMetadata: name string, description string, version string, subgraphMetadata [SubGraphMetadata], author string, license string, associatedFiles [AssociatedFile], minParserVersion string
`)
