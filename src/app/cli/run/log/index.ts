/** The runs of `tidewaiter log`, one for each action. */
import type { CommandCall } from '../../command.ts'
import { runAction, type Action } from '../actions.ts'

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['init', { arguments: [1, 1], load: async () => (await import('./keep.ts')).runInit }],
  ['status', { arguments: [0, 0], load: async () => (await import('./keep.ts')).runStatus }],
  ['append', { arguments: [1, 999], load: async () => (await import('./append.ts')).runAppend }],
  ['check', { arguments: [0, 0], load: async () => (await import('./keep.ts')).runCheck }],
  ['serve', { arguments: [0, 0], load: async () => (await import('./serve.ts')).runServe }],
  ['monitor', { arguments: [1, 1], load: async () => (await import('./monitor.ts')).runMonitor }],
  ['trust', { arguments: [0, 1], load: async () => (await import('./trust.ts')).runTrust }],
  ['witness', { arguments: [0, 0], load: async () => (await import('./witness.ts')).runWitness }],
])

/** Runs an action; gives its exit code. @throws Fault `usage` */
export function run(call: CommandCall): Promise<number> {
  return runAction('log', ACTIONS, call)
}
