/**
 * Names in a YAML configuration that a program imports and calls.
 *
 * Hydra and NeMo call what stands under `_target_`, MLflow imports what stands under `loader_module`. A class of a
 * framework is what such a key is for; a module of the system is never meant; anything else is code that somebody must
 * bring along.
 *
 * Source: Hydra, "Instantiating objects with Hydra"; MLflow, "MLmodel file"; CVE-2025-23304.
 */

/** What a name is, as far as its beginning says. */
export type TargetKind = 'framework' | 'system' | 'other'

const KEYS: ReadonlySet<string> = new Set(['_target_', '_partial_target_', 'target', 'loader_module', 'class_path'])

/** Packages whose classes such keys are for. */
const FRAMEWORKS = `
accelerate apex audiocraft bitsandbytes collections composer datasets deepspeed diffusers einops espnet fairseq flax
hydra hydra_plugins jax k_diffusion keras ldm lightning lightning_fabric megatron mlflow mmcv mmengine monai nemo
nemo_text_processing numpy omegaconf open_clip optax optimum peft pl_bolts pyannote pytorch_lightning ray rdkit
sentence_transformers sgm sklearn speechbrain tensorflow timm tokenizers torch torch_geometric torchaudio torchmetrics
torchvision transformer_engine transformers trl xformers
`
/** Modules of Python that run, open or load something, and the bare functions that do. */
const SYSTEM = `
__builtin__ __builtins__ _pickle _posixsubprocess asyncio bdb builtins cProfile cPickle cloudpickle code codeop
commands compile ctypes dill eval exec fileinput ftplib getattr http imp importlib io joblib linecache marshal
multiprocessing nt ntpath open operator os pathlib pdb pickle pip pkgutil platform posix posixpath profile pty pydoc
requests runpy setuptools shelve shutil signal site smtplib socket subprocess sys telnetlib tempfile test threading
timeit trace types urllib webbrowser zipimport
`
/** Functions of frameworks that load code or data from elsewhere. */
const LOADERS =
  /^(?:torch\.(?:load|hub|jit|package|utils\.(?:cpp_extension|model_zoo|collect_env))|numpy\.(?:load|f2py|testing)|tensorflow\.(?:io|py_function|numpy_function|saved_model)|keras\.(?:models\.load_model|utils\.get_file)|hydra\.(?:utils\.)?(?:call|instantiate|get_method|get_class|get_object)|datasets\.load_dataset)\b/

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
const FRAMEWORK_NAMES = words(FRAMEWORKS)
const SYSTEM_NAMES = words(SYSTEM)
const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/

/** Whether a program that reads such files calls or imports what stands under the key. */
export function isTarget(key: string, value: string): boolean {
  if (!KEYS.has(key) || !DOTTED.test(value)) return false
  return key === '_target_' || key === '_partial_target_' || key === 'loader_module' || value.includes('.')
}

/** What a name is. @example kindOfTarget('os.system') // 'system' */
export function kindOfTarget(name: string): TargetKind {
  const [first = ''] = name.split('.')
  if (SYSTEM_NAMES.has(first) || LOADERS.test(name)) return 'system'
  return FRAMEWORK_NAMES.has(first) ? 'framework' : 'other'
}
