/** Every kind of tampering with a bundle that is tried: the catalogue, and the world it is tried in. */
import { FILE_TAMPERINGS } from './files.ts'
import { LOG_TAMPERINGS } from './log.ts'
import { STATEMENT_TAMPERINGS } from './statements.ts'
import type { Tampering } from './tampering.ts'
import { TIMESTAMP_TAMPERINGS } from './timestamps.ts'

export type { Tampering } from './tampering.ts'
export { makeWorld, type World } from './world.ts'

/** All of it. */
export const TAMPERINGS: readonly Tampering[] = [
  ...FILE_TAMPERINGS,
  ...LOG_TAMPERINGS,
  ...TIMESTAMP_TAMPERINGS,
  ...STATEMENT_TAMPERINGS,
]
