/** The run of `tidewaiter exhibit`: how A becomes B by a change of labels, written down or checked. */
import { Fault, formatBytes, sha256 } from '../../../base/index.ts'
import {
  buildExhibit,
  checkExhibit,
  LARGEST_EXHIBIT,
  openWeights,
  readExhibit,
  summariseExhibit,
  type Exhibit,
  type Weights,
} from '../../../lineage/index.ts'
import { openModel, type OpenOptions } from '../../clearance/open-model.ts'
import { writeWhole } from '../../write-whole.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { listLeftovers, renderExhibit, renderExhibitCheck } from '../exhibit-text.ts'
import { requireOption } from './kit/files.ts'
import { readBounded } from '../../read-bounded.ts'

/** Both models, open for the time of a use. @throws Fault `unusable-weights` and those of intake and of the use */
async function withBoth<Value>(
  refs: readonly [a: string, b: string],
  options: OpenOptions,
  use: (a: Weights, b: Weights) => Value,
): Promise<Value> {
  const opened: Weights[] = []
  try {
    for (const ref of refs) {
      const model = await openModel(ref, options)
      const weights = openWeights(model.opened, model.facts)
      opened.push(weights)
      if (weights.model.unusable !== null) throw new Fault('unusable-weights', `${ref}: ${weights.model.unusable}`)
    }
    const [a, b] = opened
    if (a === undefined || b === undefined) throw usageFault('an exhibit is of two models')
    return use(a, b)
  } finally {
    for (const weights of opened) weights.close()
  }
}

/** The exhibit as text. It is read again before it is written, so that what is written can be checked. */
function encode(exhibit: Exhibit): Uint8Array {
  const bytes = toBytes(exhibit)
  if (bytes === null || bytes.length > LARGEST_EXHIBIT)
    throw new Fault('exhibit-too-large', `the exhibit of these models would have more than ${LARGEST_EXHIBIT} bytes`)
  readExhibit(bytes)
  return bytes
}

function toBytes(exhibit: Exhibit): Uint8Array | null {
  try {
    return Buffer.from(`${JSON.stringify(exhibit)}\n`)
  } catch (thrown) {
    if (thrown instanceof RangeError) return null // longer than the longest string
    throw thrown
  }
}

async function build(call: CommandCall, options: OpenOptions): Promise<number> {
  const [refA = '', refB = ''] = call.positionals
  const out = requireOption(call, 'out')
  const stage = call.terminal.stage('exhibit')
  const { exhibit, bytes, summary } = await withBoth([refA, refB], options, (a, b) => {
    stage.update('aligning')
    const built = buildExhibit(a, b, { signal: call.signal })
    if (built === null)
      throw new Fault('not-aligned', 'no layers of the two agree after alignment, so there is nothing to exhibit')
    return { exhibit: built, bytes: encode(built), summary: summariseExhibit(built, b) }
  })
  writeWhole(out, bytes)
  stage.done(`${formatBytes(bytes.length)} written`)
  const file = { path: out, size: bytes.length, sha256: sha256(bytes) }
  const models = { a: { ref: refA, id: exhibit.a }, b: { ref: refB, id: exhibit.b } }
  const { defect } = exhibit.rotation
  const made = { schema: 'tidewaiter/exhibit-made/v1', ...file, ...models, ...summary, defect } as const
  const value = { ...made, matrices: listLeftovers(exhibit) }
  call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : renderExhibit(value))
  return EXIT.done
}

/** @throws Fault `another-model` when the models are not those of the exhibit */
function ensureSame(exhibit: Exhibit, a: Weights, b: Weights): void {
  if (exhibit.a === a.id && exhibit.b === b.id) return
  if (exhibit.a === b.id && exhibit.b === a.id)
    throw new Fault('another-model', 'the exhibit is of these two models the other way round; give B first')
  const [name, given, wanted] = exhibit.a === a.id ? ['B', b.id, exhibit.b] : ['A', a.id, exhibit.a]
  throw new Fault('another-model', `${name} is ${given}, and the exhibit is of ${wanted}`)
}

async function check(call: CommandCall, options: OpenOptions): Promise<number> {
  const [, path = '', refA = '', refB = ''] = call.positionals
  const bytes = readBounded(path, LARGEST_EXHIBIT)
  const exhibit = readExhibit(bytes)
  const stage = call.terminal.stage('exhibit')
  const value = await withBoth([refA, refB], options, (a, b) => {
    ensureSame(exhibit, a, b)
    stage.update('building B from A')
    const { holds, reasons, defect, matrices } = checkExhibit(exhibit, a, b)
    const models = { a: { ref: refA, id: a.id }, b: { ref: refB, id: b.id } }
    const worst = matrices.toSorted((x, y) => y.residual - x.residual)
    const head = { schema: 'tidewaiter/exhibit-check/v1', holds, reasons, sha256: sha256(bytes), ...models } as const
    return { ...head, ...summariseExhibit(exhibit, b), defect, matrices: worst }
  })
  stage.done(value.holds ? 'holds' : 'does not hold')
  call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : renderExhibitCheck(value))
  return value.holds ? EXIT.done : EXIT.fault
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const { terminal, signal, positionals } = call
  const isCheck = positionals[0] === 'check'
  if (positionals.length !== (isCheck ? 4 : 2))
    throw usageFault(isCheck ? 'exhibit check takes FILE A B' : 'exhibit takes A B, or check FILE A B')
  const options = { context: callContext(call), terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  return isCheck ? check(call, options) : build(call, options)
}
