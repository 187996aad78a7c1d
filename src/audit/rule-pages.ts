/**
 * The rule book: one page for each rule and an index, made from the rules themselves.
 *
 * The pages are committed under `docs/rules/`; a test holds them against what is made here.
 */
import type { Grade } from './finding.ts'
import { FAMILIES, familyOf, type Family, type Rule } from './rule.ts'
import { RULES } from './rules/index.ts'
import { ATLAS_NAMES, atlasAddress, CWE_NAMES, cweAddress } from './taxonomy.ts'

const GRADE_WORDS: Readonly<Record<Grade, string>> = {
  dangerous: 'Dangerous: fails, and no policy lets it through.',
  major: 'Major: fails the inspection.',
  minor: 'Minor: written down, fails nothing.',
  advisory: 'Advisory: to be known.',
}
const BASIS_WORDS: Readonly<Record<Rule['basis'], string>> = {
  capability: 'Capability: content of this kind can do something; nobody is accused of anything.',
  exploit: 'Exploit: the content matches a known weakness of loaders; what was meant by it is not said.',
  malice: 'Malice: the content is evidence of a payload; the bytes stand beside the finding.',
}
const EFFECT_WORDS = {
  open: 'A finding leaves the verdict on the file inconclusive, because it says that something is unknown.',
  none: 'A finding does not change the verdict on the bytes; the policy decides what it means for the consignment.',
} as const

function effectOf({ effect, grade }: Rule): string {
  if (effect !== undefined) return EFFECT_WORDS[effect]
  return grade === 'dangerous' || grade === 'major'
    ? 'A finding makes the verdict on the file defect.'
    : 'A finding keeps the file from being proved.'
}

function scopeOf({ over }: Rule): string {
  if (over === 'any') return 'every file'
  return over === 'folder' ? 'the artefact as a whole' : over.join(', ')
}

function listed(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ['', `## ${title}`, '', ...items.map((item) => `- ${item}`)]
}

/** The page of a rule, as Markdown. */
function renderRulePage(rule: Rule): string {
  const { id, title, sentence, grade, basis, cwe, atlas, meaning, remedy, seen, related, anomalies } = rule
  const catalogues = [
    ...(cwe === null ? [] : [`[CWE-${cwe}](${cweAddress(cwe)}) ${CWE_NAMES[cwe]}`]),
    ...(atlas === null ? [] : [`[${atlas}](${atlasAddress(atlas)}) ${ATLAS_NAMES[atlas]}`]),
  ]
  const lines = [
    `# ${id}: ${title}`,
    '',
    sentence,
    '',
    `- ${GRADE_WORDS[grade]}`,
    `- ${BASIS_WORDS[basis]}`,
    `- Looked for in: ${scopeOf(rule)}.`,
    `- ${effectOf(rule)}`,
    '',
    '## What it means',
    '',
    meaning,
    '',
    '## What to do',
    '',
    remedy,
    '',
    '## How it is seen',
    '',
    seen,
    ...listed(
      'Anomalies that it answers for',
      anomalies.map((code) => `\`${code}\``),
    ),
    ...listed('Catalogues', catalogues),
    ...listed('Related', related),
  ]
  return `${lines.join('\n')}\n`
}

const INTRODUCTION = `# Rules

Readers note facts; rules make findings of them. Rules see facts and never bytes, so a rule that is written today can be run over every model that was ever opened. Ids are never reused, and the grade of an id never changes. These pages are made from the rules by \`npm run docs\`.

## Grades

As in a vehicle test. **Dangerous** and **major** fail. **Minor** defects and **advisories** are written down and fail nothing: the file is still \`no-finding\`, and a minor defect keeps it from being \`proved\`. A policy may raise a grade and never lowers one for the name of a publisher.

## Basis

**Capability**: content of this kind can do something, and nobody is accused. **Exploit**: it matches a known weakness of loaders. **Malice**: it is evidence of a payload; only this may be held against somebody, with its bytes. No rule of this version claims malice.

## Verdicts

| verdict | means |
|---|---|
| \`proved\` | safetensors, or GGUF without a chat template: read in full, every byte claimed by exactly one structure, nothing in it is executed by anything, no finding above an advisory |
| \`policy-proved\` | pickles that are proved inert under the policies of libraries; the versions named must be those that load them |
| \`no-finding\` | read in full, no failing finding, in a format whose content can decide what a program does (configurations, tokenizers, cards, templates, texts), or with a minor defect |
| \`inconclusive\` | not read in full, empty, unknown, over budget, only listed or recognised; or a rule says that something in it is unknown |
| \`defect\` | a dangerous or major finding about the content |

The verdict on an artefact is the worst of its files and of the findings between them; an artefact without files is inconclusive. Findings about papers (licences, names, declarations, the base model of an adapter) do not change the verdict on the bytes; what they mean for the consignment is decided by the policy.

For each rule a report says \`pass\`, \`fail\`, \`inconclusive\` (something of its kind was not read in full) or \`not-applicable\`, so that what was tested can be told from what was not.
`

function renderFamily(family: Family): readonly string[] {
  const rules = RULES.filter((rule) => familyOf(rule) === family)
  const rows = rules.map(({ id, title, grade, basis }) => `| [${id}](${id}.md) | ${grade} | ${basis} | ${title} |`)
  return ['', `## TW-${family}: ${FAMILIES[family]}`, '', '| rule | grade | basis | |', '|---|---|---|---|', ...rows]
}

/** The pages by file name: `README.md` and one for each rule. */
export function rulePages(): ReadonlyMap<string, string> {
  const families = (Object.keys(FAMILIES) as readonly Family[]).flatMap(renderFamily)
  const index = `${INTRODUCTION}${families.join('\n')}\n`
  return new Map([['README.md', index], ...RULES.map((rule) => [`${rule.id}.md`, renderRulePage(rule)] as const)])
}
