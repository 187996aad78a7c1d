/** The run of `tidewaiter deep`: comparisons that take hours, in a queue. */
import { resolve } from 'node:path'
import { parseReference } from '../../../artefact/index.ts'
import { Fault, showUnseen } from '../../../base/index.ts'
import { blindAlignment, everyCell, type Comparison, type DeepInspection } from '../../../lineage/index.ts'
import type { InspectionRecord, InspectionResult, InspectionSide } from '../../../register/index.ts'
import { inspectNext, registerQueue, type InspectOptions } from '../../clearance/inspect-deeply.ts'
import { takeIn, type OpenOptions } from '../../clearance/open-model.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { renderComparison } from '../comparison-text.ts'
import { EXIT } from '../exit-codes.ts'

/** The kinds of inspection, that which is meant when none is named first. */
const KINDS: ReadonlyMap<string, DeepInspection> = new Map([
  ['blind', blindAlignment],
  ['every-cell', everyCell],
])

function progressOf({ progress, status, failure }: InspectionRecord): string {
  if (failure !== null) return `: ${failure}`
  if (progress === null || status === 'done') return ''
  return `, ${progress.done} of ${progress.total} steps`
}

function toLine(record: InspectionRecord): string {
  const { id, a, b, kind, status, changedAt } = record
  return `${id}  ${changedAt}  ${kind}  ${status}${progressOf(record)}\n    ${a.ref}\n    ${b.ref}`
}

/** Prints inspections, as all verbs do. */
function printAll(call: CommandCall, records: readonly (InspectionRecord | InspectionResult)[], none: string): void {
  const { terminal } = call
  if (wantsJson(call))
    terminal.print(JSON.stringify({ schema: 'tidewaiter/deep-inspections/v1', inspections: records }, null, 2))
  else terminal.print(records.length === 0 ? none : showLines(records.map(toLine)))
}

function showLines(lines: readonly string[]): string {
  return lines.flatMap((line) => line.split('\n').map(showUnseen)).join('\n')
}

/** A reference that names the same model wherever the queue is run on this machine. */
async function takeSide(ref: string, options: OpenOptions): Promise<InspectionSide> {
  const reference = parseReference(ref)
  const { artefact } = await takeIn(ref, options)
  if (reference.kind === 'path') return { ref: resolve(reference.path), id: artefact.id }
  if (reference.ref.includes('***'))
    throw new Fault('secret-reference', `${reference.ref} holds a secret, which no register keeps; download the model`)
  return { ref, id: artefact.id }
}

function kindOf(call: CommandCall): string {
  const names = [...KINDS.keys()]
  const kind = call.value('kind') ?? names[0] ?? ''
  if (KINDS.has(kind)) return kind
  throw usageFault(`--kind is "${kind}"; it can be ${names.join(' or ')}`)
}

async function add(call: CommandCall, options: InspectOptions): Promise<number> {
  const [, first, second] = call.positionals
  if (first === undefined || second === undefined) throw usageFault('deep add takes two models')
  const kind = kindOf(call)
  const a = await takeSide(first, options)
  const b = await takeSide(second, options)
  const record = await options.queue((inspections) => inspections.add(a, b, kind))
  printAll(call, [record], '')
  return EXIT.done
}

async function list(call: CommandCall, { queue }: InspectOptions): Promise<number> {
  const records = await queue((inspections) => inspections.list())
  printAll(call, records, 'no deep inspection was ever asked for')
  return EXIT.done
}

async function show(call: CommandCall, { queue }: InspectOptions): Promise<number> {
  const [, part = ''] = call.positionals
  const found = await queue((inspections) => inspections.find(part))
  const [only] = found
  if (only === undefined)
    throw usageFault(`no deep inspection is, begins or ends with "${part}" (4 characters or more)`)
  if (found.length > 1) throw usageFault(`several deep inspections begin or end with "${part}"`)
  if (wantsJson(call) || only.result === null) printAll(call, [only], '')
  else call.terminal.print(renderComparison(only.result as unknown as Comparison, only.a.ref, only.b.ref))
  return EXIT.done
}

async function runQueue(call: CommandCall, options: InspectOptions): Promise<number> {
  const ended: InspectionResult[] = []
  for (;;) {
    const inspected = await inspectNext(options)
    if (inspected === undefined) break
    ended.push(...(await options.queue((inspections) => inspections.find(inspected.claim.record.id))))
    if (call.has('once')) break
  }
  printAll(call, ended, 'nothing waits')
  return ended.some(({ status }) => status === 'failed') ? EXIT.fault : EXIT.done
}

const VERBS = new Map([
  ['add', { words: 3, act: add }],
  ['list', { words: 1, act: list }],
  ['run', { words: 1, act: runQueue }],
  ['show', { words: 2, act: show }],
])

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [name = '', ...rest] = call.positionals
  const verb = VERBS.get(name)
  if (verb === undefined) throw usageFault(`deep knows ${[...VERBS.keys()].join(', ')}, not "${name}"`)
  if (rest.length + 1 !== verb.words)
    throw usageFault(`deep ${name} takes ${verb.words - 1} more; ${rest.length} given`)
  const { terminal, signal } = call
  const context = callContext(call)
  const queue = registerQueue(context)
  const hfCache = call.has('hf-cache')
  return verb.act(call, { context, queue, kinds: KINDS, terminal, signal, hfCache, blocks: false })
}
