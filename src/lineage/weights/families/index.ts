/** All architecture tables; when several name equally many tensors of a model, the first counts. */
import { BERT } from './bert.ts'
import type { Family } from './family.ts'
import { GEMMA } from './gemma.ts'
import { GGUF } from './gguf.ts'
import { GPT2 } from './gpt2.ts'
import { GPT_NEOX } from './gpt-neox.ts'
import { LLAMA } from './llama.ts'
import { PHI } from './phi.ts'
import { CLIP, TIMM, VIT } from './vit.ts'

/** See the module. */
export const FAMILIES: readonly Family[] = [LLAMA, GEMMA, PHI, GPT_NEOX, GPT2, BERT, VIT, CLIP, TIMM, GGUF]
