/**
 * ONNX Runtime models (.ort) and training checkpoints: an ONNX graph as a FlatBuffer.
 *
 * Source: `ort.fbs` and `ort_training_checkpoint.fbs` of ONNX Runtime 1.32.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES as FLAT } from '../flatbuffer/anomalies.ts'
import { claimFlat, claimTail, openFlat } from '../flatbuffer/open.ts'
import type { FlatTable } from '../flatbuffer/table.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES } from './anomalies.ts'
import { readGraph, readTensor, type OrtContext } from './graph.ts'
import { ORT_SCHEMA } from './schema.ts'

const MODEL = 'ORTM'
const CHECKPOINT = 'ODTC'

function identifierOf(head: Uint8Array): string {
  return Buffer.from(head.subarray(4, 8)).toString('latin1')
}

function addText({ facts }: OrtContext, key: string, value: string | undefined): void {
  if (value !== undefined) facts.metadata({ key, type: 'string', value: value.toWellFormed() })
}

function readSession(context: OrtContext, session: FlatTable): void {
  addText(context, 'ortVersion', session.string('ortVersion'))
  const model = session.table('model')
  if (model === undefined) return
  for (const field of ['producerName', 'producerVersion', 'domain', 'docString', 'graphDocString'])
    addText(context, field, model.string(field))
  for (const entry of model.tables('metadataProps'))
    addText(context, `metadata.${entry.string('key') ?? ''}`, entry.string('value'))
  const opsets = [...model.tables('opsetImport')].map((opset) => {
    return `${opset.string('domain')?.toWellFormed() ?? ''} ${opset.size64('version')}`.trim()
  })
  context.facts.metadata({ key: 'opsets', type: 'array<string>', value: opsets.slice(0, 64), count: opsets.length })
  const graph = model.table('graph')
  if (graph !== undefined) readGraph(context, graph)
  const value = [...context.operators].map(([name, count]) => `${name.toWellFormed()} ${count}`)
  context.facts.metadata({ key: 'operators', type: 'array<string>', value: value.slice(0, 256), count: value.length })
}

function readCheckpoint(context: OrtContext, checkpoint: FlatTable): void {
  const state = checkpoint.table('moduleState')
  for (const field of ['requiresGradParams', 'frozenParams'])
    for (const tensor of state?.tables(field) ?? []) readTensor(context, tensor, '')
  for (const group of checkpoint.tables('optimizerGroups')) {
    for (const parameter of group.tables('optimizerStates')) {
      const prefix = `${group.string('groupName') ?? ''}/${parameter.string('paramName') ?? ''}/`.toWellFormed()
      for (const momentum of parameter.tables('momentums')) readTensor(context, momentum, prefix)
    }
  }
}

function read(request: ReadRequest): FileFacts {
  const facts: OrtContext['facts'] = new FactCollector(request, 'ort', [...ANOMALIES, ...FLAT])
  const isCheckpoint = identifierOf(request.source.read(0, Math.min(8, request.source.size))) === CHECKPOINT
  const root = isCheckpoint ? 'Checkpoint' : 'InferenceSession'
  const flat = openFlat(request, facts, { schema: ORT_SCHEMA, root })
  if (flat === undefined) return facts.finish()
  claimFlat(flat, facts)
  const context: OrtContext = { facts, operators: new Map() }
  if (isCheckpoint) readCheckpoint(context, flat.root)
  else readSession(context, flat.root)
  claimTail(flat, facts, flat.end)
  return facts.finish()
}

/** See the module. */
export const ortReader: FormatReader = {
  format: 'ort',
  title: 'ONNX Runtime model',
  version: 1,
  extensions: ['.ort', '.ckpt', '.onnx'],
  sniff: ({ path, head }) => {
    if ([MODEL, CHECKPOINT].includes(identifierOf(head))) return 'magic'
    return /\.ort$/i.test(path) ? 'name' : null
  },
  read,
}
