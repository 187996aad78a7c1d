/**
 * Logging: one JSON object a line, to stderr.
 *
 * Events are named (`intake.file-hashed`), never sentences; fields are plain. Content of an artefact is never
 * logged, only names, sizes and digests. stdout belongs to the result of a command.
 */
import type { Clock } from './clock.ts'
import { formatTime } from './clock.ts'

/** From the most to the least talkative. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
/** See {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Fields of one event. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Writes events. */
export interface Log {
  debug(fields: LogFields, event: string): void
  info(fields: LogFields, event: string): void
  warn(fields: LogFields, event: string): void
  error(fields: LogFields, event: string): void
}

/** Where the lines go and which of them. */
export interface LogOptions {
  readonly level: LogLevel
  readonly clock: Clock
  readonly write: (line: string) => void
}

/** A log that writes JSON lines of at least `level`. */
export function createLog({ level, clock, write }: LogOptions): Log {
  const least = LOG_LEVELS.indexOf(level)
  const at = (name: Exclude<LogLevel, 'silent'>) => (fields: LogFields, event: string) => {
    if (LOG_LEVELS.indexOf(name) < least) return
    const own = { time: formatTime(clock.now()), level: name, event }
    write(`${JSON.stringify({ ...own, ...fields, ...own })}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A log that says nothing. */
export const silentLog: Log = createLog({ level: 'silent', clock: { now: () => 0 }, write: () => {} })
