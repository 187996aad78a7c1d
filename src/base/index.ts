/** What the rest of the customs house stands on; see each module. */
export { ByteReader } from './byte-reader.ts'
export { canonicalJson, type Json } from './canonical-json.ts'
export { addChecked, alignUp, mulChecked, toSize } from './checked.ts'
export { fixedClock, formatTime, systemClock, systemRandomness, type Clock, type Randomness } from './clock.ts'
export { logChoose, logFactorial, logPoisson } from './combinatorics.ts'
export {
  resolveConfig,
  type ConfigEntry,
  type ConfigFile,
  type ConfigLayers,
  type ConfigOrigin,
  type Configuration,
} from './config.ts'
export { BLOCK_SIZE, BlockList } from './block-list.ts'
export { BlockHasher, digestOf, isSha256, sha256, type BlockDigests } from './digest.ts'
export { Fault, isFault, toFault, type FaultDetails, type FaultOptions } from './fault.ts'
export { html, showUnseen, trustedMarkup, type Html, type HtmlPart } from './html.ts'
export { uuidv7, type MakeId } from './ids.ts'
export { createLog, LOG_LEVELS, silentLog, type Log, type LogFields, type LogLevel, type LogOptions } from './log.ts'
export { compareCodePoints, dirHash, dirHashLines, omsPreimage, omsRoot, type ManifestFile } from './manifest.ts'
export { fail, ok, type Result } from './result.ts'
export { countOf, formatBytes, formatDay, formatGroups, formatLog10p, listNumbers } from './wording.ts'
export {
  isStrictObject,
  parseStrictJson,
  type StrictJson,
  type StrictJsonLimits,
  type StrictObject,
} from './strict-json.ts'
