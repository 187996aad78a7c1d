/**
 * What a witness must never forget: the last checkpoint that it cosigned for each log.
 *
 * It is replaced only by whoever knows what it was, so that of two requests at one time one is told to look again. The
 * file is SQLite's: replaced as a whole or not at all, on the disk before the answer, and locked against other processes.
 * It must not come from a backup: a witness that forgets can be made to sign a fork.
 */
import { DatabaseSync } from 'node:sqlite'
import { Fault, toFault } from '../../base/index.ts'

/** Notes by the origin of their logs. */
export interface WitnessState {
  read(origin: string): Promise<string | undefined>
  /** Puts `next` in the place of `expected`; false, and nothing is changed, when something else is there. */
  replace(origin: string, expected: string | undefined, next: string): Promise<boolean>
}

/** A state that holds a file open. */
export interface WitnessFile extends WitnessState {
  close(): void
}

/** A state in memory, for tests and for those who only try. */
export function witnessMemory(): WitnessState {
  const notes = new Map<string, string>()
  return {
    read: (origin) => Promise.resolve(notes.get(origin)),
    replace: (origin, expected, next) => {
      const fits = notes.get(origin) === expected
      if (fits) notes.set(origin, next)
      return Promise.resolve(fits)
    },
  }
}

function open(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { timeout: 5000 })
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA')
    database.exec('CREATE TABLE IF NOT EXISTS witnessed (origin TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT')
    return database
  } catch (cause) {
    throw new Fault('witness-state', `${path} cannot be used: ${toFault(cause).message}`, { cause })
  }
}

/** Opens the state in a file and makes it when it is not there. @throws Fault `witness-state` when it cannot be used */
export function openWitnessFile(path: string): WitnessFile {
  const database = open(path)
  const select = database.prepare('SELECT note FROM witnessed WHERE origin = ?')
  const insert = database.prepare('INSERT INTO witnessed (origin, note) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const update = database.prepare('UPDATE witnessed SET note = ? WHERE origin = ? AND note = ?')
  return {
    read: (origin) => {
      const note = select.get(origin)?.['note']
      return Promise.resolve(typeof note === 'string' ? note : undefined)
    },
    replace: (origin, expected, next) => {
      const { changes } = expected === undefined ? insert.run(origin, next) : update.run(next, origin, expected)
      return Promise.resolve(changes === 1)
    },
    close: () => database.close(),
  }
}
