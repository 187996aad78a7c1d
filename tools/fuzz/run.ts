/**
 * A run of the fuzzer: batches through oracles and analysis, counts, counterexamples.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generate, type Stream } from './generate.ts'
import { minimise } from './minimise.ts'
import { startOracles, type Oracles, type Outcomes } from './oracles.ts'
import { judge, type Violation } from './properties.ts'
import { Tally } from './tally.ts'
import { stateOf } from './subject.ts'

const BATCH = 500
/** Counterexamples that differ in nothing but their bytes. */
const MOST_OF_A_KIND = 2

/** How a run goes. */
export interface RunOptions {
  readonly streams: number
  readonly seed: number
  readonly from: number
  readonly most: number
  readonly seeds: readonly Uint8Array[]
  /** Called after each batch with the number of the next stream. */
  readonly onBatch?: (next: number, tally: Tally) => void
}

/** A stream that breaks a property. */
export interface Counterexample {
  readonly index: number
  readonly stream: Stream
  readonly violation: Violation
}

function judgeStream(stream: Stream, outcomes: Outcomes): Violation | undefined {
  return judge(stateOf(stream), outcomes)
}

async function shrink(oracles: Oracles, found: Counterexample): Promise<Counterexample> {
  const { property } = found.violation
  const stream = await minimise(found.stream, async (streams) => {
    const outcomes = await oracles.run(streams)
    return streams.map((each, i) => judgeStream(each, outcomes[i] ?? new Map())?.property === property)
  })
  const [outcomes = new Map()] = await oracles.run([stream])
  return { ...found, stream, violation: judgeStream(stream, outcomes) ?? found.violation }
}

/** Runs streams through everything; gives the counterexamples, smallest form, one for each property and message. */
export async function runStreams(oracles: Oracles, options: RunOptions): Promise<readonly Counterexample[]> {
  const found: Counterexample[] = []
  const tally = new Tally()
  const end = options.from + options.streams
  for (let from = options.from; from < end && found.length < options.most; from += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, end - from) }, (_, i) => from + i)
    const streams = indices.map((index) => generate(options.seed, index, options.seeds))
    const running = oracles.run(streams)
    const statements = streams.map(stateOf)
    const outcomes = await running
    for (const [i, stream] of streams.entries()) {
      const [statement, each] = [statements[i], outcomes[i]]
      if (statement === undefined || each === undefined) continue
      tally.add(stream, statement, each)
      const violation = judge(statement, each)
      if (violation === undefined || found.length >= options.most) continue
      if (tally.countKind(`${violation.property} ${violation.kind}`) > MOST_OF_A_KIND) continue
      found.push(await shrink(oracles, { index: from + i, stream, violation }))
    }
    options.onBatch?.(from + streams.length, tally)
  }
  return found
}

function readSeeds(folder: string | undefined): Uint8Array[] {
  const vectors = join(import.meta.dirname, '../../src/formats/pickle/vectors.json')
  const own = (JSON.parse(readFileSync(vectors, 'utf8')) as readonly { readonly hex: string }[]).map(
    ({ hex }) => new Uint8Array(Buffer.from(hex, 'hex')),
  )
  const more = folder === undefined ? [] : globSync(join(folder, '**/*.pkl')).toSorted()
  return [...own, ...more.map((path) => new Uint8Array(readFileSync(path)))].filter(({ length }) => length < 20_000)
}

function report({ index, stream, violation }: Counterexample): void {
  const hex = Buffer.from(stream.bytes).toString('hex')
  console.log(`\n${violation.property}: ${violation.message}`)
  console.log(`  stream ${index}${stream.persistent ? ', persistent ids allowed' : ''}: ${hex}`)
}

/** The command. Gives the exit code. */
export async function runFuzzer(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      streams: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      most: { type: 'string', default: '10' },
      python: { type: 'string', default: 'python3' },
      state: { type: 'string' },
      corpus: { type: 'string' },
    },
  })
  const { state } = values
  const kept = state !== undefined && existsSync(state) ? Number(readFileSync(state, 'utf8')) : Number(values.from)
  const oracles = await startOracles(values.python)
  const begun = performance.now()
  const log = (next: number, tally: Tally): void => {
    if (state !== undefined) writeFileSync(state, `${next}\n`)
    if ((next - kept) % 20_000 === 0) console.log(tally.describe((performance.now() - begun) / 1000))
  }
  try {
    let last = new Tally()
    const found = await runStreams(oracles, {
      streams: Number(values.streams),
      seed: Number(values.seed),
      from: kept,
      most: Number(values.most),
      seeds: readSeeds(values.corpus),
      onBatch: (next, tally) => {
        last = tally
        log(next, tally)
      },
    })
    for (const each of found) report(each)
    console.log(`\nCPython ${oracles.versions.join(', Pyodide ')}; seed ${values.seed}`)
    console.log(last.describe((performance.now() - begun) / 1000))
    console.log(found.length === 0 ? 'Every property holds.' : `${found.length} counterexamples.`)
    return found.length === 0 ? 0 : 1
  } finally {
    oracles.stop()
  }
}
