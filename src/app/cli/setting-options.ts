/** Options that set a setting: the flag of a command over what file and environment say. */
import type { CommandCall, OptionSpec } from './command.ts'

/** Where everything stands. */
export const HOME_OPTION: OptionSpec = {
  name: 'home',
  value: 'FOLDER',
  help: 'register, key, dossiers and downloads (see config explain)',
}
/** The register. */
export const REGISTER_OPTION: OptionSpec = {
  name: 'register',
  value: 'FOLDER',
  help: 'folder of the register (default: register in home)',
}
/** The policy. */
export const POLICY_OPTION: OptionSpec = {
  name: 'policy',
  value: 'FILE',
  help: 'policy that decides (default: the one that ships)',
}
/** Worker threads. */
export const THREADS_OPTION: OptionSpec = {
  name: 'threads',
  value: 'N',
  help: 'worker threads (default: one for each processor)',
}
/** What the model is to be used for. */
export const USE_OPTION: OptionSpec = {
  name: 'use',
  value: 'USE',
  help: 'a use for which it is declared: commercial, military, surveillance, medical or legal; may be repeated',
}
/** Links of a hub client's cache. */
export const HF_CACHE_OPTION: OptionSpec = {
  name: 'hf-cache',
  help: 'follow the links of a Hugging Face cache folder, and only those',
}

/** Options of whatever opens a log. */
export const LOG_OPTIONS: readonly OptionSpec[] = [
  { name: 'log-tiles', value: 'PLACE', help: 'folder or s3://bucket/prefix of the tiles (see config explain)' },
  { name: 'log-lock', value: 'PLACE', help: 'file or s3://bucket/object that holds the last signed checkpoint' },
  { name: 'log-policy', value: 'FILE', help: 'policy with the witnesses that are asked (default: none)' },
]

const FLAGS: readonly (readonly [option: string, setting: string])[] = [
  ['home', 'home'],
  ['register', 'register'],
  ['policy', 'policy'],
  ['threads', 'threads'],
  ['host', 'host'],
  ['port', 'port'],
  ['log-level', 'logLevel'],
  ['log-tiles', 'logTiles'],
  ['log-lock', 'logLock'],
  ['log-policy', 'logPolicy'],
]

/** The settings that flags of this call give. */
export function settingFlags(call: CommandCall): Readonly<Record<string, string>> {
  const given = FLAGS.map(([option, setting]) => [setting, call.value(option)] as const)
  return Object.fromEntries(given.filter((pair): pair is readonly [string, string] => pair[1] !== undefined))
}
