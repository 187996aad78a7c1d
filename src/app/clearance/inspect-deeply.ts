/**
 * Works through the queue of deep inspections.
 *
 * The register is opened for moments only: to take an inspection, to keep what was reached, to write down the result.
 * So a register in a folder stays free for others during the hours between. When the work is interrupted, what was
 * reached is kept and the inspection given back; whoever runs the queue next goes on from there.
 */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Fault, isFault, toFault, type Json } from '../../base/index.ts'
import type { Comparison, DeepInspection, DeepWork } from '../../lineage/index.ts'
import type { DeepInspections, InspectionClaim, InspectionSide, Register } from '../../register/index.ts'
import type { Context } from '../context.ts'
import { openModel, type OpenedModel, type OpenOptions } from './open-model.ts'

/** The queue for one use of it. */
export type UseQueue = <Value>(use: (inspections: DeepInspections) => Promise<Value>) => Promise<Value>

/** What the queue is worked with. */
export interface InspectOptions extends OpenOptions {
  readonly queue: UseQueue
  /** The kinds of inspection that are known, by the names that the queue keeps. */
  readonly kinds: ReadonlyMap<string, DeepInspection>
  /** Milliseconds after which what was reached is kept anew; a minute when left out. */
  readonly keepMs?: number
}

const KEEP_MS = 60_000
const LOCKED_MS = 10_000
const RETRY_MS = 250

async function openFree(context: Context): Promise<Register> {
  const { openRegister } = await import('../../register/index.ts')
  const { clock } = context.register
  for (const begun = clock.now(); ;) {
    try {
      return await openRegister(context.register)
    } catch (thrown) {
      const isLocked = isFault(thrown) && thrown.code === 'register-locked'
      if (!isLocked || clock.now() - begun > LOCKED_MS) throw thrown
      await setTimeout(RETRY_MS)
    }
  }
}

/** The queue in the register of a context, opened for each use; waits a little while another process has it. */
export function registerQueue(context: Context): UseQueue {
  return async (use) => {
    const register = await openFree(context)
    try {
      return await use(register.inspections)
    } finally {
      await register.close()
    }
  }
}

/** An inspection with what came of it. */
export interface Inspected {
  readonly claim: InspectionClaim
  readonly comparison: Comparison | null
  readonly failure: string | null
}

async function openSame({ ref, id }: InspectionSide, options: InspectOptions): Promise<OpenedModel> {
  const model = await openModel(ref, options)
  const { artefact } = model.opened
  if (artefact.id === id) return model
  throw new Fault('changed-model', `${ref} is ${artefact.id} now and was ${id} when the inspection was asked for`)
}

/** The inspection that was asked for. @throws Fault `unknown-inspection` */
function kindOf({ record }: InspectionClaim, { kinds }: InspectOptions): DeepInspection {
  const inspection = kinds.get(record.kind)
  if (inspection !== undefined) return inspection
  throw new Fault(
    'unknown-inspection',
    `"${record.kind}" was asked for, and this version knows ${[...kinds.keys()].join(', ')}; update tidewaiter`,
  )
}

/** Does step after step, keeping what is reached. Interrupted, it gives nothing. */
async function advanceToEnd(work: DeepWork, claim: InspectionClaim, options: InspectOptions) {
  const { kind } = kindOf(claim, options)
  const { queue, context, terminal, signal, keepMs = KEEP_MS } = options
  const { clock } = context.register
  const keep = (): Promise<void> =>
    queue((inspections) => inspections.keep(claim, { kind, state: work.state(), progress: work.progress() }))
  const stage = terminal.stage('deep')
  for (let kept = clock.now(); !signal.aborted;) {
    const { done, total, note } = work.progress()
    stage.update(`step ${done + 1} of ${total}: ${note}`)
    const comparison = await work.advance()
    if (comparison !== undefined) {
      stage.done(comparison.verdict)
      return comparison
    }
    await setImmediate()
    if (clock.now() - kept < keepMs) continue
    await keep()
    kept = clock.now()
  }
  await keep()
  const { done, total } = work.progress()
  stage.done(`stopped after ${done} of ${total} steps, which are kept`)
  return undefined
}

async function inspect(claim: InspectionClaim, options: InspectOptions): Promise<Comparison | undefined> {
  const inspection = kindOf(claim, options)
  const a = await openSame(claim.record.a, options)
  const b = await openSame(claim.record.b, options)
  const kept = claim.kept?.kind === inspection.kind ? claim.kept.state : null
  const work = inspection.open(a, b, kept)
  try {
    return await advanceToEnd(work, claim, options)
  } finally {
    work.close()
  }
}

/**
 * Takes up one inspection and ends it; undefined when nothing waits.
 *
 * What goes wrong with the models is the failure of the inspection; an interrupt gives it back.
 *
 * @throws Fault `interrupted`, `lease-lost` and those of the register
 */
export async function inspectNext(options: InspectOptions): Promise<Inspected | undefined> {
  const { queue, context, signal } = options
  const worker = context.register.makeId()
  const claim = await queue((inspections) => inspections.claim(worker))
  if (claim === undefined) return undefined
  try {
    const comparison = await inspect(claim, options)
    if (comparison === undefined) throw toFault(signal.reason)
    await queue((inspections) => inspections.finish(claim, comparison as unknown as Json))
    return { claim, comparison, failure: null }
  } catch (thrown) {
    if (signal.aborted) {
      await queue((inspections) => inspections.release(claim))
      throw thrown
    }
    const { code, message } = toFault(thrown)
    if (code === 'lease-lost' || code.startsWith('register-')) throw thrown
    await queue((inspections) => inspections.fail(claim, message))
    return { claim, comparison: null, failure: message }
  }
}
