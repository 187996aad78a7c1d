/**
 * How much of what popular models import the policies cover, and with how many signatures.
 *
 *     node bench/pickle-coverage.ts [--survey ../shared/corpus/pickleball/surveys/traced_models.csv] [--guard]
 *
 * The survey lists the globals that the pickles of each model import; a model is covered when all of them are listed.
 * Signatures are counted greedily: the fewest families, in the order in which they cover most, that reach the bar.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { compareCodePoints } from '../src/base/index.ts'
import { findListed, type PolicyEntry } from '../src/formats/pickle/policy/index.ts'
import { printBars } from './measuring/bars.ts'

const ROOT = resolve(import.meta.dirname, '..')
const SURVEY = join(ROOT, '../shared/corpus/pickleball/surveys/traced_models.csv')
const MOST_SIGNATURES = 100
const WANTED = 97

const { values } = parseArgs({ options: { survey: { type: 'string', default: SURVEY }, guard: { type: 'boolean' } } })

/** The globals of each model that imports any. */
function importSets(text: string): readonly ReadonlySet<string>[] {
  const sets = text.split('\n').map((line) => {
    const imports = line.matchAll(/from (\S+) import ([^\s,|]+)/g)
    return new Set(Array.from(imports, ([, module, name]) => `${module} ${name}`))
  })
  return sets.filter(({ size }) => size > 0)
}

/** The signatures that a model needs; undefined when something it imports is not listed. */
function needs(imports: ReadonlySet<string>): ReadonlySet<PolicyEntry['signature']> | undefined {
  const found = [...imports].map((global) => findListed(...(global.split(' ') as [string, string]))?.signature)
  return found.every((signature) => signature !== undefined) ? new Set(found) : undefined
}

/** How many models are covered when at most so many signatures may be used, taken one after the other. */
function coverGreedily(wanted: readonly ReadonlySet<PolicyEntry['signature']>[], most: number): number {
  const taken = new Set<PolicyEntry['signature']>()
  const covered = (): number => wanted.filter((set) => set.isSubsetOf(taken)).length
  while (taken.size < most) {
    const open = wanted.filter((set) => !set.isSubsetOf(taken)).map((set) => set.difference(taken))
    const gains = Map.groupBy(open, (set) =>
      [...set]
        .map(({ globals }) => globals[0] ?? '')
        .toSorted(compareCodePoints)
        .join(' '),
    )
    const [best] = [...gains.values()].toSorted((a, b) => b.length - a.length)
    if (best?.[0] === undefined || taken.size + best[0].size > most) break
    for (const signature of best[0]) taken.add(signature)
  }
  return covered()
}

const models = importSets(readFileSync(values.survey, 'utf8'))
const all = models.map(needs)
const coverable = all.filter((set) => set !== undefined)
const used = new Set(coverable.flatMap((set) => [...set]))
const share = (count: number): number => (100 * count) / models.length
printBars('pickle coverage', [
  { what: 'models of the survey that import something', measured: models.length, unit: '' },
  { what: 'signatures that any covered model needs', measured: used.size, unit: '', most: MOST_SIGNATURES },
  { what: 'models covered by all policies', measured: share(coverable.length), unit: '%' },
  {
    what: `models not covered with ${MOST_SIGNATURES} signatures`,
    measured: 100 - share(coverGreedily(coverable, MOST_SIGNATURES)),
    unit: '%',
    most: 100 - WANTED,
  },
])
if (values.guard === true && process.exitCode !== undefined && process.exitCode !== 0) process.exit(process.exitCode)
