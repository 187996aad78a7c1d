/**
 * The context of a run: settings, places and log, resolved once and handed down.
 *
 * Nothing below asks the environment; what a stage needs it is given.
 */
import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { parse } from 'smol-toml'
import {
  resolveConfig,
  type ConfigFile,
  type Configuration,
  createLog,
  Fault,
  systemClock,
  systemRandomness,
  toFault,
  uuidv7,
  type Log,
} from '../base/index.ts'
import type { RegisterOptions } from '../register/index.ts'
import { defaultHome, SETTINGS, type Settings } from './settings.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** See the module. */
export interface Context {
  readonly settings: Settings
  readonly configuration: Configuration<Settings>
  readonly places: {
    readonly home: string
    readonly keys: string
    readonly dossiers: string
    readonly downloads: string
    /** Kept results of stages that were interrupted. */
    readonly work: string
  }
  readonly register: RegisterOptions
  readonly environment: Environment
  readonly log: Log
}

/** What a context is made from. */
export interface ContextInput {
  readonly environment: Environment
  /** Settings given as flags, by the name of the setting. */
  readonly flags: Readonly<Record<string, string>>
  /** Configuration file that was named; must exist. */
  readonly configFile?: string
}

const FILE_NAME = 'tidewaiter.toml'
const NOT_SETTINGS = ['TIDEWAITER_SHARED', 'TIDEWAITER_TEST_CACHE', 'TIDEWAITER_PKCS11_PIN']

/**
 * The file that was named, else that of the home. Never one of the folder in which the program runs: that may be the
 * consignment, and a model must not say whom to trust, by which policy it is judged, or which library signs.
 */
function findConfigFile({ environment, configFile, flags }: ContextInput): ConfigFile | undefined {
  const home = flags['home'] ?? environment['TIDEWAITER_HOME'] ?? defaultHome(environment)
  const path = configFile ?? join(home, FILE_NAME)
  if (configFile === undefined && !existsSync(path)) return undefined
  try {
    return { path, text: readFileSync(path, 'utf8'), parse }
  } catch (cause) {
    throw new Fault('bad-configuration', `the configuration ${path} cannot be read: ${toFault(cause).message}`, {
      cause,
    })
  }
}

function withDatabaseUrl(environment: Environment): Environment {
  const url = environment['DATABASE_URL']
  if (url === undefined || url === '' || environment['TIDEWAITER_DATABASE_URL'] !== undefined) return environment
  return { ...environment, TIDEWAITER_DATABASE_URL: url }
}

/** Resolves the context of a run. @throws Fault `bad-configuration` */
export function createContext(input: ContextInput): Context {
  const file = findConfigFile(input)
  const layers = { environment: withDatabaseUrl(input.environment), flags: input.flags, notSettings: NOT_SETTINGS }
  const configuration = resolveConfig(SETTINGS, file === undefined ? layers : { ...layers, file })
  const settings = configuration.values
  const home = resolve(settings.home ?? defaultHome(input.environment))
  const folder = settings.register ?? 'register'
  const place =
    settings.databaseUrl === undefined
      ? { folder: isAbsolute(folder) || settings.register !== undefined ? resolve(folder) : join(home, folder) }
      : { databaseUrl: settings.databaseUrl }
  return {
    settings,
    configuration,
    places: {
      home,
      keys: join(home, 'keys'),
      dossiers: join(home, 'dossiers'),
      downloads: join(home, 'downloads'),
      work: join(home, 'work'),
    },
    register: { place, clock: systemClock, makeId: uuidv7(systemClock, systemRandomness) },
    environment: input.environment,
    log: createLog({ level: settings.logLevel, clock: systemClock, write: (line) => void process.stderr.write(line) }),
  }
}
