/**
 * The deep inspection by blind alignment (C4): are two models kin although every label was scrambled and no token can
 * be trusted?
 *
 * A step is one round of fitting and matching, of which an attempt takes at most 25; there are four attempts, two for
 * each half of the layers, and none is begun once its half has decided. Small models take a moment a round, those of
 * 7B parameters minutes. The last step judges by the rules of every comparison; counted are only layers that took no
 * part in the fit that they are tested by.
 *
 * Source: `docs/method/alignment.md`, section 5.
 */
import type { Json } from '../../base/index.ts'
import type { ModelSide } from '../compare.ts'
import type { DeepInspection, DeepWork } from '../deep/deep-inspection.ts'
import { assembleComparison } from '../weights/assemble-comparison.ts'
import { gatherFromWeights } from '../weights/compare-weights.ts'
import type { Comparison } from '../weights/comparison.ts'
import { testableMlps } from '../weights/mlp.ts'
import { pairSeed } from '../weights/sampling.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import { blindRun } from './blind-run.ts'
import { deepRounds, newDeepState, nextAttempt, type DeepState } from './deep-state.ts'
import { stepWeights, type DeepSides } from './deep-step.ts'

class BlindWork implements DeepWork {
  readonly #models: readonly [Weights, Weights]
  readonly #seed: string
  readonly #sides: DeepSides
  readonly #left: 'a' | 'b'
  #state: DeepState

  constructor(a: ModelSide, b: ModelSide, state: DeepState) {
    this.#seed = pairSeed(a.opened.artefact.id, b.opened.artefact.id)
    this.#models = [openWeights(a.opened, a.facts), openWeights(b.opened, b.facts)]
    const [ours, theirs] = [this.#side(0), this.#side(1)]
    const widest = ({ mlps }: DeepSides['left']): number => Math.max(0, ...mlps.map(({ width }) => width))
    this.#left = widest(theirs) < widest(ours) ? 'b' : 'a'
    this.#sides = this.#left === 'a' ? { left: ours, right: theirs } : { left: theirs, right: ours }
    this.#state = state
  }

  #side(place: 0 | 1): DeepSides['left'] {
    const weights = this.#models[place]
    return { weights, mlps: testableMlps(weights.model) }
  }

  progress() {
    const { done, total } = deepRounds(this.#state)
    const next = nextAttempt(this.#state)
    const attempt = next === null ? undefined : this.#state.attempts[next]
    const note =
      attempt === undefined
        ? 'what the held-out layers say'
        : `attempt ${(next ?? 0) + 1} of ${this.#state.attempts.length}, round ${attempt.iteration + 1}`
    return { done, total: total + 1, note }
  }

  state(): Json {
    return JSON.parse(JSON.stringify(this.#state)) as Json
  }

  async advance(): Promise<Comparison | undefined> {
    if (nextAttempt(this.#state) !== null) {
      this.#state = stepWeights(this.#state, this.#sides, this.#seed)
      return undefined
    }
    const [a, b] = this.#models
    const aligned = blindRun(this.#state, { sides: this.#sides, left: this.#left, seed: this.#seed })
    return assembleComparison(gatherFromWeights(a, b, { seed: this.#seed, aligned }), this.#seed)
  }

  close(): void {
    for (const model of this.#models) model.close()
  }
}

/** See the module. */
export const blindAlignment: DeepInspection = {
  kind: 'blind-alignment/1',
  open: (a, b, kept) => new BlindWork(a, b, kept === null ? newDeepState() : (kept as unknown as DeepState)),
}
