/**
 * All readers, in the order in which they are preferred among equals. A new format is added here and nowhere else.
 */
import { ggufReader } from './gguf/index.ts'
import { hfCardReader } from './hf-card/index.ts'
import { hfConfigReader } from './hf-config/index.ts'
import { hfTokenizerReader } from './hf-tokenizer/index.ts'
import { pickleReader } from './pickle/index.ts'
import { recognisedReaders } from './recognised/index.ts'
import type { FormatReader } from './reader.ts'
import { safetensorsReader } from './safetensors/index.ts'
import { safetensorsIndexReader } from './safetensors-index/index.ts'
import { textReader } from './text/index.ts'
import { zipReader } from './zip/reader.ts'

/** See the module. */
export const READERS: readonly FormatReader[] = [
  safetensorsReader,
  ggufReader,
  pickleReader,
  safetensorsIndexReader,
  hfTokenizerReader,
  hfCardReader,
  ...recognisedReaders,
  zipReader,
  hfConfigReader,
  textReader,
]
