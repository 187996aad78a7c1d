/**
 * SentencePiece tokenizers (`.model`): pieces, how the tokenizer was trained, and how it rewrites text before.
 */
import { createHash } from 'node:crypto'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import { ANOMALIES as PROTOBUF, type ProtobufAnomaly } from '../protobuf/anomalies.ts'
import { parseSchema } from '../protobuf/schema.ts'
import { Walker, type FieldValue } from '../protobuf/walker.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { isSentencePiece } from '../protobuf/sniff.ts'
import { ANOMALIES, type SentencePieceAnomaly } from './anomalies.ts'

/** Source: field numbers of `sentencepiece_model.proto`, SentencePiece 0.2, printed by `make-schemas.py`. */
const SCHEMA = parseSchema(`
ModelProto 1:pieces:SentencePiece* 2:trainer_spec:TrainerSpec 3:normalizer_spec:NormalizerSpec 4:self_test_data:SelfTest
  5:denormalizer_spec:NormalizerSpec
SentencePiece 1:piece:string 2:score:float 3:type:enum
SelfTest 1:samples:SelfTestSample*
SelfTestSample 1:input:string 2:expected:string
TrainerSpec 1:input:string* 2:model_prefix:string 3:model_type:enum 4:vocab_size:int32 5:accept_language:string*
  6:self_test_sample_size:int32 7:input_format:string 10:character_coverage:float 11:input_sentence_size:uint64
  12:mining_sentence_size:int32 13:training_sentence_size:int32 14:seed_sentencepiece_size:int32
  15:shrinking_factor:float 16:num_threads:int32 17:num_sub_iterations:int32 18:max_sentence_length:int32
  19:shuffle_input_sentence:bool 20:max_sentencepiece_length:int32 21:split_by_unicode_script:bool
  22:split_by_whitespace:bool 23:split_by_number:bool 24:treat_whitespace_as_suffix:bool 25:split_digits:bool
  26:allow_whitespace_only_pieces:bool 30:control_symbols:string* 31:user_defined_symbols:string*
  32:vocabulary_output_piece_score:bool 33:hard_vocab_limit:bool 34:use_all_vocab:bool 35:byte_fallback:bool
  36:required_chars:string 40:unk_id:int32 41:bos_id:int32 42:eos_id:int32 43:pad_id:int32 44:unk_surface:string
  45:unk_piece:string 46:bos_piece:string 47:eos_piece:string 48:pad_piece:string
  49:train_extremely_large_corpus:bool 50:enable_differential_privacy:bool 51:differential_privacy_noise_level:float
  52:differential_privacy_clipping_threshold:uint64 53:pretokenization_delimiter:string
  54:seed_sentencepieces_file:string 55:auto_character_coverage:bool
NormalizerSpec 1:name:string 2:precompiled_charsmap:bytes 3:add_dummy_prefix:bool 4:remove_extra_whitespaces:bool
  5:escape_whitespaces:bool 6:normalization_rule_tsv:string
`)
const TYPES = new Set([0, 1, 2, 3, 4, 5, 6])
const NUMBERS = ['vocab_size', 'model_type', 'unk_id', 'bos_id', 'eos_id', 'pad_id'] as const

interface Pieces {
  readonly seen: Set<string>
  count: number
}

type Context = Walker<SentencePieceAnomaly>

function takePiece(walker: Context, value: FieldValue, pieces: Pieces): void {
  const fields = walker.read('SentencePiece', value, { keep: ['piece', 'type'] })
  const piece = fields.text('piece')
  const locus = `piece ${pieces.count} ${quoteName(piece)}`
  const place = { locus, offset: value.from, length: value.to - value.from }
  walker.budget.spendItems()
  pieces.count += 1
  if (pieces.seen.has(piece)) walker.facts.anomalies.add('spm-duplicate', `${locus} stands twice`, place)
  if (piece === '' || !TYPES.has(fields.number('type')))
    walker.facts.anomalies.add('spm-piece', `${locus} is empty or of a type that does not exist`, place)
  pieces.seen.add(piece)
}

function takeTrainer(walker: Context, value: FieldValue): void {
  const fields = walker.read('TrainerSpec', value, { keep: [...NUMBERS, 'model_prefix'] })
  for (const key of NUMBERS)
    if (fields.count(key) > 0) walker.facts.metadata({ key, type: 'int32', value: fields.number(key) })
}

function takeNormaliser(walker: Context, value: FieldValue): void {
  const key = value.type.name
  let digest = ''
  const fields = walker.read('NormalizerSpec', value, {
    keep: ['name', 'normalization_rule_tsv'],
    on: {
      precompiled_charsmap: ({ from, to }) => {
        const hash = createHash('sha256')
        walker.cursor.seek(from)
        for (const chunk of walker.cursor.chunks(to - from)) hash.update(chunk)
        if (to > from) digest = hash.digest('hex')
      },
    },
  })
  walker.facts.metadata({ key: `${key}/name`, type: 'string', value: fields.text('name') })
  if (digest !== '') walker.facts.metadata({ key: `${key}/charsmap`, type: 'bytes', value: digest, digest })
}

function read(request: ReadRequest): FileFacts {
  const meanings = [...ANOMALIES, ...PROTOBUF]
  const facts = new FactCollector<SentencePieceAnomaly | ProtobufAnomaly>(request, 'sentencepiece', meanings)
  const walker: Context = new Walker(request, facts, SCHEMA)
  const pieces: Pieces = { seen: new Set(), count: 0 }
  walker.walkFile(() => {
    const normaliser = (value: FieldValue): void => takeNormaliser(walker, value)
    walker.read('ModelProto', walker.whole, {
      on: {
        pieces: (value) => takePiece(walker, value, pieces),
        trainer_spec: (value) => takeTrainer(walker, value),
        normalizer_spec: normaliser,
        denormalizer_spec: normaliser,
      },
    })
    facts.metadata({ key: 'pieces', type: 'count', value: pieces.count })
    if (pieces.count === 0) facts.anomalies.add('spm-empty', 'the tokenizer has no pieces', { locus: 'pieces' })
  })
  return facts.finish()
}

/** See the module. */
export const sentencePieceReader: FormatReader = {
  format: 'sentencepiece',
  title: 'SentencePiece tokenizer',
  version: 1,
  extensions: ['.model', '.spm'],
  sniff(glimpse) {
    if (isSentencePiece(glimpse)) return 'structure'
    return /\.spm$/i.test(glimpse.path) ? 'name' : null
  },
  read,
}
