/** Stable-Baselines3: policies of reinforcement learning as a zip of torch checkpoints and pickled objects. */
import type { FormatReader } from '../reader.ts'
import { zipHolding } from '../recognised/zip-names.ts'
import { readPolicy } from './read.ts'

const holdsVersion = zipHolding(/^_stable_baselines3_version$/)

/** See the module. */
export const stableBaselinesReader: FormatReader = {
  format: 'stable-baselines',
  title: 'Stable-Baselines3 policy',
  version: 1,
  extensions: ['.zip'],
  specialises: 'zip',
  sniff: (glimpse) => (holdsVersion(glimpse) ? 'magic' : null),
  read: readPolicy,
}
