/** The context of a call: its flags over file and environment. */
import { createContext, type Context } from '../context.ts'
import type { CommandCall } from './command.ts'
import { settingFlags } from './setting-options.ts'

/** See the module. @throws Fault `bad-configuration` */
export function callContext(call: CommandCall): Context {
  const configFile = call.value('config')
  const input = { environment: call.environment, flags: settingFlags(call) }
  return createContext(configFile === undefined ? input : { ...input, configFile })
}

/** True when the result is wanted as JSON. */
export function wantsJson(call: CommandCall): boolean {
  return call.value('format') === 'json'
}
