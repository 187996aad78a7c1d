/**
 * The plans of an ExecuTorch program: operators, delegates and tensors.
 *
 * What a delegate carries is a program for another engine, which is not read here; a compiled library in it is noted.
 * Source: `program.fbs` of ExecuTorch 1.5.
 */
import { executableReaders } from '../executable/index.ts'
import type { FlatTable } from '../flatbuffer/table.ts'
import { quoteName } from '../names.ts'
import { takeGlimpse } from '../sniff.ts'
import { sliceSource } from '../slice-source.ts'
import { addTensor, type ExecutorchContext } from './context.ts'
import type { Segment } from './segments.ts'

/** Namespaces of operators that come with the runtime. */
const OWN_NAMESPACES: ReadonlySet<string> = new Set([
  'aten',
  'executorch_prim',
  'quantized_decomposed',
  'dim_order_ops',
  'llama',
  'torchao',
  'prim',
])
const EXTERNAL = 1
const IN_SEGMENT = 1

function noteIndex({ facts }: ExecutorchContext, what: string, locus: string): void {
  facts.anomalies.add('pte-index', `${what} is beyond the end of the list`, { locus })
}

/** Reads the operators of a plan and returns how many there are. */
function readOperators(context: ExecutorchContext, plan: FlatTable, uses: Map<string, number>): void {
  for (const operator of plan.tables('operators')) {
    const name = operator.string('name')?.toWellFormed() ?? ''
    uses.set(name, (uses.get(name) ?? 0) + 1)
    if (uses.get(name) !== 1 || OWN_NAMESPACES.has(name.split('::')[0] ?? '')) continue
    const locus = `operator ${quoteName(name)}`
    context.facts.reference({ kind: 'class', target: name, locus })
    context.facts.anomalies.add('pte-custom-operator', 'the operator is none of the runtime', { locus })
  }
}

function dataOf(context: ExecutorchContext, delegate: FlatTable): Segment | undefined {
  const processed = delegate.table('processed')
  const index = processed?.number('index') ?? 0
  if (processed?.number('location') === IN_SEGMENT) return context.segments[index]
  const inline = [...context.flat.root.tables('backendDelegateData')][index]?.vector('data')
  return inline === undefined ? undefined : { at: inline.at, length: inline.count }
}

function readDelegate(context: ExecutorchContext, delegate: FlatTable, locus: string): void {
  const { facts } = context
  const id = delegate.string('id')?.toWellFormed() ?? ''
  facts.metadata({ key: `${locus}.id`, type: 'string', value: id })
  const data = dataOf(context, delegate)
  if (data === undefined) return noteIndex(context, 'the data of the delegate', locus)
  if (data.length === 0) return
  facts.leaveUnread(`the program of the delegate ${quoteName(id)}, ${data.length} bytes`)
  noteLibrary(context, data, locus)
}

/** Notes a compiled library in a range of the file. */
export function noteLibrary({ facts, request }: ExecutorchContext, { at, length }: Segment, locus: string): void {
  if (length === 0) return
  const glimpse = takeGlimpse(locus, sliceSource(request.source, at, length))
  const program = executableReaders.find((reader) => reader.sniff(glimpse) === 'magic')
  if (program !== undefined)
    facts.anomalies.add('pte-native-library', `${program.title} of ${length} bytes`, { locus, offset: at, length })
}

/** Where the constants of a program lie, by their number. */
type Constants = (index: number) => Segment | undefined

function constantsOf({ flat, segments }: ExecutorchContext): Constants {
  const buffers = [...flat.root.tables('constantBuffer')].map((buffer) => buffer.vector('storage'))
  const table = flat.root.table('constantSegment')
  const offsets = table === undefined ? [] : [...table.numbers('offsets')]
  const segment = segments[table?.number('segmentIndex') ?? 0]
  return (index) => {
    const buffer = buffers[index]
    if (buffer !== undefined) return { at: buffer.at, length: buffer.count }
    const offset = offsets[index]
    if (offset === undefined || segment === undefined || offset > segment.length) return undefined
    return { at: segment.at + offset, length: segment.length - offset }
  }
}

function readValue(context: ExecutorchContext, value: FlatTable, place: { constants: Constants; locus: string }): void {
  const tensor = value.union('val')
  if (tensor?.name !== 'Tensor') return
  const index = tensor.number('dataBufferIdx')
  const extra = tensor.table('extraTensorInfo')
  const name = extra?.string('fullyQualifiedName')?.toWellFormed() ?? place.locus
  if (extra?.number('location') === EXTERNAL)
    return context.facts.reference({ kind: 'path', target: name, locus: place.locus })
  if (index === 0 || tensor.has('allocationInfo')) return
  const stored = place.constants(index)
  if (stored === undefined) return noteIndex(context, `constant ${index}`, place.locus)
  const order = [...tensor.numbers('dimOrder')]
  addTensor(context, {
    name,
    scalarType: tensor.number('scalarType'),
    sizes: [...tensor.numbers('sizes')],
    isPermuted: order.some((dimension, i) => dimension !== i),
    at: stored.at,
    room: stored.length,
  })
}

/** Reads all plans of a program into the facts. */
export function readPlans(context: ExecutorchContext): void {
  const { root } = context.flat
  const constants = constantsOf(context)
  const uses = new Map<string, number>()
  for (const plan of root.tables('executionPlan')) {
    const prefix = plan.string('name')?.toWellFormed() ?? 'plan'
    let index = 0
    for (const value of plan.tables('values'))
      readValue(context, value, { constants, locus: `${prefix}.values.${index++}` })
    readOperators(context, plan, uses)
    index = 0
    for (const delegate of plan.tables('delegates')) readDelegate(context, delegate, `${prefix}.delegates.${index++}`)
    for (const chain of plan.tables('chains')) checkCalls(context, plan, chain)
  }
  const value = [...uses.keys()]
  context.facts.metadata({ key: 'operators', type: 'array<string>', value: value.slice(0, 256), count: value.length })
}

function checkCalls(context: ExecutorchContext, plan: FlatTable, chain: FlatTable): void {
  const counts = {
    values: plan.count('values'),
    operators: plan.count('operators'),
    delegates: plan.count('delegates'),
  }
  const locus = `${plan.string('name')?.toWellFormed() ?? 'plan'}.chains`
  for (const instruction of chain.tables('instructions')) {
    const call = instruction.union('instrArgs')
    if (call === undefined) continue
    checkCallee(context, call, { ...counts, locus })
    for (const argument of call.numbers('args'))
      if (argument < 0 || argument >= counts.values) noteIndex(context, `value ${argument}`, locus)
  }
}

interface Lists {
  readonly operators: number
  readonly delegates: number
  readonly locus: string
}

function checkCallee(context: ExecutorchContext, call: FlatTable, { operators, delegates, locus }: Lists): void {
  if (call.name !== 'DelegateCall' && call.name !== 'KernelCall') return
  const isDelegate = call.name === 'DelegateCall'
  const index = call.number(isDelegate ? 'delegateIndex' : 'opIndex')
  if (index < 0 || index >= (isDelegate ? delegates : operators)) noteIndex(context, `${call.name} ${index}`, locus)
}
