/** The runs of `tidewaiter docket`, one for each action. */
import type { CommandCall } from '../../command.ts'
import { runAction, type Action } from '../actions.ts'

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['show', { arguments: [1, 1], load: async () => (await import('./show.ts')).runShow }],
  ['revoke', { arguments: [1, 1], load: async () => (await import('./revoke.ts')).runRevoke }],
  ['reply', { arguments: [1, 1], load: async () => (await import('./reply.ts')).runReply }],
  ['status', { arguments: [0, 0], load: async () => (await import('./status.ts')).runStatus }],
  ['erase', { arguments: [1, 1], load: async () => (await import('./erase.ts')).runErase }],
])

/** Runs an action; gives its exit code. @throws Fault `usage` */
export function run(call: CommandCall): Promise<number> {
  return runAction('docket', ACTIONS, call)
}
