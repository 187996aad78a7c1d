/**
 * What operators of TensorFlow do beside arithmetic.
 *
 * Operators by which every saved model stores and restores its variables and fills its tables (SaveV2, RestoreV2,
 * MergeV2Checkpoints, ShardedFilename, InitializeTableFromTextFileV2) are not among them: their paths are given by
 * whoever loads the model, or lie in its assets.
 * Source: the operator registry of TensorFlow 2.21 and the documentation of its raw operators.
 */
import { FIRST_OPERATORS } from './operators-first.ts'
import { SECOND_OPERATORS } from './operators-second.ts'

/** file: reads, writes, lists or deletes files; python: calls Python; network: connects, or sends out what it sees. */
export type Danger = 'file' | 'python' | 'network'

const FILE = `
  ReadFile WriteFile MatchingFiles MatchingFilesDataset ExperimentalMatchingFilesDataset
  WholeFileReader WholeFileReaderV2 TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2
  FixedLengthRecordReader FixedLengthRecordReaderV2 LMDBReader LMDBDataset ExperimentalLMDBDataset
  TextLineDataset TFRecordDataset TFRecordDatasetV2 FixedLengthRecordDataset FixedLengthRecordDatasetV2 RecordInput
  CSVDataset CSVDatasetV2 ExperimentalCSVDataset SaveDataset SaveDatasetV2 LoadDataset
  SnapshotDataset SnapshotDatasetV2 SnapshotDatasetReader SnapshotNestedDatasetReader SnapshotChunkDataset
  ListSnapshotChunksDataset DistributedSave DatasetToTFRecord ExperimentalDatasetToTFRecord ImportEvent
  CreateSummaryFileWriter GenerateVocabRemapping LoadAndRemapMatrix CalibrationStatisticsSaver
  FileSystemSetConfiguration DumpTensor DebugNumericSummaryToFile
`
const PYTHON = 'PyFunc PyFuncStateless EagerPyFunc'
const NETWORK = `
  RpcServer RpcServerStart RpcServerRegister RpcClient RpcCall RpcCheckStatus RpcGetValue DeleteRpcFutureResource Rpc
  TryRpc RemoteCall SqlDataset ExperimentalSqlDataset CreateSummaryDbWriter
  DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount DebugNumericSummary DebugNumericSummaryV2
  DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset RegisterDatasetV2
  BigQueryReader GenerateBigQueryReaderPartitions BigtableClient KafkaDataset KafkaGroupReadableInit IgniteDataset
  GcsConfigureCredentials GcsConfigureBlockCache
`

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

const DANGERS: ReadonlyMap<string, Danger> = new Map([
  ...words(FILE).map((name) => [name, 'file'] as const),
  ...words(PYTHON).map((name) => [name, 'python'] as const),
  ...words(NETWORK).map((name) => [name, 'network'] as const),
])
const KNOWN: ReadonlySet<string> = new Set([...words(FIRST_OPERATORS), ...words(SECOND_OPERATORS)])

/** What an operator does beside arithmetic, if anything. @example dangerOf('WriteFile') // 'file' */
export function dangerOf(operator: string): Danger | undefined {
  return DANGERS.get(operator)
}

/** True for an operator that TensorFlow registers. @example isRegistered('MatMul') // true */
export function isRegistered(operator: string): boolean {
  return KNOWN.has(operator)
}

/** Attributes of operators that name a file or an address, and the danger that they make of the operator. */
export function dangerOfAttribute(operator: string, attribute: string, text: string): Danger | undefined {
  if (operator === 'PrintV2' && attribute === 'output_stream') return text.startsWith('file:') ? 'file' : undefined
  const isProto = /^(?:DecodeProto|EncodeProto)/.test(operator) && attribute === 'descriptor_source'
  return isProto && !/^(?:local:\/\/|bytes:\/\/|$)/.test(text) ? 'file' : undefined
}
