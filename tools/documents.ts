/**
 * The pages of documentation that are made from the program itself: the rule book, commands, settings, formats and
 * statements; and the types of statements, which are made from their schemas.
 *
 * `npm run docs` writes them and `npm run check` holds them against what would be written, so that what a reader is
 * told is what the program does.
 */
import { COMMANDS } from '../src/app/cli/commands.ts'
import { renderHelp } from '../src/app/cli/command.ts'
import { SETTINGS } from '../src/app/settings.ts'
import { rulePages } from '../src/audit/index.ts'
import { describeSettings, environmentName } from '../src/base/config-settings.ts'
import type { FormatReader } from '../src/formats/index.ts'
import { recognisedReaders } from '../src/formats/recognised/index.ts'
import { READERS } from '../src/formats/registry.ts'
import { table } from './markdown-table.ts'
import { statementsPage } from './statement-docs.ts'
import { makeStatementTypes } from './statement-types.ts'

/** Folders that hold generated pages and nothing else: what is there and is not made here is stale. */
export const GENERATED_FOLDERS: readonly string[] = ['docs/rules', 'docs/reference', 'src/certificate/statements/types']

const NOTE = '<!-- Made by `npm run docs`; do not edit. -->'

function page(title: string, ...paragraphs: readonly string[]): string {
  return `${[`# ${title}`, NOTE, ...paragraphs].join('\n\n')}\n`
}

function commandsPage(): string {
  const sections = COMMANDS.map((command) => `## ${command.name}\n\n\`\`\`text\n${renderHelp(command)}\n\`\`\``)
  return page('Commands', ...sections)
}

function settingsPage(): string {
  const rows = describeSettings(SETTINGS).map(({ key, allowed, description }) => {
    return [`\`${key}\``, `\`${environmentName(key)}\``, allowed, description]
  })
  const order =
    'A flag wins over the environment, the environment over `tidewaiter.toml`, that over the default. `tidewaiter config explain` says where each value in force came from.'
  return page('Settings', order, table(['in the file', 'in the environment', 'takes', 'what it is'], rows))
}

function formatsTable(readers: readonly FormatReader[]): string {
  const rows = readers.map(({ format, title, version, extensions }) => {
    return [`\`${format}\``, title, String(version), extensions.map((one) => `\`${one}\``).join(' ')]
  })
  return table(['id', 'title', 'reader version', 'endings'], rows)
}

function formatsPage(): string {
  const read = READERS.filter((reader) => !recognisedReaders.includes(reader))
  return page(
    'Formats',
    'The content decides what a file is, and the ending only where the content leaves it open. What no reader knows is unread and is never cleared.',
    '## Read',
    'Pickles are listed opcode by opcode, which proves nothing about them; the others are read in full.',
    formatsTable(read),
    '## Recognised',
    'Known by their signature and not read: the verdict on such a file is inconclusive.',
    formatsTable(recognisedReaders),
  )
}

/** All generated pages, by their path from the root of the checkout. */
export function makeDocuments(): ReadonlyMap<string, string> {
  const formats = formatsPage()
  return new Map([
    ...Array.from(rulePages(), ([name, text]) => [`docs/rules/${name}`, text] as const),
    ['docs/reference/commands.md', commandsPage()],
    ['docs/reference/formats.md', formats],
    ['docs/reference/settings.md', settingsPage()],
    ['docs/reference/statements.md', page(...statementsPage())],
    ...makeStatementTypes(),
  ])
}
