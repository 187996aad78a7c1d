/**
 * Counts what scanners say of files whose nature is known.
 *
 * Found: a hostile file that the scanner reports, for us by a failing finding of the right family. Clean: a hostile or
 * broken file that it passes without a word. Accused: a harmless file that it reports; for us by a failing finding that
 * claims an exploit or malice, since that a format can carry code is no accusation. What a scanner skips or fails over
 * is counted apart, since some programs take it for clean.
 */
import type { CaseAnswer } from './audit-cases.ts'

/** One file or folder of the corpus. */
export interface Case {
  readonly path: string
  readonly kind: 'hostile' | 'broken' | 'harmless'
  /** Families of rules of which one must find it. */
  readonly families: readonly string[]
}

/** What another scanner said. */
export interface PeerAnswer {
  readonly outcome: 'found' | 'suspicious' | 'clean' | 'skipped' | 'error'
  readonly seconds: number
}

/** Counts of one scanner. */
export interface Counts {
  readonly found: number
  readonly missed: number
  readonly hostileClean: number
  readonly brokenClean: number
  readonly accused: number
  readonly unread: number
  readonly longest: number
  readonly details: readonly string[]
}

/** One line of the table. */
export interface Row extends Counts {
  readonly name: string
  readonly seconds: number
  readonly megabytes: number
}

const CLEAN: readonly CaseAnswer['verdict'][] = ['proved', 'policy-proved', 'no-finding']

function isAccusing(finding: string): boolean {
  return !finding.endsWith('capability') && !finding.startsWith('TW-LIC')
}

function hasFamily({ families }: Case, { failing }: CaseAnswer): boolean {
  return failing.some((each) => families.includes(each.split('-')[1] ?? ''))
}

/** What is wrong with our answer, or undefined. */
function objection(each: Case, answer: CaseAnswer): 'missed' | 'clean' | 'accused' | undefined {
  if (each.kind === 'harmless') return answer.failing.some(isAccusing) ? 'accused' : undefined
  if (CLEAN.includes(answer.verdict)) return each.kind === 'hostile' && hasFamily(each, answer) ? undefined : 'clean'
  return each.kind === 'hostile' && !hasFamily(each, answer) ? 'missed' : undefined
}

/** Judges our answers. */
export function judgeOurs(cases: readonly Case[], answers: Readonly<Record<string, CaseAnswer>>): Counts {
  const judged = cases.flatMap((each) => {
    const answer = answers[each.path]
    return answer === undefined ? [] : [{ each, answer, wrong: objection(each, answer) }]
  })
  const count = (kind: Case['kind'], ...wrong: readonly (string | undefined)[]): number =>
    judged.filter((one) => one.each.kind === kind && wrong.includes(one.wrong)).length
  return {
    found: count('hostile', undefined),
    missed: count('hostile', 'missed', 'clean'),
    hostileClean: count('hostile', 'clean'),
    brokenClean: count('broken', 'clean'),
    accused: count('harmless', 'accused'),
    unread: judged.filter(({ each, answer }) => each.kind === 'harmless' && answer.verdict === 'inconclusive').length,
    longest: Math.max(...judged.map(({ answer }) => answer.seconds)),
    details: judged
      .filter(
        ({ each, answer, wrong }) =>
          wrong !== undefined || (each.kind === 'harmless' && !CLEAN.includes(answer.verdict)),
      )
      .map(
        ({ each, answer, wrong }) =>
          `${wrong ?? answer.verdict} ${each.path}: ${answer.failing.join(', ')} [${answer.formats.join(', ')}]`,
      ),
  }
}

/** Judges another scanner's answers. */
export function judgePeer(cases: readonly Case[], answers: Readonly<Record<string, PeerAnswer>>): Counts {
  const count = (kind: Case['kind'], ...outcomes: readonly string[]): number =>
    cases.filter((each) => each.kind === kind && outcomes.includes(answers[each.path]?.outcome ?? 'error')).length
  return {
    found: count('hostile', 'found'),
    missed: count('hostile', 'suspicious', 'clean', 'skipped', 'error'),
    hostileClean: count('hostile', 'clean'),
    brokenClean: count('broken', 'clean'),
    accused: count('harmless', 'found'),
    unread: count('harmless', 'skipped', 'error', 'suspicious'),
    longest: Math.max(...Object.values(answers).map(({ seconds }) => seconds)),
    details: [],
  }
}

/** Prints the table. */
export function printTable(cases: readonly Case[], rows: readonly Row[]): void {
  const total = (kind: Case['kind']): number => cases.filter((each) => each.kind === kind).length
  console.log(`${total('hostile')} hostile, ${total('broken')} broken, ${total('harmless')} harmless`)
  const columns = ['found', 'hostile clean', 'broken clean', 'accused', 'harmless unread', 'seconds', 'longest', 'MB']
  console.log(`  ${'scanner'.padEnd(12)}${columns.map((each) => each.padStart(17)).join('')}`)
  for (const row of rows) {
    const { found, hostileClean, brokenClean, accused, unread, seconds, longest, megabytes } = row
    const numbers = [
      found,
      hostileClean,
      brokenClean,
      accused,
      unread,
      seconds.toFixed(1),
      longest.toFixed(2),
      megabytes.toFixed(0),
    ]
    console.log(`  ${row.name.padEnd(12)}${numbers.map((each) => String(each).padStart(17)).join('')}`)
  }
}
