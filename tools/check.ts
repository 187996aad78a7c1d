/**
 * `npm run check`: every promise about the tree that a machine can hold, all at once.
 *
 * Prints one line for each violation, then a table of the checkers with what they looked at and how long they took.
 * Exit code 1 when there is a violation, or when a checker had nothing to look at.
 *
 * Usage: `npm run check`, or `npm run check -- layers types` for some of them.
 */
import { CHECKERS } from './checkers/all.ts'
import { HOME, type Checker, type Inspection, type Violation } from './checkers/checker.ts'

interface Outcome extends Inspection {
  readonly checker: Checker
  readonly seconds: number
}

function crashed(checker: Checker, thrown: unknown): Inspection {
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return { looked: 1, violations: [{ path: 'tools', message: `the checker ${checker.name} crashed: ${message}` }] }
}

async function run(checker: Checker): Promise<Outcome> {
  const start = performance.now()
  const inspection = await checker.check(HOME).catch((thrown: unknown) => crashed(checker, thrown))
  const blind: Violation[] = inspection.looked > 0 ? [] : [{ path: '.', message: 'there was nothing to look at' }]
  const seconds = (performance.now() - start) / 1000
  return { checker, seconds, looked: inspection.looked, violations: [...inspection.violations, ...blind] }
}

function choose(names: readonly string[]): readonly Checker[] {
  const unknown = names.filter((name) => !CHECKERS.some((checker) => checker.name === name))
  if (unknown.length === 0) return names.length === 0 ? CHECKERS : CHECKERS.filter(({ name }) => names.includes(name))
  console.error(`unknown: ${unknown.join(', ')}; the checkers are ${CHECKERS.map(({ name }) => name).join(', ')}`)
  return process.exit(2)
}

function printViolation(name: string, { path, line, message }: Violation): void {
  console.log(`${path}${line === undefined ? '' : `:${line}`}  [${name}] ${message}`)
}

function printRow({ checker, looked, seconds, violations }: Outcome): void {
  const state = violations.length === 0 ? 'ok' : String(violations.length)
  const columns = [
    checker.name.padEnd(14),
    state.padStart(5),
    String(looked).padStart(7),
    `${seconds.toFixed(2)} s`.padStart(8),
  ]
  console.log(`${columns.join(' ')}  ${checker.promise}`)
}

const start = performance.now()
const outcomes = await Promise.all(choose(process.argv.slice(2)).map(run))
for (const { checker, violations } of outcomes) {
  for (const violation of violations) printViolation(checker.name, violation)
}
console.log(`\n${'checker'.padEnd(14)}  wrong  looked     time  promise`)
outcomes.forEach(printRow)
const total = outcomes.reduce((sum, { violations }) => sum + violations.length, 0)
console.log(`\n${total} violations, ${outcomes.length} checkers, ${((performance.now() - start) / 1000).toFixed(1)} s`)
process.exitCode = total === 0 ? 0 : 1
