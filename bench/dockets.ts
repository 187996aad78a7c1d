/**
 * What it costs to follow dockets: leaves of a whole log folded by a monitor, one long docket, a status list computed
 * from the leaves, a draw of probes and the reading of a statement.
 *
 *     node bench/dockets.ts [--guard]
 *
 * Prints processor time. With `--guard` ends with 1 when something takes longer than its bar.
 */
import { canonicalJson, parseStrictJson, sha256 } from '../src/base/index.ts'
import { webCryptography } from '../src/certificate/cryptography.ts'
import { drawProbes } from '../src/certificate/docket/beacon.ts'
import type { Docket } from '../src/certificate/docket/docket.ts'
import { recordLeaf } from '../src/certificate/docket/objections.ts'
import { DocketObserver } from '../src/certificate/docket/observer.ts'
import { readPredicateOf } from '../src/certificate/statements/read-predicate.ts'
import { encodeBits, MIN_ENTRIES } from '../src/certificate/status/bitstring.ts'
import { recomputeStatusList } from '../src/certificate/status/recompute.ts'
import { DocketWriter, observedOf } from '../src/testing/dockets.ts'
import { SAMPLES } from '../src/testing/statements.ts'

const MODELS = 2000
const LONG = 2000
const READINGS = 2000
const guarded = process.argv.includes('--guard')
let missed = 0

/** Microseconds of processor time for each of so many, against a bar. */
async function measure(name: string, count: number, { bar, run }: { bar: number; run: () => unknown }): Promise<void> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  const each = (user + system) / count
  const isMissed = each > bar
  if (isMissed) missed++
  console.log(`${name.padEnd(44)} ${each.toFixed(1).padStart(8)} µs each, bar ${bar}${isMissed ? '  MISSED' : ''}`)
}

const log = new DocketWriter()
for (let model = 0; model < MODELS; model++) {
  for (const test of [0, 1]) {
    const statusIndex = { list: 'l', index: 2 * model + test }
    log.close(`m${model}`, log.announce(`m${model}`), { statusIndex })
  }
}
const observed = log.leaves.map(observedOf)
const observer = new DocketObserver({ now: () => log.time })
await measure(`leaves of ${MODELS} dockets, by a monitor`, observed.length, {
  bar: 300,
  run: () => observed.forEach((leaf) => observer.observe(leaf)),
})

const long = new DocketWriter()
const first = long.say('a', { kind: 'declaration' })
for (let reply = 1; reply < LONG; reply++) long.reply('a', first)
await measure(`leaves of one docket of ${LONG}`, LONG, {
  bar: 500,
  run: () => long.leaves.reduce<Docket | undefined>((docket, leaf) => recordLeaf(docket, leaf).docket, undefined),
})

const scope = { list: 'l', entries: MIN_ENTRIES, size: observed.length, at: log.time }
const bits = recomputeStatusList(observer.dockets, scope)
await measure(`certificates into a status list`, 2 * MODELS, {
  bar: 50,
  run: () => recomputeStatusList(observer.dockets, scope),
})
console.log(`a status list of ${MIN_ENTRIES} entries has ${(await encodeBits(bits.bytes)).length} characters`)

await measure('probes drawn, of 100,000', 1000, {
  bar: 200,
  run: () => drawProbes({ seed: sha256(''), size: 100_000, count: 1000 }, webCryptography),
})

const result = parseStrictJson(Buffer.from(canonicalJson(SAMPLES['mot-result'])), { maxBytes: 2 ** 20 })
await measure('statements read by their schema', READINGS, {
  bar: 500,
  run: () => {
    for (let reading = 0; reading < READINGS; reading++) readPredicateOf('mot-result', result)
  },
})
process.exitCode = guarded && missed > 0 ? 1 : 0
