/**
 * Reads a TorchScript archive: pickles with the types of the archive itself, the code of these types, storages.
 *
 * The code is of a small language that is compiled when the archive is loaded and runs when the model is used. Every
 * source is read whole; what it uses is held against a list of operators.
 */
import { isUtf8 } from 'node:buffer'
import { isFault } from '../../base/index.ts'
import { baseName } from '../glimpse.ts'
import { quoteName } from '../names.ts'
import type { TorchArchive } from '../torch/archive.ts'
import { noteUnreferenced, readPickleRecord } from '../torch/pickle-record.ts'
import { scanCode, usesAtLoad, type CodeSeen, type CodeUse } from './code.ts'

const SOURCE = /^code\/.*\.py$/
const PICKLE = /^(?:[\w.-]+\.pkl|code\/.*\.debug_pkl)$/
const STORAGE = /^(?:data|constants|traced_inputs)\//
/** What a model was traced with: the sizes of its inputs, without their numbers. */
const TRACED = 'traced_inputs.pkl'
const LONGEST_SOURCE = 16 * 1024 * 1024
/** Endings and names under which weights are expected and no program. */
const WEIGHTS_NAME = /\.(bin|ckpt|pth|pkl|tar)$|^(pytorch_model|model_weights|weights|state_dict)\b/

/** Takes the records of a program. @throws Fault `budget-…` */
export function readScript(archive: TorchArchive): void {
  checkName(archive)
  readSources(archive)
  for (const name of archive.left.filter((each) => PICKLE.test(each))) {
    const folder = name.replace(/\.pkl$/, '')
    const hollow = name === TRACED
    readPickleRecord(archive, name, { record: (key) => `${folder}/${key}`, names: 'torchscript', hollow })
  }
  noteUnreferenced(archive, STORAGE)
}

function checkName({ request, facts }: TorchArchive): void {
  if (!WEIGHTS_NAME.test(baseName(request.path))) return
  const message = 'the name is that of plain weights, the archive a program that loaders of weights hand to TorchScript'
  facts.anomalies.add('tsc-as-weights', message, { locus: 'name' })
}

function readSources(archive: TorchArchive): void {
  const names = archive.left.filter((name) => SOURCE.test(name))
  const seen = names.flatMap((name) => readSource(archive, name) ?? [])
  const atLoad = new Set(usesAtLoad(seen))
  for (const { uses } of seen) for (const use of uses) noteUse(archive, use, atLoad.has(use))
  const count = (pick: (one: CodeSeen) => number): number => seen.reduce((sum, one) => sum + pick(one), 0)
  archive.facts.metadata({ key: 'torchscript.functions', type: 'u32', value: count(({ functions }) => functions) })
  archive.facts.metadata({ key: 'torchscript.operators', type: 'u32', value: count(({ operators }) => operators) })
}

const WHAT: Readonly<Record<CodeUse['kind'], string>> = {
  reaching: 'which reaches files, other machines or Python',
  hidden: 'and not what is meant of it',
  unknown: 'which is not on the list',
}

function noteUse({ facts }: TorchArchive, { kind, what, within }: CodeUse, atLoad: boolean): void {
  const place = within === '' ? 'code outside of functions' : `function ${quoteName(within)}`
  const when = atLoad ? 'when the archive is loaded' : 'when it is called'
  const message = `${place}, which runs ${when}, names ${quoteName(what)}, ${WHAT[kind]}`
  facts.anomalies.add(kind === 'unknown' ? 'tsc-operator' : 'tsc-reaches', message, {
    locus: `code ${quoteName(what)}`,
  })
}

function readSource(archive: TorchArchive, name: string): CodeSeen | undefined {
  const member = archive.take(name, 'code')
  archive.facts.reference({ kind: 'code', target: name.slice(0, 1024), locus: 'code' })
  const source = member && archive.open(member)
  if (source === undefined) return undefined
  if (source.size > LONGEST_SOURCE) {
    archive.note('tsc-source', name, `has ${source.size} bytes; at most ${LONGEST_SOURCE} are read`)
    return undefined
  }
  const bytes = source.read(0, source.size)
  try {
    if (isUtf8(bytes)) return scanCode(Buffer.from(bytes).toString('utf8'))
    archive.note('tsc-source', name, 'is not UTF-8')
  } catch (thrown) {
    if (!isFault(thrown, 'tsc-source')) throw thrown
    archive.note('tsc-source', name, `is no TorchScript: ${thrown.message}`)
  }
  return undefined
}
