/**
 * From the state of a deep inspection to what it says.
 *
 * The same rules as elsewhere: significance at 1e-6 after paying for all attempts, most of the held-out layers and
 * units, and shared training shown; short of that common origin, or nothing. What did not converge is inconclusive.
 */
import type { Effect, TestOutcome } from '../weights/comparison.ts'
import { clopperPearson } from '../weights/effect.ts'
import { MIN_WIDTH } from '../weights/fixed-point.ts'
import { KIN_LOG10, OPEN_LOG10 } from '../weights/family-wise.ts'
import { weighSharedTraining } from '../weights/verdict.ts'
import { paidLog10, type DeepAttempt, type DeepState, type HeldOut } from './deep-state.ts'

/** What a deep inspection found. */
export interface DeepOutcome {
  readonly schema: 'tidewaiter/deep-outcome/v1'
  readonly verdict: 'derived' | 'common-origin' | 'inconclusive' | 'no-weight-evidence' | 'insufficient'
  /** Upper bound as log10, all attempts and held-out layers paid for. */
  readonly log10p: number
  /** Share of the units of held-out layers that agree in the best attempt. */
  readonly effect: Effect | null
  readonly tests: readonly TestOutcome[]
  readonly reasons: readonly string[]
  readonly seed: string
}

const ASSUMPTION =
  'on layers that took no part in the fit, views of unrelated layers agree no more often than views of one layer do within itself, or it does not matter to nearest neighbours from which of the two models a unit comes'

function testsOf(state: DeepState): TestOutcome[] {
  return state.attempts.flatMap((attempt, number) => {
    const { heldOut, converged, iteration } = attempt
    if (heldOut === null) return []
    const ended = converged ? `converged after ${iteration} rounds` : `not converged in ${iteration} rounds`
    const agreed = heldOut.layers.map((layer) => `${layer.agreed} of ${layer.sampled}`).join(', ')
    return [
      {
        id: 'C4',
        view: `attempt ${number + 1} of ${state.attempts.length}, layers that were held out`,
        statistic: `${ended}; units with a partner on which views agree: ${agreed === '' ? 'none could be tested' : agreed}`,
        log10p: paidLog10(state, attempt),
        assumption: ASSUMPTION,
      },
    ]
  })
}

function bestOf(state: DeepState): DeepAttempt | undefined {
  return state.attempts.toSorted((x, y) => paidLog10(state, x) - paidLog10(state, y))[0]
}

function effectOf(heldOut: HeldOut | null | undefined): Effect | null {
  const layers = heldOut?.layers ?? []
  if (layers.length === 0) return null
  const sum = (of: 'agreed' | 'sampled'): number => layers.reduce((total, layer) => total + layer[of], 0)
  return clopperPearson(sum('agreed'), sum('sampled'))
}

type Said = Pick<DeepOutcome, 'verdict' | 'reasons'>

function judgeSilence(state: DeepState, log10p: number): Said {
  const ended = state.attempts.filter(({ heldOut }) => heldOut !== null)
  if (ended.length < state.attempts.length)
    return { verdict: 'inconclusive', reasons: [`${ended.length} of ${state.attempts.length} attempts have ended.`] }
  if (ended.every(({ heldOut }) => heldOut?.layers.length === 0))
    return { verdict: 'insufficient', reasons: ['No layer could be fitted on while another was held out.'] }
  const open = ended.filter(({ converged }) => !converged).length
  if (open > 0 || log10p <= OPEN_LOG10) {
    const why = open > 0 ? `${open} of ${ended.length} attempts did not converge` : 'something agrees, but too little'
    return { verdict: 'inconclusive', reasons: [`The blind alignment does not decide: ${why}.`] }
  }
  const reason = `All ${ended.length} attempts converged and none is significant on layers that were held out. That is no proof that the models are unrelated.`
  return { verdict: 'no-weight-evidence', reasons: [reason] }
}

function judgeKin(heldOut: HeldOut, effect: Effect): Said {
  const agreeing = heldOut.layers.filter(({ agreed, sampled }) => 2 * agreed >= sampled).length
  const found = `On ${agreeing} of ${heldOut.layers.length} held-out layers most units have their partner after a blind alignment that did not see these layers.`
  const { passed, failed } = weighSharedTraining({ gains: null, overlap: heldOut.overlap, cosine: heldOut.cosine })
  if (heldOut.dimensions < MIN_WIDTH)
    return {
      verdict: 'inconclusive',
      reasons: [found, `${heldOut.dimensions} residual dimensions; verdicts need ${MIN_WIDTH}.`],
    }
  if (2 * agreeing <= heldOut.layers.length || effect.low < 0.5)
    return {
      verdict: 'common-origin',
      reasons: [found, 'Only a part agrees, so that descent of the whole does not follow.'],
    }
  if (failed.length > 0 || passed.length === 0)
    return { verdict: 'common-origin', reasons: [found, `Shared training is not shown: ${failed.join('; ')}.`] }
  return { verdict: 'derived', reasons: [found, `Learned together: ${passed.join('; ')}.`] }
}

/** Judges; see the module. */
export function judgeDeep(state: DeepState): DeepOutcome {
  const best = bestOf(state)
  const log10p = best === undefined ? 0 : paidLog10(state, best)
  const effect = effectOf(best?.heldOut)
  const isKin = log10p <= KIN_LOG10 && best?.heldOut !== null && best?.heldOut !== undefined && effect !== null
  const said = isKin ? judgeKin(best.heldOut, effect) : judgeSilence(state, log10p)
  return { schema: 'tidewaiter/deep-outcome/v1', ...said, log10p, effect, tests: testsOf(state), seed: state.seed }
}
