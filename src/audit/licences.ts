/**
 * Licences: what a declaration names, and what the text of a licence is.
 *
 * Declarations use SPDX identifiers and expressions, the short names of the model hubs (`apache-2.0`, `llama3.1`) or a
 * name of the vendor's own. Texts are recognised by phrases that stand in one licence only; a text that is not
 * recognised is not guessed at.
 *
 * Source: SPDX licence list (package spdx-license-ids); the licence names of the Hugging Face Hub.
 */
import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' }
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' }

const SPDX: ReadonlyMap<string, string> = new Map(
  [...spdxIds, ...deprecatedIds].map((id) => [id.toLowerCase(), id] as const),
)

/** Licences of models that SPDX does not list, by the names that hubs and vendors use. */
const OF_MODELS: ReadonlySet<string> = new Set(
  [
    'llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 gemma grok2-community qwen qwen-research tongyi-qianwen',
    'tongyi-qianwen-research deepseek mnpl mrl yi-license glm-4 hunyuan exaone falcon-llm-license openmdw-1.0 open-mdw',
    'openrail openrail++ creativeml-openrail-m bigscience-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m',
    'deepfloyd-if-license fair-noncommercial-research-license intel-research apple-ascl apple-amlr h-research',
    'etalab-2.0 lgpl-lr c-uda stabilityai-ai-community stabilityai-nc-research-community',
    'flux-1-dev-non-commercial-license nvidia-open-model-license jamba-open-model-license',
  ].flatMap((line) => line.split(' ')),
)
/** Names of families, without a version. */
const FAMILIES: ReadonlySet<string> = new Set(['gpl', 'lgpl', 'agpl', 'cc', 'bsd', 'cecill', 'artistic'])

/** One licence text is told by phrases that all stand in it; the first entry that fits counts. */
const TEXTS: readonly { readonly licence: string; readonly phrases: readonly string[] }[] = [
  {
    licence: 'Apache-2.0',
    phrases: ['apache license version 2.0', 'terms and conditions for use, reproduction, and distribution'],
  },
  { licence: 'AGPL-3.0', phrases: ['gnu affero general public license version 3'] },
  { licence: 'LGPL-3.0', phrases: ['gnu lesser general public license version 3'] },
  { licence: 'GPL-3.0', phrases: ['gnu general public license version 3', 'terms and conditions'] },
  { licence: 'GPL-2.0', phrases: ['gnu general public license version 2', 'terms and conditions'] },
  { licence: 'MPL-2.0', phrases: ['mozilla public license version 2.0', '1. definitions'] },
  { licence: 'llama2', phrases: ['llama 2 community license agreement'] },
  { licence: 'llama3', phrases: ['meta llama 3 community license agreement'] },
  { licence: 'llama3.1', phrases: ['llama 3.1 community license agreement'] },
  { licence: 'llama3.2', phrases: ['llama 3.2 community license agreement'] },
  { licence: 'llama3.3', phrases: ['llama 3.3 community license agreement'] },
  { licence: 'llama4', phrases: ['llama 4 community license agreement'] },
  { licence: 'gemma', phrases: ['gemma terms of use', 'gemma prohibited use policy'] },
  {
    licence: 'CC-BY-NC-SA-4.0',
    phrases: ['creative commons attribution-noncommercial-sharealike 4.0 international public license'],
  },
  {
    licence: 'CC-BY-NC-ND-4.0',
    phrases: ['creative commons attribution-noncommercial-noderivatives 4.0 international public license'],
  },
  { licence: 'CC-BY-NC-4.0', phrases: ['creative commons attribution-noncommercial 4.0 international public license'] },
  { licence: 'CC-BY-SA-4.0', phrases: ['creative commons attribution-sharealike 4.0 international public license'] },
  { licence: 'CC-BY-4.0', phrases: ['creative commons attribution 4.0 international public license'] },
  { licence: 'CC0-1.0', phrases: ['cc0 1.0 universal', 'statement of purpose'] },
  { licence: 'BSD-3-Clause', phrases: ['redistribution and use in source and binary forms', 'neither the name of'] },
  {
    licence: 'BSD-2-Clause',
    phrases: ['redistribution and use in source and binary forms', 'this list of conditions'],
  },
  {
    licence: 'MIT',
    phrases: [
      'permission is hereby granted, free of charge, to any person obtaining a copy',
      'substantial portions of the software',
    ],
  },
]

/** Lower case, one space between words; dates and indentation of the heading do not count. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/,?\s+/g, (space) => (space.startsWith(',') ? ', ' : ' '))
}

/** The licence whose text this is, or undefined. @example recogniseLicence('hello') // undefined */
export function recogniseLicence(text: string): string | undefined {
  const words = plain(text)
  return TEXTS.find(({ phrases }) => phrases.every((phrase) => words.includes(phrase)))?.licence
}

/** The canonical name of one licence, or undefined when nobody knows it. @example nameLicence('APACHE-2.0') // 'Apache-2.0' */
export function nameLicence(declared: string): string | undefined {
  const name = declared.trim().toLowerCase()
  const known = SPDX.get(name) ?? SPDX.get(name.replace(/\+$/, ''))
  if (known !== undefined) return known
  return OF_MODELS.has(name) || FAMILIES.has(name) ? name : undefined
}

/** The licences that an SPDX expression or a short name names; empty when one of them is unknown. */
export function namedLicences(declared: string): readonly string[] {
  const parts = declared.split(/\s+(?:AND|OR)\s+|\s+WITH\s+[\w.-]+|[()]/).filter((part) => part.trim() !== '')
  const names = parts.map(nameLicence)
  return names.every((name) => name !== undefined) ? names : []
}
