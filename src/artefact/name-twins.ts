/**
 * Names that are one name elsewhere.
 *
 * `Model.bin` and `model.bin` are two files here and one on a Mac or on Windows; `é` in one or in two code points
 * is one file there as well. What was audited here would then not be what is loaded there. Folders count as much as
 * files. On a file system names are unique; a list that a hub sends may repeat one, or call it both a file and a
 * folder.
 *
 * Limit: case is folded by `toUpperCase` and `toLowerCase`, which differs from Unicode's full case folding in a
 * few letters.
 */
import type { IntakeProblem } from './artefact.ts'
import { nameProblem, printableName } from './names.ts'

/** The same for all names that some file system takes for one. */
function foldName(path: string): string {
  return path.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC')
}

function* prefixes(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) yield path.slice(0, slash)
}

function describeTwin(name: string, twin: string): IntakeProblem {
  const isForm = name.normalize('NFC') === twin.normalize('NFC')
  const message = `differs from ${printableName(twin)} only in ${isForm ? 'Unicode normalisation' : 'case or form'}`
  return nameProblem(isForm ? 'name-form-twin' : 'name-case-twin', name, { message, excluded: false })
}

/** One problem for each file or folder whose name is the twin of an earlier one; nothing is excluded. */
export function findTwins(paths: readonly string[]): readonly IntakeProblem[] {
  const names = new Set(paths.flatMap((path) => [...prefixes(path), path]))
  const first = new Map<string, string>()
  const problems: IntakeProblem[] = []
  for (const name of names) {
    const folded = foldName(name)
    const twin = first.get(folded)
    if (twin === undefined) first.set(folded, name)
    else if (parentOf(name) === parentOf(twin)) problems.push(describeTwin(name, twin))
  }
  return problems
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/**
 * Splits a list in which names may repeat: the first of each name is kept, what repeats it or needs a file to be a
 * folder is excluded.
 */
export function keepFirstNames<Entry extends { readonly path: string }>(
  entries: readonly Entry[],
): { readonly kept: readonly Entry[]; readonly problems: readonly IntakeProblem[] } {
  const folders = new Set(entries.flatMap(({ path }) => [...prefixes(path)]))
  const seen = new Set<string>()
  const problems: IntakeProblem[] = []
  const kept = entries.filter(({ path }) => {
    const message = seen.has(path) ? 'stands in the list twice' : folders.has(path) ? 'is both file and folder' : ''
    seen.add(path)
    if (message !== '') problems.push(nameProblem('name-duplicate', path, { message, excluded: true }))
    return message === ''
  })
  return { kept, problems }
}
