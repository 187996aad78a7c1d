import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from './clock.ts'
import { createLog, LOG_LEVELS, silentLog, type LogLevel } from './log.ts'

function record(level: LogLevel): { readonly log: ReturnType<typeof createLog>; readonly lines: string[] } {
  const lines: string[] = []
  const clock = fixedClock('2026-11-23T19:29:24Z')
  return { lines, log: createLog({ level, clock, write: (line) => lines.push(line) }) }
}

test('createLog() writes one JSON object a line, with time, level, event and fields', () => {
  const { log, lines } = record('info')
  log.info({ path: 'a\nb', size: 3, gone: undefined }, 'intake.file-hashed')
  assert.deepEqual(lines, [
    '{"time":"2026-11-23T19:29:24Z","level":"info","event":"intake.file-hashed","path":"a\\nb","size":3}\n',
  ])
})

test('createLog() writes its level and what is graver, and nothing else', () => {
  for (const [index, level] of LOG_LEVELS.entries()) {
    const { log, lines } = record(level)
    for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name]({}, 'test.event')
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { level: string }).level),
      LOG_LEVELS.slice(index, -1),
    )
  }
})

test('createLog() lets no field pass for its time, level or event', () => {
  const { log, lines } = record('debug')
  log.warn({ level: 'error', event: 'forged', time: 'never' }, 'test.event')
  const { level, event, time } = JSON.parse(lines[0] ?? '') as Record<string, string>
  assert.deepEqual([level, event, time], ['warn', 'test.event', '2026-11-23T19:29:24Z'])
})

test('silentLog says nothing', (context) => {
  const write = context.mock.method(process.stderr, 'write')
  silentLog.error({}, 'test.event')
  assert.equal(write.mock.callCount(), 0)
})
