/**
 * A chat template may stand in several files of one folder, and programs differ in which they take: do they agree?
 *
 * Where both parse, their syntax trees are compared, so that comments do not count; else their texts, without the white
 * space at their ends.
 */
import type { FileFacts } from '../facts.ts'
import { type Folder, type FolderAnomalies } from './folder.ts'

const SOURCES: readonly (readonly [file: string, locus: string])[] = [
  ['chat_template.jinja', 'template'],
  ['tokenizer_config.json', '/chat_template'],
  ['chat_template.json', '/chat_template'],
]

interface Found {
  readonly path: string
  readonly locus: string
  readonly template: string
  readonly digest: string | undefined
}

function templateIn(file: FileFacts | undefined, locus: string): readonly Found[] {
  const template = file?.texts?.find((text) => text.locus === locus)?.text.trim()
  if (file === undefined || template === undefined) return []
  const digest = file.templates?.find((each) => each.locus === locus)?.digest
  return [{ path: file.path, locus, template, digest }]
}

function differ(one: Found, other: Found): boolean {
  if (one.template === other.template) return false
  return one.digest === undefined || one.digest !== other.digest
}

/** Checks the chat templates of a folder against each other. */
export function checkTemplates(folder: Folder, anomalies: FolderAnomalies): void {
  const inGguf = [...folder.files.values()].filter(({ format }) => format === 'gguf')
  const [first, ...others] = [
    ...SOURCES.flatMap(([name, locus]) => templateIn(folder.files.get(name), locus)),
    ...inGguf.flatMap((file) => templateIn(file, 'tokenizer.chat_template')),
  ]
  if (first === undefined) return
  for (const other of others) {
    if (!differ(first, other)) continue
    const { path, locus } = other
    anomalies.add('template-sources-disagree', `the template differs from that of ${first.path}`, { path, locus })
  }
}
