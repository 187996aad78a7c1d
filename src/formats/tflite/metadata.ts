/**
 * What a TensorFlow Lite model says about itself: version, description, and the metadata that a buffer may hold as a
 * FlatBuffer of its own.
 */
import type { FlatTable } from '../flatbuffer/table.ts'
import { openFlat } from '../flatbuffer/open.ts'
import { sliceSource } from '../slice-source.ts'
import type { Span } from './buffers.ts'
import type { TfliteContext } from './context.ts'
import { METADATA_SCHEMA } from './schema.ts'

const METADATA = 'TFLITE_METADATA'
const IDENTIFIER = 'M001'
const FIELDS = ['name', 'description', 'version', 'author', 'license'] as const

function takeTexts(context: TfliteContext, table: FlatTable, prefix: string): void {
  for (const field of FIELDS) {
    const value = table.string(field)?.toWellFormed()
    if (value !== undefined) context.facts.metadata({ key: `${prefix}.${field}`, type: 'string', value })
  }
}

function readModelMetadata(context: TfliteContext, span: Span): void {
  const { request, facts } = context
  const source = sliceSource(request.source, span.at, span.length)
  if (Buffer.from(source.read(0, Math.min(8, source.size))).toString('latin1', 4) !== IDENTIFIER) return
  const flat = openFlat({ ...request, source }, facts, { schema: METADATA_SCHEMA, root: 'ModelMetadata' })
  if (flat === undefined) return
  takeTexts(context, flat.root, 'metadata')
  const files = [...flat.root.tables('subgraphMetadata')].flatMap((graph) => [...graph.tables('associatedFiles')])
  for (const file of [...flat.root.tables('associatedFiles'), ...files]) {
    const target = file.string('name')
    if (target !== undefined) facts.reference({ kind: 'path', target, locus: 'metadata.associatedFiles' })
  }
}

/** Reads all that is said about the model into the facts. */
export function readMetadata(context: TfliteContext, buffers: readonly (Span | undefined)[]): void {
  const { facts, root } = context
  facts.metadata({ key: 'version', type: 'u32', value: root.number('version') })
  const description = root.string('description')?.toWellFormed()
  if (description !== undefined) facts.metadata({ key: 'description', type: 'string', value: description })
  const names: string[] = []
  for (const entry of root.tables('metadata')) {
    const name = entry.string('name') ?? ''
    names.push(name.toWellFormed())
    const span = buffers[entry.number('buffer')]
    if (name === METADATA && span !== undefined) readModelMetadata(context, span)
  }
  if (names.length > 0)
    facts.metadata({ key: 'metadata', type: 'array<string>', value: names.slice(0, 64), count: names.length })
  for (const group of root.tables('externalBufferGroups')) {
    const target = group.string('name')
    if (target !== undefined) facts.reference({ kind: 'path', target, locus: 'externalBufferGroups' })
  }
}
