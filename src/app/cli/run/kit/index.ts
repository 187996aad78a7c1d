/** The runs of `tidewaiter kit`, one for each action. */
import { usageFault, type CommandCall } from '../../command.ts'

type Run = (call: CommandCall) => Promise<number>

const ACTIONS: ReadonlyMap<
  string,
  { readonly arguments: readonly [number, number]; readonly load: () => Promise<Run> }
> = new Map([
  ['make', { arguments: [1, 1], load: async () => (await import('./make.ts')).runMake }],
  ['examine', { arguments: [1, 1], load: async () => (await import('./examine.ts')).runExamine }],
  ['register', { arguments: [1, 1], load: async () => (await import('./registry.ts')).runRegister }],
  ['list', { arguments: [0, 0], load: async () => (await import('./registry.ts')).runList }],
  ['dispute', { arguments: [1, 2], load: async () => (await import('./registry.ts')).runDispute }],
  ['challenge', { arguments: [1, 1], load: async () => (await import('./opening.ts')).runChallenge }],
  ['open', { arguments: [1, 1], load: async () => (await import('./opening.ts')).runOpen }],
  ['check-opening', { arguments: [1, 1], load: async () => (await import('./opening.ts')).runCheckOpening }],
  ['two-party', { arguments: [1, 2], load: async () => (await import('./two-party.ts')).runTwoParty }],
])

/** Runs an action; gives its exit code. @throws Fault `usage` */
export async function run(call: CommandCall): Promise<number> {
  const [name = '', ...rest] = call.positionals
  const action = ACTIONS.get(name)
  if (action === undefined) throw usageFault(`kit has no action "${name}"; it has ${[...ACTIONS.keys()].join(', ')}`)
  const [least, most] = action.arguments
  if (rest.length < least || rest.length > most)
    throw usageFault(
      `kit ${name} takes ${least === most ? least : `${least} to ${most}`} arguments; ${rest.length} given`,
    )
  return (await action.load())({ ...call, positionals: rest })
}
