/** Bars: what was measured beside what is allowed, as a table, and an exit code when `--guard` is given. */

/** One line of the table. */
export interface Bar {
  readonly what: string
  readonly measured: number
  readonly unit: string
  /** The most that is allowed; without it the line only informs. */
  readonly most?: number
  /** False for what a busy machine can spoil, such as wall time: shown, but no reason to fail. */
  readonly guarded?: boolean
}

/** True when a bar is missed. */
export function isMissed({ measured, most }: Bar): boolean {
  return most !== undefined && !(measured <= most)
}

function toLine(bar: Bar): string {
  const { what, measured, unit, most } = bar
  const allowed = most === undefined ? '' : `at most ${most} ${unit}`
  const verdict = most === undefined ? '' : isMissed(bar) ? 'MISSED' : 'holds'
  return `${what.padEnd(52)} ${measured.toFixed(3).padStart(9)} ${unit.padEnd(6)} ${allowed.padEnd(18)} ${verdict}`.trimEnd()
}

/** Prints the table; with `--guard` among the words a missed guarded bar makes the exit code 1. */
export function printBars(title: string, bars: readonly Bar[]): void {
  console.log(title)
  for (const bar of bars) console.log(`  ${toLine(bar)}`)
  const missed = bars.filter((bar) => isMissed(bar) && bar.guarded !== false)
  if (missed.length > 0 && process.argv.includes('--guard')) process.exitCode = 1
}
