/**
 * The deep inspection (C4): are two models kin although every label was scrambled and no token can be trusted?
 *
 * For a queue: `startDeep`, then `stepDeep` until `isDeepDone`, keeping the state (plain JSON) between rounds, then
 * `deepOutcome`. `deepInspection` does all of it in one call and hands the state to `onState` after every round, so
 * that a run that was stopped goes on from there. A round of a small model takes a moment, of a 7B model minutes.
 *
 * Guarantee: same models, same seed, same rounds give the same state on any machine, however often it was stopped.
 * Source: `docs/method/alignment.md`, section 5.
 */
import { Fault } from '../../base/index.ts'
import type { ComparedModel } from './deep-model.ts'
import { pairSeed } from '../weights/sampling.ts'
import { judgeDeep, type DeepOutcome } from './deep-outcome.ts'
import { deepProgress, newDeepState, nextAttempt, type DeepState } from './deep-state.ts'
import { withSides } from './deep-model.ts'
import { stepWeights } from './deep-step.ts'

export type { DeepOutcome } from './deep-outcome.ts'
export { deepProgress, type DeepState } from './deep-state.ts'

/** Begins an inspection. @param seed hex digest; that of both identities when left out */
export function startDeep(a: ComparedModel, b: ComparedModel, seed?: string): DeepState {
  const [ours, theirs] = [a.opened.artefact.id, b.opened.artefact.id]
  return newDeepState(ours, theirs, seed ?? pairSeed(ours, theirs))
}

/** True when no round is left to do. */
export function isDeepDone(state: DeepState): boolean {
  return nextAttempt(state) === null
}

/** Does one round. @throws Fault `wrong-model`, `changed-while-read` */
export function stepDeep(state: DeepState, a: ComparedModel, b: ComparedModel): DeepState {
  return withSides(a, b, (sides) => stepWeights(state, sides))
}

/** What was found so far; final when {@link isDeepDone}. */
export function deepOutcome(state: DeepState): DeepOutcome {
  return judgeDeep(state)
}

/** How to run one. */
export interface DeepOptions {
  readonly seed?: string
  /** Where to go on; from the beginning when left out. */
  readonly state?: DeepState
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** Called with the state after every round. */
  readonly onState?: (state: DeepState) => void | Promise<void>
}

/** Runs an inspection to its end. @throws Fault `cancelled`, `wrong-model`, `changed-while-read` */
export async function deepInspection(
  a: ComparedModel,
  b: ComparedModel,
  options: DeepOptions = {},
): Promise<DeepOutcome> {
  let state = options.state ?? startDeep(a, b, options.seed)
  while (!isDeepDone(state)) {
    if (options.signal?.aborted === true) throw new Fault('cancelled', 'the deep inspection was cancelled')
    state = stepDeep(state, a, b)
    options.onProgress?.(deepProgress(state))
    await options.onState?.(state)
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
  return deepOutcome(state)
}
