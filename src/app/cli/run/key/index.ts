/** The runs of `tidewaiter key`, one for each action. */
import { usageFault, type CommandCall } from '../../command.ts'

type Run = (call: CommandCall) => Promise<number>

const ACTIONS: ReadonlyMap<
  string,
  { readonly arguments: readonly [number, number]; readonly load: () => Promise<Run> }
> = new Map([
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
export async function run(call: CommandCall): Promise<number> {
  const [name = '', ...rest] = call.positionals
  const action = ACTIONS.get(name)
  if (action === undefined) throw usageFault(`key has no action "${name}"; it has ${[...ACTIONS.keys()].join(', ')}`)
  const [least, most] = action.arguments
  if (rest.length < least || rest.length > most)
    throw usageFault(
      `key ${name} takes ${least === most ? least : `${least} to ${most}`} arguments; ${rest.length} given`,
    )
  return (await action.load())({ ...call, positionals: rest })
}
