/**
 * The terminal: results to stdout, everything else to stderr, one progress line a stage.
 *
 * On a screen the line of the running stage is redrawn; in a file or a pipe each stage leaves one line when it ends.
 * Names from an artefact are shown with their invisible characters made visible.
 */
import { showUnseen } from '../../base/index.ts'

/** One stage of a long work. */
export interface Stage {
  /** Says how far it is; redrawn at most ten times a second. */
  update(text: string): void
  /** Ends the stage with what came of it. */
  done(text: string): void
}

/** See the module. */
export interface Terminal {
  /** Writes a result to stdout, with a line end. */
  print(text: string): void
  /** Writes a remark to stderr, with a line end. */
  note(text: string): void
  /** Begins a stage. */
  stage(name: string): Stage
}

/** The streams of the process, or stand-ins. */
export interface TerminalStreams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** Leaves out progress. */
  readonly quiet: boolean
}

const REDRAW_MS = 100

/** A terminal over the given streams. */
export function openTerminal({ stdout, stderr, now, quiet }: TerminalStreams): Terminal {
  const live = stderr.isTTY === true && !quiet
  const clear = live ? '\r\u001b[K' : ''
  const stage = (name: string): Stage => {
    const begun = now()
    let drawn = -Infinity
    const label = name.padEnd(9)
    return {
      update: (text) => {
        if (!live || now() - drawn < REDRAW_MS) return
        drawn = now()
        stderr.write(`${clear}${label} ${showUnseen(text)}`.slice(0, (stderr.columns ?? 80) + clear.length - 1))
      },
      done: (text) => {
        if (quiet) return
        stderr.write(`${clear}${label} ${showUnseen(text)} (${((now() - begun) / 1000).toFixed(1)} s)\n`)
      },
    }
  }
  return {
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${clear}${text}\n`),
    stage,
  }
}
