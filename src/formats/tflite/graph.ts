/**
 * Subgraphs of a TensorFlow Lite model: operators and tensors, and whether their numbers point into the lists.
 */
import type { FlatTable } from '../flatbuffer/table.ts'
import { objectionToSize } from '../flatbuffer/tensor-size.ts'
import { quoteName } from '../names.ts'
import { readBuffers, spanBehind, type Span } from './buffers.ts'
import type { TfliteContext } from './context.ts'
import { BUILTIN_OPERATORS, BUNDLED_OPERATORS, CUSTOM } from './operators.ts'
import { elementType } from './element-types.ts'

const FLEX = /^Flex[A-Z]/

/** Name of an operator, and what there is to say about it. */
function nameOperator(context: TfliteContext, code: FlatTable, index: number): string {
  const number = Math.max(code.number('deprecatedBuiltinCode'), code.number('builtinCode'))
  const custom = code.string('customCode') ?? ''
  const { facts } = context
  if (number !== CUSTOM) {
    const name = BUILTIN_OPERATORS[number]
    if (name === undefined) facts.leaveUnread(`operator ${number}, which this version does not know`)
    return name ?? `operator ${number}`
  }
  const locus = `operator code ${index}`
  facts.reference({ kind: 'class', target: custom, locus })
  if (FLEX.test(custom))
    facts.anomalies.add('tfl-flex-operator', `the operator ${quoteName(custom)} is one of TensorFlow itself`, { locus })
  else if (!BUNDLED_OPERATORS.has(custom))
    facts.anomalies.add('tfl-custom-operator', `the operator ${quoteName(custom)} is not one of the runtime`, { locus })
  return custom
}

interface Model {
  readonly operators: readonly string[]
  readonly buffers: readonly (Span | undefined)[]
  readonly uses: Map<string, number>
}

function noteIndex({ facts }: TfliteContext, what: string, locus: string): void {
  facts.anomalies.add('tfl-index', `${what} is beyond the end of the list`, { locus })
}

function checkIndexes(context: TfliteContext, table: FlatTable, check: IndexCheck): void {
  for (const field of check.fields) {
    for (const index of table.numbers(field)) {
      if (index >= check.count || index < (check.least ?? 0)) noteIndex(context, `tensor ${index}`, check.locus)
    }
  }
}

interface IndexCheck {
  readonly fields: readonly string[]
  readonly count: number
  /** -1 where an absent tensor is written so. */
  readonly least?: number
  readonly locus: string
}

function readOperator(context: TfliteContext, operator: FlatTable, place: OperatorPlace): void {
  const { model, locus, count } = place
  const index = operator.number('opcodeIndex')
  const name = model.operators[index]
  if (name === undefined) noteIndex(context, `operator code ${index}`, locus)
  else model.uses.set(name, (model.uses.get(name) ?? 0) + 1)
  checkIndexes(context, operator, { fields: ['inputs', 'outputs', 'intermediates'], count, least: -1, locus })
  const options = spanBehind(context, operator, ['largeCustomOptionsOffset', 'largeCustomOptionsSize'])
  if (options !== undefined) context.behind.push(options)
}

interface OperatorPlace {
  readonly model: Model
  readonly locus: string
  /** Tensors of the subgraph. */
  readonly count: number
}

function readTensor(context: TfliteContext, tensor: FlatTable, { model, locus }: TensorPlace): void {
  const index = tensor.number('buffer')
  const { buffers } = model
  if (index >= buffers.length && index > 0) return noteIndex(context, `buffer ${index}`, locus)
  const span = buffers[index]
  if (span === undefined) return
  const { name, bits } = elementType(tensor.number('type'))
  const shape = [...tensor.numbers('shape')]
  const isWhole = shape.every((size) => size >= 0)
  if (isWhole && bits !== undefined && !tensor.has('sparsity')) checkSize(context, { shape, bits, span, locus })
  context.facts.tensor({
    name: tensor.string('name') ?? locus,
    type: name ?? `type ${tensor.number('type')}`,
    shape: isWhole ? shape : [],
    file: context.facts.path,
    offset: span.at,
    length: span.length,
    ...packing(tensor, name),
  })
}

/** Why the bytes of a tensor are not its numbers one after the other. */
function packing(tensor: FlatTable, type: string | undefined): { readonly packed?: string } {
  if (tensor.has('sparsity')) return { packed: 'sparse' }
  return type === undefined ? { packed: 'typed' } : {}
}

interface TensorPlace {
  readonly model: Model
  readonly locus: string
}

interface SizeCheck {
  readonly shape: readonly number[]
  readonly bits: number
  readonly span: Span
  readonly locus: string
}

function checkSize({ facts }: TfliteContext, { shape, bits, span, locus }: SizeCheck): void {
  const objection = objectionToSize({ shape, bits, length: span.length })
  if (objection !== undefined)
    facts.anomalies.add('tfl-tensor-size', objection, { locus, offset: span.at, length: span.length })
}

function readSubgraph(context: TfliteContext, graph: FlatTable, place: { model: Model; index: number }): void {
  const { model, index } = place
  const count = graph.count('tensors')
  const locus = `subgraph ${index}`
  checkIndexes(context, graph, { fields: ['inputs', 'outputs'], count, locus })
  let number = 0
  for (const tensor of graph.tables('tensors'))
    readTensor(context, tensor, { model, locus: `${locus}, tensor ${number++}` })
  number = 0
  for (const operator of graph.tables('operators'))
    readOperator(context, operator, { model, locus: `${locus}, operator ${number++}`, count })
}

/** Reads operators, buffers, tensors and signatures into the facts. */
export function readGraphs(context: TfliteContext): readonly (Span | undefined)[] {
  const operators: string[] = []
  for (const code of context.root.tables('operatorCodes')) operators.push(nameOperator(context, code, operators.length))
  const buffers = readBuffers(context)
  const model: Model = { operators, buffers, uses: new Map() }
  let index = 0
  for (const graph of context.root.tables('subgraphs')) readSubgraph(context, graph, { model, index: index++ })
  for (const signature of context.root.tables('signatureDefs')) {
    const subgraph = signature.number('subgraphIndex')
    if (subgraph >= index)
      noteIndex(context, `subgraph ${subgraph}`, `signature ${signature.string('signatureKey') ?? ''}`)
  }
  const value = [...model.uses].map(([name, count]) => `${name} ${count}`)
  context.facts.metadata({ key: 'operators', type: 'array<string>', value: value.slice(0, 256), count: value.length })
  return buffers
}
