/**
 * The folder of a calibration: trained models, the journal of outcomes, the tables and plots.
 *
 * The journal is a line of JSON a pair and begins with the version and the size of the zoo; a line that was cut off by
 * an interruption is dropped. Models are written beside their place and renamed, so that none is ever half there.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, toFault } from '../../../base/index.ts'
import {
  calibrationFiles,
  decodeModel,
  encodeModel,
  configOf,
  type Calibration,
  type ModelStore,
  type PairOutcome,
} from '../../../lineage/calibration/index.ts'

const JOURNAL = 'journal.jsonl'
const MODEL = 'model.safetensors'

function guarded<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (cause) {
    throw new Fault('cannot-write', `${path} cannot be written: ${toFault(cause).message}`, { cause })
  }
}

/** Models of the zoo below `folder`, each a Hugging Face folder that `compare` opens. */
export function modelStore(folder: string): ModelStore {
  const place = (name: string): string => join(folder, 'models', name.replaceAll('/', '+'))
  return {
    load(name, shape) {
      const path = join(place(name), MODEL)
      return existsSync(path) ? decodeModel(readFileSync(path), shape) : undefined
    },
    save(name, model) {
      const path = join(place(name), MODEL)
      guarded(path, () => {
        mkdirSync(place(name), { recursive: true })
        writeFileSync(join(place(name), 'config.json'), configOf(model.shape))
        writeFileSync(`${path}.part`, encodeModel(model))
        renameSync(`${path}.part`, path)
      })
    },
  }
}

/** A journal that is gone on with or begun. */
export interface Journal {
  readonly known: readonly PairOutcome[]
  append(outcome: PairOutcome): void
}

/** Whole lines of a journal; none when it begins otherwise than `head`. */
function readJournal(path: string, head: string): string[] {
  if (!existsSync(path)) return []
  const [first, ...rest] = readFileSync(path, 'utf8').split('\n')
  if (first !== head)
    throw new Fault('other-calibration', `${path} belongs to another version or size; leave out --resume to begin anew`)
  return rest.slice(0, -1)
}

/**
 * Opens the journal.
 *
 * @param head what it must begin with
 * @throws Fault `other-calibration` when it is to be gone on with but belongs to another run; `cannot-write`
 */
export function openJournal(folder: string, head: object, resume: boolean): Journal {
  const path = join(folder, JOURNAL)
  const first = JSON.stringify(head)
  const lines = resume ? readJournal(path, first) : []
  guarded(path, () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${path}.part`, [first, ...lines, ''].join('\n'))
    renameSync(`${path}.part`, path)
  })
  return {
    known: lines.map((line) => JSON.parse(line) as PairOutcome),
    append: (outcome) => guarded(path, () => appendFileSync(path, `${JSON.stringify(outcome)}\n`)),
  }
}

/** Forgets the models of an earlier run. */
export function forgetModels(folder: string): void {
  rmSync(join(folder, 'models'), { recursive: true, force: true })
}

/** Writes tables and plots; returns their paths. */
export function writeCalibration(folder: string, calibration: Calibration): string[] {
  return [...calibrationFiles(calibration)].map(([name, content]) => {
    const path = join(folder, name)
    guarded(path, () => writeFileSync(path, content))
    return path
  })
}
