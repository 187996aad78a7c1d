/**
 * The settings of Tidewaiter: one schema that is also their documentation and their defaults.
 *
 * A value comes from the configuration file, is overridden by the environment (`TIDEWAITER_` and the name in capitals),
 * and that by a flag. `tidewaiter config explain` prints each value with where it came from.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { LOG_LEVELS } from '../base/index.ts'

/** Schema of all settings. Paths are relative to where the command is run. */
export const SETTINGS = z.strictObject({
  home: z
    .string()
    .min(1)
    .optional()
    .describe(
      'folder for the register, the signing key, dossiers and downloads (default: tidewaiter in the data folder of the user)',
    ),
  register: z.string().min(1).optional().describe('folder of the register (default: register in home)'),
  databaseUrl: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ secret: true, description: 'PostgreSQL to use instead of the folder; DATABASE_URL works too' }),
  policy: z.string().min(1).optional().describe('file of the policy that decides (default: the one that ships)'),
  signer: z
    .string()
    .min(1)
    .max(2000)
    .default('file')
    .describe('key that signs: file, file:FOLDER, or a URI of pkcs11, awskms, gcpkms, azurekms or hashivault'),
  issuer: z.string().min(1).max(200).optional().describe('name that stands on certificates'),
  threads: z.number().int().min(1).max(256).optional().describe('worker threads (default: one for each processor)'),
  readSeconds: z.number().min(1).max(3600).default(10).describe('longest time that one file may take to be read'),
  logLevel: z.enum(LOG_LEVELS).default('warn').describe('least grave event that is logged to stderr'),
  logTiles: z
    .string()
    .min(1)
    .optional()
    .describe(
      'where tiles of a log lie: a folder, or s3://bucket/prefix (default: in the register; on PostgreSQL the folder log in home)',
    ),
  logLock: z
    .string()
    .min(1)
    .optional()
    .describe(
      'where the last signed checkpoint of a log is kept, outside of every backup: a file, or s3://bucket/object (default: beside the keys)',
    ),
  logPolicy: z
    .string()
    .min(1)
    .optional()
    .describe('policy file with the witnesses that are asked before a checkpoint of a log is served (default: none)'),
  host: z.string().min(1).default('127.0.0.1').describe('address on which serve listens'),
  publicAddress: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where strangers reach what serve serves; printed codes lead there (default: the host that was asked)'),
  port: z.number().int().min(0).max(65535).default(8480).describe('port on which serve listens; 0 takes a free one'),
})

/** The values. */
export type Settings = z.infer<typeof SETTINGS>

/** Where everything stands when nothing is said: `$XDG_DATA_HOME/tidewaiter`, else `~/.local/share/tidewaiter`. */
export function defaultHome(environment: Readonly<Record<string, string | undefined>>): string {
  const data = environment['XDG_DATA_HOME']
  return join(data === undefined || data === '' ? join(homedir(), '.local', 'share') : data, 'tidewaiter')
}
