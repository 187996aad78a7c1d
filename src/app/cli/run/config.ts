/** The run of `tidewaiter config explain`: each setting, its value, and where the value came from. */
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [verb = 'explain'] = call.positionals
  if (verb !== 'explain') throw usageFault(`config knows "explain", not "${verb}"`)
  const { configuration, places, register } = callContext(call)
  if (wantsJson(call)) {
    const settings = configuration.entries.map(({ key, value, origin }) => ({ key, value: value ?? null, origin }))
    call.terminal.print(JSON.stringify({ schema: 'tidewaiter/configuration/v1', settings, places }, null, 2))
    return EXIT.done
  }
  for (const { key, value, origin, description, allowed } of configuration.entries) {
    const shown = value === undefined ? '(not set)' : JSON.stringify(value)
    const from = origin.source === 'default' ? 'default' : `${origin.source} ${origin.name}`
    call.terminal.print(`${key.padEnd(12)} ${shown}\n${' '.repeat(13)}from ${from}; ${description}; takes ${allowed}`)
  }
  call.terminal.print(
    `\nEverything stands in ${places.home}; the register ${'folder' in register.place ? `in ${register.place.folder}` : 'on PostgreSQL'}.`,
  )
  return EXIT.done
}
