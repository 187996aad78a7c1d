/**
 * The schema of ONNX Runtime models and training checkpoints, as data.
 *
 * Source: `ort.fbs` and `ort_training_checkpoint.fbs` of ONNX Runtime 1.32.
 */
import { parseSchema } from '../flatbuffer/schema.ts'

/** Everything below an `InferenceSession` or a `Checkpoint`. */
export const ORT_SCHEMA = parseSchema(`
Dimension: value DimensionValue, denotation string
DimensionValue: dimType i8, dimValue i64, dimParam string
Shape: dim [Dimension]
TensorTypeAndShape: elemType i32, shape Shape
MapType: keyType i32, valueType TypeInfo
SequenceType: elemType TypeInfo
union TypeInfoValue: TensorTypeAndShape SequenceType MapType
TypeInfo: denotation string, valueType u8, value <TypeInfoValue>
ValueInfo: name string, docString string, type TypeInfo
Tensor: name string, docString string, dims [i64], dataType i32, rawData [u8]!, stringData [string], externalDataOffset i64
SparseTensor: values Tensor, indices Tensor, dims [i64]
Attribute: name string, docString string, type i32, f f32, i i64, s string, t Tensor, g Graph, floats [f32], ints [i64], strings [string], tensors [Tensor], graphs [Graph]
Node: name string, docString string, domain string, sinceVersion i32, index u32, opType string, type i32, executionProviderType string, inputs [string], outputs [string], attributes [Attribute], inputArgCounts [i32], implicitInputs [string]
NodeEdge: nodeIndex u32, inputEdges [{12:4}], outputEdges [{12:4}]
DeprecatedNodeIndexAndKernelDefHash: nodeIndex u32, kernelDefHash u64
NodesToOptimizeIndices: nodeIndices [u32], numInputs u32, numOutputs u32, hasVariadicInput bool, hasVariadicOutput bool, numVariadicInputs u32, numVariadicOutputs u32
RuntimeOptimizationRecord: actionId string, nodesToOptimizeIndices NodesToOptimizeIndices, _ [DeprecatedNodeIndexAndKernelDefHash], producedOpIds [string]
RuntimeOptimizationRecordContainerEntry: optimizerName string, runtimeOptimizationRecords [RuntimeOptimizationRecord]
RuntimeOptimizations: records [RuntimeOptimizationRecordContainerEntry]
Graph: initializers [Tensor], nodeArgs [ValueInfo], nodes [Node], maxNodeIndex u32, nodeEdges [NodeEdge], inputs [string], outputs [string], sparseInitializers [SparseTensor], runtimeOptimizations RuntimeOptimizations
OperatorSetId: domain string, version i64
StringStringEntry: key string, value string
Model: irVersion i64, opsetImport [OperatorSetId], producerName string, producerVersion string, domain string, modelVersion i64, docString string, graph Graph, graphDocString string, metadataProps [StringStringEntry]
DeprecatedKernelCreateInfos: nodeIndices [u32], kernelDefHashes [u64]
DeprecatedSubGraphSessionState: graphId string, sessionState DeprecatedSessionState
DeprecatedSessionState: kernels DeprecatedKernelCreateInfos, subGraphSessionStates [DeprecatedSubGraphSessionState]
ArgTypeAndIndex: argType i8, index u32
KernelTypeStrArgsEntry: kernelTypeStr string, args [ArgTypeAndIndex]
OpIdKernelTypeStrArgsEntry: opId string, kernelTypeStrArgs [KernelTypeStrArgsEntry]
KernelTypeStrResolver: opKernelTypeStrArgs [OpIdKernelTypeStrArgsEntry]
InferenceSession: ortVersion string, model Model, _ DeprecatedSessionState, kernelTypeStrResolver KernelTypeStrResolver
IntProperty: name string, value i64
FloatProperty: name string, value f32
StringProperty: name string, value string
PropertyBag: ints [IntProperty], floats [FloatProperty], strings [StringProperty]
ParameterOptimizerState: paramName string, momentums [Tensor]
OptimizerGroup: groupName string, step i64, initialLearningRate f32, optimizerStates [ParameterOptimizerState]
ModuleState: requiresGradParams [Tensor], frozenParams [Tensor], isNominalState bool, hasExternalData bool
Checkpoint: version i32, moduleState ModuleState, optimizerGroups [OptimizerGroup], propertyBag PropertyBag
`)
