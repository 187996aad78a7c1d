/** Commands of several actions: the first word names the action, the rest are its arguments. */
import { usageFault, type CommandCall } from '../command.ts'

/** Runs an action; gives its exit code. */
export type ActionRun = (call: CommandCall) => Promise<number>

/** How many arguments an action takes, and how it is loaded. */
export interface Action {
  readonly arguments: readonly [least: number, most: number]
  readonly load: () => Promise<ActionRun>
}

/** Runs the action that the first word names. @throws Fault `usage` */
export async function runAction(
  command: string,
  actions: ReadonlyMap<string, Action>,
  call: CommandCall,
): Promise<number> {
  const [name = '', ...rest] = call.positionals
  const action = actions.get(name)
  if (action === undefined)
    throw usageFault(`${command} has no action "${name}"; it has ${[...actions.keys()].join(', ')}`)
  const [least, most] = action.arguments
  if (rest.length < least || rest.length > most)
    throw usageFault(
      `${command} ${name} takes ${least === most ? least : `${least} to ${most}`} arguments; ${rest.length} given`,
    )
  return (await action.load())({ ...call, positionals: rest })
}
