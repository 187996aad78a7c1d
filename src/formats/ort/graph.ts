/**
 * Graphs of an ONNX Runtime model: operators with their domains, and tensors, also in the graphs that operators hold.
 *
 * Source: `ort.fbs` of ONNX Runtime 1.32; `graph_constants.h` for the domains.
 */
import type { FactCollector } from '../fact-collector.ts'
import type { FlatAnomaly } from '../flatbuffer/anomalies.ts'
import type { FlatTable } from '../flatbuffer/table.ts'
import { objectionToSize, type SizedTensor } from '../flatbuffer/tensor-size.ts'
import { quoteName } from '../names.ts'
import { BITS } from '../safetensors/element-types.ts'
import type { OrtAnomaly } from './anomalies.ts'

/** Domains whose operators are part of ONNX Runtime. */
const OWN_DOMAINS: ReadonlySet<string> = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview',
  'ai.onnx.preview.training',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.microsoft.dml',
  'com.ms.internal.nhwc',
  'com.microsoft.experimental',
  'org.pytorch.aten',
])
/** In the order of `TensorDataType`. */
const TYPES =
  ' F32 U8 I8 U16 I16 I32 I64 STRING BOOL F16 F64 U32 U64 C64 C128 BF16 F8_E4M3 F8_E4M3FNUZ F8_E5M2 F8_E5M2FNUZ'.split(
    ' ',
  )

/** State of one reading. */
export interface OrtContext {
  readonly facts: FactCollector<OrtAnomaly | FlatAnomaly>
  readonly operators: Map<string, number>
}

/** Reads a tensor. @param prefix says which graph it stands in, empty for the outermost */
export function readTensor({ facts }: OrtContext, tensor: FlatTable, prefix: string): void {
  const name = `${prefix}${tensor.string('name')?.toWellFormed() ?? ''}`
  const data = tensor.vector('rawData')
  if (tensor.has('externalDataOffset') && data === undefined)
    return facts.leaveUnread(`the tensor ${quoteName(name)}, whose bytes lie in another file`)
  if (data === undefined || data.count === 0) return
  const type = TYPES[tensor.number('dataType')] ?? `type ${tensor.number('dataType')}`
  const shape = [...tensor.numbers('dims')]
  const bits = BITS.get(type)
  const objection = objectionTo({ shape, bits: bits ?? 0, length: data.count })
  if (objection !== undefined)
    facts.anomalies.add('ort-tensor-size', objection, { locus: `tensor ${quoteName(name)}`, offset: data.at })
  const place = { file: facts.path, offset: data.at, length: data.count }
  facts.tensor({ name, type, shape, ...place, ...(bits === undefined && { packed: 'typed' }) })
}

function objectionTo(tensor: SizedTensor): string | undefined {
  const isWhole = tensor.shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  return isWhole ? objectionToSize(tensor) : `the shape ${tensor.shape.join(' × ')} is none`
}

function readNode(
  context: OrtContext,
  node: FlatTable,
  place: { readonly prefix: string; readonly index: number },
): void {
  const domain = node.string('domain') ?? ''
  const type = node.string('opType') ?? ''
  const name = domain === '' ? type : `${domain}.${type}`
  const known = context.operators.get(name) ?? 0
  context.operators.set(name, known + 1)
  const locus = `${place.prefix}node ${place.index}`
  if (known === 0 && !OWN_DOMAINS.has(domain)) {
    context.facts.reference({ kind: 'class', target: name.toWellFormed(), locus })
    const message = `the operator ${quoteName(type)} is of the domain ${quoteName(domain)}`
    context.facts.anomalies.add('ort-custom-domain', message, { locus, offset: node.at })
  }
  const prefix = `${locus}/`
  for (const attribute of node.tables('attributes')) {
    const single = attribute.table('t')
    if (single !== undefined) readTensor(context, single, prefix)
    for (const tensor of attribute.tables('tensors')) readTensor(context, tensor, prefix)
    const graph = attribute.table('g')
    if (graph !== undefined) readGraph(context, graph, prefix)
    for (const inner of attribute.tables('graphs')) readGraph(context, inner, prefix)
  }
}

/** Reads a graph and those within it; the verifier has bounded how deep they nest. */
export function readGraph(context: OrtContext, graph: FlatTable, prefix = ''): void {
  for (const tensor of graph.tables('initializers')) readTensor(context, tensor, prefix)
  for (const sparse of graph.tables('sparseInitializers')) {
    const [values, indices] = [sparse.table('values'), sparse.table('indices')]
    if (values !== undefined) readTensor(context, values, prefix)
    if (indices !== undefined) readTensor(context, indices, `${prefix}indices of `)
  }
  let index = 0
  for (const node of graph.tables('nodes')) readNode(context, node, { prefix, index: index++ })
}
