/**
 * What a deep inspection that has ended hands over to be judged: the alignment of the layers that were held out.
 *
 * The two halves of the layers are held out in turn, each tested by a rotation that was fitted on the other. Their
 * bounds are not independent, so only the better half counts for the bound, doubled; all of them count for the effect.
 */
import type { TestOutcome } from '../weights/comparison.ts'
import { agreeingLayers, cellsOf, type AlignmentRun } from './align-models.ts'
import type { Concordance } from './concordance.ts'
import { bestAttempts, paidLog10, type DeepState } from './deep-state.ts'
import { matchHeldOut, rotationOfAttempt, type DeepSides } from './deep-step.ts'

function describeAttempts(state: DeepState): TestOutcome[] {
  return state.attempts.flatMap((attempt, number) => {
    const { heldOut, converged, iteration, fold } = attempt
    if (heldOut === null) return []
    const ended = converged ? `converged after ${iteration} rounds` : `not converged in ${iteration} rounds`
    const statistic = `${ended}; ${heldOut.agreeing} of ${heldOut.tested} held-out layers agree, bound 1e${paidLog10(state, attempt).toFixed(1)}`
    const view = `attempt ${number + 1} of ${state.attempts.length}, fitted on ${fold === 0 ? 'even' : 'odd'} layers`
    return [{ id: 'C4', view, statistic, log10p: null, assumption: '' }]
  })
}

function undecidedBy(state: DeepState): string[] {
  const ended = state.attempts.filter(({ heldOut }) => heldOut !== null)
  const open = ended.filter(({ converged }) => !converged).length
  return open === 0
    ? []
    : [`The blind alignment does not decide: ${open} of ${ended.length} attempts did not converge.`]
}

/** Pays for all attempts. */
function pay(match: Concordance, attempts: number): Concordance {
  const { points } = match
  return { ...match, points: { ...points, log10p: Math.min(0, points.log10p + Math.log10(attempts)) } }
}

/** Builds the run; see the module. */
export function blindRun(
  state: DeepState,
  at: { readonly sides: DeepSides; readonly left: 'a' | 'b'; readonly seed: string },
): AlignmentRun {
  const { sides, left, seed } = at
  const halves = bestAttempts(state).flatMap((attempt) => {
    const rotation = rotationOfAttempt(sides, attempt)
    if (rotation === null) return []
    const { matches } = matchHeldOut(sides, { attempt, rotation, seed })
    return [{ rotation, matches: matches.map((match) => pay(match, state.attempts.length)) }]
  })
  const matches = halves.flatMap((half) => half.matches)
  const agreeing = agreeingLayers(matches)
  const [first] = halves
  const found =
    agreeing.length === 0 || first === undefined
      ? null
      : {
          test: 'C4' as const,
          matches: agreeing,
          rotation: { rotation: first.rotation, tokens: 0, by: 'unit' as const, from: [] },
          left,
        }
  return {
    cells: cellsOf(matches, 'C4', left),
    concordances: matches.map((match) => ({ test: 'C4', match })),
    found,
    ran: ['C4'],
    left,
    halves: halves.map((half) => half.matches.map(({ a, b }) => (left === 'a' ? a : b).layer.layer)),
    remarks: describeAttempts(state),
    undecided: found === null ? undecidedBy(state) : [],
  }
}
