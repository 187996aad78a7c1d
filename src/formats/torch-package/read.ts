/**
 * torch.package: pickled objects with the Python source of the modules that they need.
 *
 * The source is imported from the archive, not from the machine that loads it, as soon as an object is unpickled that
 * names it. So any Python source in it is code that is reachable at load.
 *
 * Source: `torch/package/package_importer.py`, `package_exporter.py`.
 */
import type { TorchArchive } from '../torch/archive.ts'
import { noteUnreferenced, readPickleRecord } from '../torch/pickle-record.ts'

const PYTHON = '.py'
const PICKLE = '.pkl'

/** Takes the records of a package. @throws Fault `budget-…` */
export function readPackage(archive: TorchArchive): void {
  archive.text('.data/python_version')
  takeModules(archive)
  for (const name of archive.left.filter((each) => each.endsWith(PICKLE)))
    readPickleRecord(archive, name, {
      record: (key) => `.data/${key}.storage`,
      prefix: `${name.slice(0, -PICKLE.length)}.`,
    })
  for (const name of archive.left.filter((each) => each.endsWith(PYTHON))) {
    archive.note('tsc-reaches', name, 'is Python source that is imported from the archive')
    archive.hand(name, { role: 'code' })
  }
  noteUnreferenced(archive, /^\.data\/[^/]+\.storage$/)
}

/** The modules that are taken from the machine that loads the archive, a line each. */
function takeModules(archive: TorchArchive): void {
  const member = archive.take('.data/extern_modules', 'metadata')
  const source = member && archive.open(member)
  if (source === undefined) return
  const bytes = Buffer.from(source.read(0, Math.min(source.size, 1024 * 1024)))
  const names = bytes
    .toString('latin1')
    .split('\n')
    .filter((name) => name !== '')
  if (source.size !== bytes.length || !names.every((name) => /^[\w.]+$/.test(name)))
    archive.note('tor-record', '.data/extern_modules', 'is no list of modules')
  for (const target of names.slice(0, 10_000))
    archive.facts.reference({ kind: 'code', target: target.slice(0, 1024), locus: '.data/extern_modules' })
}
