/** `tidewaiter rederive`: run a declared transform again and hold the child against what comes out. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, LOG_OPTIONS, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const rederiveCommand: Command = {
  name: 'rederive',
  summary: 'run a declared cast, quantisation or merge again and compare bit by bit',
  usage: 'PARENT CHILD',
  positionals: { least: 2, most: 2 },
  options: [
    {
      name: 'as',
      value: 'TRANSFORM',
      help: 'cast, gguf, lora or merge (default: lora with --adapter, merge with --recipe, else gguf)',
    },
    { name: 'adapter', value: 'REF', help: 'the LoRA adapter that was merged' },
    { name: 'recipe', value: 'FILE', help: "merge recipe in mergekit's form, YAML or JSON; PARENT is its base" },
    { name: 'statement', value: 'FILE', help: 'signs the outcome and writes it here' },
    {
      name: 'log',
      help: 'say it on the public record of CHILD: stamped, logged, and in its docket for good',
    },
    HF_CACHE_OPTION,
    ...LOG_OPTIONS,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `PARENT and CHILD are references as for clear. Casts to F32, F16 and BF16, ggml's q4_0, q4_1, q5_0, q5_1 and q8_0,
LoRA merges, and linear, slerp and task-arithmetic merges are run again; each tensor of CHILD is equal, different or
not explained. An outcome that differs is no proof against the declaration. Exit code 0 whatever the outcome.
A statement is kept to yourself unless --log says otherwise, because what is logged cannot be taken back.`,
  examples: [
    'tidewaiter rederive oak-f32 oak-q40',
    'tidewaiter rederive oak-f32 oak-lora-merged --adapter oak-lora --statement merged.sigstore.json --log',
  ],
  run: async (call) => (await import('../run/rederive.ts')).run(call),
}
