/**
 * The schemas of ExecuTorch programs and of their data files, as data.
 *
 * Source: `program.fbs` and `flat_tensor.fbs` of ExecuTorch 1.5.
 */
import { parseSchema } from '../flatbuffer/schema.ts'

/** Everything below a `Program`. */
export const PROGRAM_SCHEMA = parseSchema(`
union KernelTypes: Null Int Bool Double Tensor String IntList DoubleList BoolList TensorList OptionalTensorList
union InstructionArguments: KernelCall DelegateCall MoveCall JumpFalseCall FreeCall
ContainerMetadata: encodedInpStr string, encodedOutStr string
Null:
AllocationDetails: memoryId u32, memoryOffsetLow u32, memoryOffsetHigh u32
ExtraTensorInfo: mutableDataSegmentsIdx u64, fullyQualifiedName string, location i8, deviceType i8, deviceIndex i8
Tensor: scalarType i8, storageOffset i32, sizes [i32], dimOrder [u8], requiresGrad bool, dataBufferIdx u32, allocationInfo AllocationDetails, layout i8, shapeDynamism i8, extraTensorInfo ExtraTensorInfo
Int: intVal i64
Bool: boolVal bool
Double: doubleVal f64
String: stringVal string
IntList: items [i64]
DoubleList: items [f64]
BoolList: items [bool]
TensorList: items [i32]
OptionalTensorList: items [i32]
EValue: valType u8, val <KernelTypes>
Operator: name string, overload string
KernelCall: opIndex i32, args [i32]
DelegateCall: delegateIndex i32, args [i32]
MoveCall: moveFrom i32, moveTo i32
JumpFalseCall: condValueIndex i32, destinationInstruction i32
FreeCall: valueIndex i32
Instruction: instrArgsType u8, instrArgs <InstructionArguments>
Frame: filename string, lineno i32, name string, context string
FrameList: items [Frame]
BackendDelegateDataReference: location i8, index u32
CompileSpec: key string, value [u8]
BackendDelegate: id string, processed BackendDelegateDataReference, compileSpecs [CompileSpec]
Chain: inputs [i32], outputs [i32], instructions [Instruction], stacktrace [FrameList]
ExecutionPlan: name string, containerMetaType ContainerMetadata, values [EValue], inputs [i32], outputs [i32], chains [Chain], operators [Operator], delegates [BackendDelegate], nonConstBufferSizes [i64], nonConstBufferDevice [NonConstBufferDevice]
NonConstBufferDevice: bufferIdx i32, deviceType i8, deviceIndex i8
Buffer: storage [u8]!
BackendDelegateInlineData: data [u8]
DataSegment: offset u64, size u64
SubsegmentOffsets: segmentIndex u32, offsets [u64]
NamedData: key string, segmentIndex u32
Program: version u32, executionPlan [ExecutionPlan], constantBuffer [Buffer], backendDelegateData [BackendDelegateInlineData], segments [DataSegment], constantSegment SubsegmentOffsets, mutableDataSegments [SubsegmentOffsets], namedData [NamedData]
`)

/** Everything below a `FlatTensor`. */
export const FLAT_TENSOR_SCHEMA = parseSchema(`
TensorLayout: scalarType i8, sizes [i32], dimOrder [u8]
DataSegment: offset u64, size u64
NamedData: key string, segmentIndex u32, tensorLayout TensorLayout
FlatTensor: version u32, segments [DataSegment], namedData [NamedData]
`)
