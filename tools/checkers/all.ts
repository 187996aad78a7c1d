/** All checkers, those that take longest first, since they run at the same time. */
import type { Checker } from './checker.ts'
import { deadCode } from './dead-code.ts'
import { docComments } from './doc-comments.ts'
import { effects } from './effects.ts'
import { examples } from './examples.ts'
import { format } from './format.ts'
import { generated } from './generated.ts'
import { kernels } from './kernels.ts'
import { layers } from './layers.ts'
import { links } from './links.ts'
import { lint } from './lint.ts'
import { packageRules } from './package-rules.ts'
import { sizes } from './sizes.ts'
import { snippets } from './snippets.ts'
import { types } from './types.ts'
import { verifier } from './verifier.ts'

/** See the module. */
export const CHECKERS: readonly Checker[] = [
  kernels,
  types,
  lint,
  deadCode,
  format,
  examples,
  generated,
  snippets,
  links,
  layers,
  effects,
  verifier,
  docComments,
  sizes,
  packageRules,
]
