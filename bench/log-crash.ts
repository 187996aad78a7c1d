/**
 * Kills processes that append to a log and publish it, and looks whether any promise was broken.
 *
 *     node bench/log-crash.ts [--kills 1000] [--processes 2] [--seed 1]
 *
 * On the PostgreSQL of `DATABASE_URL` with tiles in files; without it on PGlite, one process at a time and ten times
 * slower. Half of the kills come at a named place of the code, in turn, the others at a random moment; see
 * `src/testing/log-crash.ts`.
 */
import { parseArgs } from 'node:util'
import { crashLog } from '../src/testing/log-crash.ts'
import { printBars } from './measuring/bars.ts'

const shared = process.env['DATABASE_URL'] !== undefined
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: shared ? '100' : '10' },
    processes: { type: 'string', default: shared ? '2' : '1' },
    seed: { type: 'string', default: '1' },
    guard: { type: 'boolean' },
  },
})

const begun = performance.now()
let said = 0
const report = await crashLog({
  kills: Number(values.kills),
  processes: Number(values.processes),
  seed: Number(values.seed),
  checkEvery: 100,
  onProgress: ({ kills, acknowledged, size }) => {
    if (kills - said < 50) return
    said = kills
    console.log(`${kills} killed, ${acknowledged} entries acknowledged, ${size} published, nothing lost`)
  },
})
console.log(`at named places: ${JSON.stringify(report.points)}`)
printBars(`log-crash on ${shared ? 'PostgreSQL and files' : 'PGlite'}`, [
  { what: 'processes killed', measured: report.kills, unit: '' },
  { what: 'entries acknowledged, each still at its index', measured: report.acknowledged, unit: '' },
  { what: 'checkpoints given out, all of one history', measured: report.checkpoints, unit: '' },
  { what: 'wall time', measured: (performance.now() - begun) / 1000, unit: 's', guarded: false },
])
