/** The runs of `tidewaiter log`, one for each action. */
import { usageFault, type CommandCall } from '../../command.ts'

type Run = (call: CommandCall) => Promise<number>

const ACTIONS: ReadonlyMap<
  string,
  { readonly arguments: readonly [number, number]; readonly load: () => Promise<Run> }
> = new Map([
  ['init', { arguments: [1, 1], load: async () => (await import('./keep.ts')).runInit }],
  ['status', { arguments: [0, 0], load: async () => (await import('./keep.ts')).runStatus }],
  ['append', { arguments: [1, 999], load: async () => (await import('./append.ts')).runAppend }],
  ['check', { arguments: [0, 0], load: async () => (await import('./keep.ts')).runCheck }],
  ['serve', { arguments: [0, 0], load: async () => (await import('./serve.ts')).runServe }],
  ['trust', { arguments: [0, 1], load: async () => (await import('./trust.ts')).runTrust }],
  ['witness', { arguments: [0, 0], load: async () => (await import('./witness.ts')).runWitness }],
])

/** Runs an action; gives its exit code. @throws Fault `usage` */
export async function run(call: CommandCall): Promise<number> {
  const [name = '', ...rest] = call.positionals
  const action = ACTIONS.get(name)
  if (action === undefined) throw usageFault(`log has no action "${name}"; it has ${[...ACTIONS.keys()].join(', ')}`)
  const [least, most] = action.arguments
  if (rest.length < least || rest.length > most)
    throw usageFault(
      `log ${name} takes ${least === most ? least : `${least} to ${most}`} arguments; ${rest.length} given`,
    )
  return (await action.load())({ ...call, positionals: rest })
}
