/**
 * The state of a deep inspection: plain JSON, so that a queue can keep it, stop and go on.
 *
 * An inspection is a list of attempts, each with its own way to begin and its own half of the layers to fit on. The
 * list is fixed when the inspection starts and all of it is paid for, whether or not an early attempt decides.
 */
import type { UnitPair } from './blind-fit.ts'

/** How an attempt begins: with all seeds, or with a drawn half of them. */
export interface DeepStart {
  /** Which layers are fitted on: those in even places of the list of pairs, or those in odd ones. */
  readonly fold: 0 | 1
  /** 0 takes all seeds; any other number draws its own half of them. */
  readonly draw: number
}

/** What the layers that were not fitted on say. */
export interface HeldOut {
  /** Pairs of layers of which most units agree, and pairs that were tested. */
  readonly agreeing: number
  readonly tested: number
  /** All held-out layers together, before paying for the attempts. */
  readonly log10p: number
}

/** One attempt. */
export interface DeepAttempt extends DeepStart {
  /** Pairs of layers that are fitted on, by their places among the MLPs of each model; empty before the first round. */
  readonly fitted: readonly (readonly [number, number])[]
  readonly iteration: number
  /** Pairs of units by fitted layer, as of the last iteration; empty before the first and after one that failed. */
  readonly pairs: readonly (readonly UnitPair[])[]
  readonly converged: boolean
  /** Null until the attempt has ended. */
  readonly heldOut: HeldOut | null
}

/** See the module. */
export interface DeepState {
  readonly attempts: readonly DeepAttempt[]
}

/** Rounds of matching and fitting in an attempt. */
export const MOST_ITERATIONS = 25
/** Bound, all attempts paid for, from which a half of the layers needs no further attempt. */
const ENOUGH_LOG10 = -6

const STARTS: readonly DeepStart[] = [
  { fold: 0, draw: 0 },
  { fold: 1, draw: 0 },
  { fold: 0, draw: 1 },
  { fold: 1, draw: 1 },
]

/** An inspection that has not begun. */
export function newDeepState(): DeepState {
  return {
    attempts: STARTS.map((start) => ({
      ...start,
      fitted: [],
      iteration: 0,
      pairs: [],
      converged: false,
      heldOut: null,
    })),
  }
}

/** log10 of an attempt's bound after paying for all attempts; 0 before it has ended. */
export function paidLog10({ attempts }: DeepState, { heldOut }: DeepAttempt): number {
  return heldOut === null ? 0 : Math.min(0, heldOut.log10p + Math.log10(attempts.length))
}

function isSettled(state: DeepState, fold: 0 | 1): boolean {
  return state.attempts.some((attempt) => attempt.fold === fold && paidLog10(state, attempt) <= ENOUGH_LOG10)
}

/** The attempt that is to go on, or null when the inspection has ended. */
export function nextAttempt(state: DeepState): number | null {
  const next = state.attempts.findIndex(({ heldOut, fold }) => heldOut === null && !isSettled(state, fold))
  return next < 0 ? null : next
}

/** Of the attempts that have ended, the one with the smallest bound for each half of the layers. */
export function bestAttempts(state: DeepState): DeepAttempt[] {
  return ([0, 1] as const).flatMap((fold) => {
    const ended = state.attempts.filter((attempt) => attempt.fold === fold && attempt.heldOut !== null)
    return ended.toSorted((x, y) => paidLog10(state, x) - paidLog10(state, y)).slice(0, 1)
  })
}

/** How far it is: rounds done, and rounds at most. */
export function deepRounds(state: DeepState): { readonly done: number; readonly total: number } {
  const total = state.attempts.length * MOST_ITERATIONS
  if (nextAttempt(state) === null) return { done: total, total }
  const done = state.attempts.reduce(
    (sum, { iteration, heldOut, fold }) =>
      sum + (heldOut !== null || isSettled(state, fold) ? MOST_ITERATIONS : iteration),
    0,
  )
  return { done, total }
}
