/**
 * Ours beside what others measure, on the same pairs of the calibration's zoo: false kinship among models of one recipe,
 * and what is found under each change.
 *
 *     tidewaiter calibrate --out FOLDER
 *     node bench/peers.ts --zoo FOLDER [--pairs 14] [--modeldna PROGRAM]
 *
 * The methods are re-implemented from their formulas (`peers/methods.ts`). `--modeldna` names the program of the PyPI
 * package modeldna, which is then run as it is, on a third of the pairs. Prints the table of `docs/method/peers.md`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compareOpened } from '../src/lineage/compare.ts'
import { plannedGroups } from './peers/groups.ts'
import { PEER_METHODS } from './peers/methods.ts'
import { askModelDna } from './peers/model-dna.ts'
import { renderPeerTable, type PeerScores } from './peers/table.ts'
import { openZoo } from './peers/zoo.ts'

const { values } = parseArgs({
  options: { zoo: { type: 'string' }, pairs: { type: 'string', default: '14' }, modeldna: { type: 'string' } },
})
if (values.zoo === undefined || !existsSync(values.zoo)) {
  console.error('name the folder of a calibration: --zoo FOLDER')
  process.exit(2)
}
const zoo = openZoo(values.zoo)
const groups = plannedGroups(zoo, Number(values.pairs))
const KIN = ['identical', 're-derived', 'derived', 'merge', 'common-origin']

function score(method: string, threshold: number, of: (a: string, b: string) => number): PeerScores {
  const scores = groups.map(({ name, pairs }) => [name, pairs.map(({ a, b }) => of(a, b))] as const)
  return { method, threshold, scores: new Map(scores) }
}

function ours(): PeerScores {
  return score('ours (−log10 p at 6)', 6, (a, b) => {
    const { verdict, log10p } = compareOpened(zoo.weights(a), zoo.weights(b))
    return KIN.includes(verdict) ? Math.max(6, -log10p) : Math.min(5.99, -log10p)
  })
}

/** The verdicts by which modeldna says that it saw a relation. */
const MODELDNA_KIN = /^(?!NO_MATCH|INCONCLUSIVE|ABSTAIN|UNKNOWN|INSUFFICIENT)/

function modelDna(program: string): PeerScores {
  const place = mkdtempSync(join(tmpdir(), 'tidewaiter-peers-'))
  const some = groups.map(({ name, pairs }) => {
    const asked = pairs.filter((_, i) => i % 3 === 0)
    const answers = asked.flatMap(({ a, b }) => askModelDna(program, place, [zoo.model(a), zoo.model(b)]) ?? [])
    const verdicts = [...Map.groupBy(answers, ({ verdict }) => verdict)].map(
      ([verdict, all]) => `${verdict} ${all.length}`,
    )
    console.error(`modeldna: ${name}: ${verdicts.join(', ')}`)
    return [
      name,
      answers.map(({ verdict, probability }) => (MODELDNA_KIN.test(verdict) ? 1 : 0) + probability),
    ] as const
  })
  rmSync(place, { recursive: true })
  return { method: 'modeldna 0.1.0', threshold: 1, scores: new Map(some) }
}

const tables = [
  ours(),
  ...PEER_METHODS.map(({ name, threshold, score: of }) =>
    score(name, threshold, (a, b) => of(zoo.model(a), zoo.model(b))),
  ),
  ...(values.modeldna === undefined ? [] : [modelDna(values.modeldna)]),
]
const strangers = groups.filter(({ truth }) => truth === 'strangers').map(({ name }) => name)
console.log(renderPeerTable(tables, strangers))
console.log()
for (const { name, source, threshold, because } of PEER_METHODS)
  console.log(`- ${name} (${source}): from ${threshold.toFixed(3)}; ${because}.`)
