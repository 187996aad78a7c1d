/** All detectors of what was done to the weights, beyond storage and the layer map. */
import type { Change } from '../weights/change.ts'
import type { SharedTraining } from '../weights/shared-training.ts'
import { abliterationChange } from './abliteration.ts'
import { expertChanges } from './experts.ts'
import { headChanges } from './heads.ts'
import { levelChanges } from './levels.ts'
import type { ChangePlaces } from './places.ts'
import { transplantChange } from './transplant.ts'
import { updateChanges } from './updates.ts'
import { vocabularyChanges } from './vocabulary.ts'
import { widthChanges } from './widths.ts'

/** What is known before. */
export interface KnownBefore {
  readonly shared: SharedTraining
  /** The residual stream was turned, which moves every matrix; then movement says nothing of training. */
  readonly isTurned: boolean
}

/** Runs them; the most special first, and what it explains is not named again by a more general one. */
export function namedChanges(places: ChangePlaces, { shared, isTurned }: KnownBefore): Change[] {
  const abliterated = abliterationChange(places)
  const levels = levelChanges(places)
  const transplanted = transplantChange(places)
  const heads = headChanges(places)
  const isExplained = isTurned || abliterated.length + levels.length + transplanted.length + heads.length > 0
  return [
    ...transplanted,
    ...abliterated,
    ...levels,
    ...expertChanges(places),
    ...heads,
    ...widthChanges(places),
    ...vocabularyChanges(places),
    ...(isExplained ? [] : updateChanges(places, shared)),
  ]
}
