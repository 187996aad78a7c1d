/**
 * What the corpus beside the checkout holds: `shared/corpus/README.md` tells which samples are malicious.
 *
 * Paths begin in `modelaudit/tests/assets`; the longest beginning of a path that is listed counts.
 */

/** Beginnings of paths of malicious samples, and the families of rules that must find them. */
export const MALICIOUS: readonly (readonly [path: string, families: string])[] = [
  ['pickles/', 'PKL'],
  ['samples/archives/path_traversal.zip', 'ARC'],
  ['samples/jinja2/malicious', 'TPL'],
  ['samples/jinja2/obfuscated/', 'TPL'],
  ['samples/jinja2/standalone/malicious', 'TPL'],
  ['samples/jinja2/tokenizer_config.json', 'TPL'],
  ['samples/jinja2/yaml/malicious', 'TPL CFG'],
  ['samples/keras/malicious', 'KRS'],
  ['samples/manifests/suspicious', 'CFG SEC'],
  ['samples/pickles/decode_exec_chain', 'PKL'],
  ['samples/pickles/dill_func', 'PKL'],
  ['samples/pickles/evil', 'PKL'],
  ['samples/pickles/malicious', 'PKL'],
  ['samples/pickles/nested_pickle', 'PKL'],
  ['samples/pickles/simple_nested', 'PKL'],
  ['samples/pytorch/malicious', 'PKL'],
  ['samples/safetensors/malicious', 'PYC CFG'],
  ['samples/safetensors/multiple_patterns', 'PYC CFG'],
  ['samples/safetensors/obfuscated', 'PYC CFG'],
  ['samples/safetensors/script', 'PYC CFG'],
  ['samples/safetensors/shell', 'PYC CFG'],
  ['samples/safetensors/suspicious', 'PYC CFG'],
  ['samples/tensorflow/malicious', 'TFG'],
  ['scenarios/security_scenarios/mixed_malicious_model/model.pkl', 'PKL'],
]

/** Beginnings of paths of harmless samples. */
export const HARMLESS: readonly string[] = [
  'samples/archives/safe',
  'samples/jinja2/benign',
  'samples/jinja2/standalone/benign',
  'samples/keras/safe',
  'samples/manifests/safe',
  'samples/pickles/safe',
  'samples/pytorch/safe',
  'samples/safetensors/safe',
  'samples/tensorflow/safe',
  'scenarios/license_scenarios/mit_model/',
  'scenarios/license_scenarios/unlicensed_dataset/',
]
