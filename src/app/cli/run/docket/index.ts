/** The runs of `tidewaiter docket`, one for each action. */
import { usageFault, type CommandCall } from '../../command.ts'

type Run = (call: CommandCall) => Promise<number>

const ACTIONS: ReadonlyMap<string, { readonly takes: string; readonly load: () => Promise<Run> }> = new Map([
  ['show', { takes: 'NUMBER or MODEL', load: async () => (await import('./show.ts')).runShow }],
  ['revoke', { takes: 'NUMBER', load: async () => (await import('./revoke.ts')).runRevoke }],
  ['reply', { takes: 'NUMBER', load: async () => (await import('./reply.ts')).runReply }],
  ['status', { takes: '', load: async () => (await import('./status.ts')).runStatus }],
  ['erase', { takes: 'DIGEST', load: async () => (await import('./erase.ts')).runErase }],
])

/** Runs an action; gives its exit code. @throws Fault `usage` */
export async function run(call: CommandCall): Promise<number> {
  const [name = '', ...rest] = call.positionals
  const action = ACTIONS.get(name)
  if (action === undefined) throw usageFault(`docket has no action "${name}"; it has ${[...ACTIONS.keys()].join(', ')}`)
  const wanted = action.takes === '' ? 0 : 1
  if (rest.length !== wanted)
    throw usageFault(
      `docket ${name} takes ${action.takes === '' ? 'no arguments' : action.takes}; ${rest.length} given`,
    )
  return (await action.load())({ ...call, positionals: rest })
}
