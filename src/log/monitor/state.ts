/**
 * How far a monitor has come, as text, so that it goes on after a restart where it was.
 */
import { canonicalJson, Fault, parseStrictJson } from '../../base/index.ts'
import { encodeBase64, Members, readCheckpoint } from '../../certificate/index.ts'
import { Frontier, type FrontierState } from '../merkle/frontier.ts'

/** See the module. */
export interface MonitorState {
  readonly origin: string
  /** The last checkpoint that was found consistent with all before it; leaves may still be outstanding. */
  readonly note: string | undefined
  /** The tree of the leaves that were read. */
  readonly frontier: FrontierState
  /** What observers keep, by name. */
  readonly observers: ReadonlyMap<string, string>
}

const SCHEMA = 'tidewaiter-monitor/1'
/** Most bytes of a kept state. */
const MAX_STATE = 2 ** 30

/** A monitor that has seen nothing. */
export function freshMonitorState(origin: string): MonitorState {
  return { origin, note: undefined, frontier: { size: 0, hashes: [] }, observers: new Map() }
}

/** The state as text. */
export function writeMonitorState({ origin, note, frontier, observers }: MonitorState): string {
  const { size, hashes } = frontier
  const kept = [...observers].map(([name, state]) => ({ name, state }))
  const root = { schema: SCHEMA, origin, note, size, hashes: hashes.map(encodeBase64), observers: kept }
  return canonicalJson(root)
}

/** Reads a state that was written. @throws Fault `monitor-state`, `frontier`, and those of JSON and checkpoints */
export function readMonitorState(text: string): MonitorState {
  const state = new Members(parseStrictJson(Buffer.from(text), { maxBytes: MAX_STATE }), 'state', {
    required: ['schema', 'origin', 'size', 'hashes', 'observers'],
    optional: ['note'],
  })
  if (state.text('schema') !== SCHEMA) throw new Fault('monitor-state', `the state is not of schema ${SCHEMA}`)
  const note = state.has('note') ? state.text('note') : undefined
  const frontier = new Frontier({ size: state.count('size'), hashes: state.allBytes('hashes') }).state
  const seen = note === undefined ? 0n : readCheckpoint(note).size
  if (frontier.size > seen) throw new Fault('monitor-state', `${frontier.size} leaves read, ${seen} signed`)
  const kept = state.each('observers', { required: ['name', 'state'] })
  const observers = new Map(kept.map((item) => [item.text('name'), item.text('state')]))
  return { origin: state.text('origin'), note, frontier, observers }
}
