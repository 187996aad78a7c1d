/**
 * TensorFlow graphs in protobuf's text form: the operators, and graphs within texts.
 *
 * The structure is not checked against the schema, so that such a file is listed and never read in full; what is found
 * in it is noted as in the binary form.
 */
import { Budget } from '../budget.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { baseName, looksLikeText } from '../glimpse.ts'
import { memorySource } from '../memory-source.ts'
import { quoteName } from '../names.ts'
import { PageReader } from '../page-reader.ts'
import { textFields, type TextField } from '../protobuf/text-fields.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES as TEXT, type TextAnomaly } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'
import { ANOMALIES, type GraphAnomaly } from './anomalies.ts'
import { dangerOf, isRegistered } from './danger.ts'
import { holdsGraph } from './nested.ts'

const LONGEST = 32 * 1024 * 1024
const CODES = { file: 'tfg-file', python: 'tfg-python', network: 'tfg-network' } as const
/** Fields whose text may hold a graph. */
const VALUES: ReadonlySet<string> = new Set(['s', 'string_val', 'value'])

type Facts = FactCollector<GraphAnomaly | TextAnomaly>

function takeOperator(facts: Facts, { value, at }: TextField): void {
  const danger = dangerOf(value)
  const locus = `operator ${quoteName(value)}`
  const place = { locus, offset: at, length: value.length }
  if (danger !== undefined) facts.anomalies.add(CODES[danger], `${locus} works on more than tensors: ${danger}`, place)
}

function takeValue(request: ReadRequest, { value, at }: TextField): void {
  const bytes = Buffer.from(value, 'latin1')
  if (!holdsGraph(new PageReader(memorySource(bytes, new Budget())), { from: 0, to: bytes.length })) return
  request.readMember({
    name: `graph at ${at}`,
    source: memorySource(bytes, request.budget),
    format: 'tf-graphdef',
  })
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'tf-pbtxt', [...ANOMALIES, ...TEXT])
  const text = takeText(request, facts, LONGEST) ?? ''
  const operators = new Set<string>()
  for (const field of textFields(text)) {
    request.budget.spendItems()
    if (field.name === 'op') {
      takeOperator(facts, field)
      if (operators.size < 10_000) operators.add(field.value)
    } else if (VALUES.has(field.name)) takeValue(request, field)
  }
  const value = [...operators].slice(0, 64)
  facts.metadata({ key: 'graph/operators', type: 'array<string>', value, count: operators.size })
  const unknown = [...operators].filter((operator) => !isRegistered(operator)).slice(0, 64)
  facts.metadata({ key: 'graph/unregistered', type: 'array<string>', value: unknown })
  return facts.finish({ reading: 'listed', reason: 'a graph as text, of which operators and texts were looked at' })
}

/** `*.pbtxt` of TensorFlow. */
export const graphTextReader: FormatReader = {
  format: 'tf-pbtxt',
  title: 'TensorFlow graph as text',
  version: 1,
  extensions: ['.pbtxt'],
  sniff(glimpse) {
    const isNamed = baseName(glimpse.path).endsWith('.pbtxt')
    const begins = /^\s*(?:#[^\n]*\n\s*)*(?:node|meta_graphs|meta_info_def|graph_def|saved_model_schema_version)\s*[:{]/
    if (looksLikeText(glimpse) && begins.test(Buffer.from(glimpse.head).toString('latin1'))) return 'structure'
    return isNamed ? 'name' : null
  },
  read,
}
