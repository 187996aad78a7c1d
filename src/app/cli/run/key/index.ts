/** The runs of `tidewaiter key`, one for each action. */
import type { CommandCall } from '../../command.ts'
import { runAction, type Action } from '../actions.ts'

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['show', { arguments: [0, 0], load: async () => (await import('./show.ts')).runShow }],
  ['make', { arguments: [0, 0], load: async () => (await import('./show.ts')).runMake }],
  ['add', { arguments: [1, 1], load: async () => (await import('./change.ts')).runAdd }],
  ['revoke', { arguments: [1, 1], load: async () => (await import('./change.ts')).runRevoke }],
  ['quorum', { arguments: [1, 1], load: async () => (await import('./change.ts')).runQuorum }],
  ['join', { arguments: [1, 64], load: async () => (await import('./join.ts')).runJoin }],
  ['rotate', { arguments: [0, 1], load: async () => (await import('./rotate.ts')).runRotate }],
  ['export-keyring', { arguments: [0, 0], load: async () => (await import('./show.ts')).runExport }],
])

/** Runs an action; gives its exit code. @throws Fault `usage` */
export function run(call: CommandCall): Promise<number> {
  return runAction('key', ACTIONS, call)
}
