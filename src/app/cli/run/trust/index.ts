/** The runs of `tidewaiter trust`, one for each action. */
import type { CommandCall } from '../../command.ts'
import { runAction, type Action } from '../actions.ts'

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['init', { arguments: [0, 0], load: async () => (await import('./root.ts')).runInit }],
  ['rotate', { arguments: [1, 1], load: async () => (await import('./root.ts')).runRotate }],
  ['sign-root', { arguments: [1, 1], load: async () => (await import('./root.ts')).runSignRoot }],
  ['show-root', { arguments: [1, 1], load: async () => (await import('./root.ts')).runShowRoot }],
  ['publish', { arguments: [1, 1], load: async () => (await import('./publish.ts')).runPublish }],
  ['refresh', { arguments: [0, 0], load: async () => (await import('./refresh.ts')).runRefresh }],
  ['show', { arguments: [0, 0], load: async () => (await import('./refresh.ts')).runShow }],
])

/** Runs an action; gives its exit code. @throws Fault `usage` */
export function run(call: CommandCall): Promise<number> {
  return runAction('trust', ACTIONS, call)
}
