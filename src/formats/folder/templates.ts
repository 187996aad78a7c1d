/**
 * A chat template may stand in three files of one folder, and programs differ in which they take: do they agree?
 */
import { type Folder, type FolderAnomalies } from './folder.ts'

const SOURCES: readonly (readonly [file: string, locus: string])[] = [
  ['chat_template.jinja', 'template'],
  ['tokenizer_config.json', '/chat_template'],
  ['chat_template.json', '/chat_template'],
]

/** Checks the chat templates of a folder against each other; white space at their ends does not count. */
export function checkTemplates(folder: Folder, anomalies: FolderAnomalies): void {
  const found = SOURCES.flatMap(([name, locus]) => {
    const file = folder.files.get(name)
    const template = file?.texts?.find((text) => text.locus === locus)?.text.trim()
    return file === undefined || template === undefined ? [] : [{ path: file.path, locus, template }]
  })
  const [first, ...others] = found
  for (const { path, locus, template } of others) {
    if (template === first?.template) continue
    anomalies.add('template-sources-disagree', `the template differs from that of ${first?.path}`, { path, locus })
  }
}
