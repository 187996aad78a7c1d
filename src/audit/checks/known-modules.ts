/**
 * Modules that code of models imports in the ordinary course: the frameworks, arrays, pictures and sound, and what of
 * Python's own library computes, formats and takes paths apart.
 *
 * What is not here is not bad; it is only not looked at, and so the file is not settled.
 */
function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''))
}

/** Of Python itself. `os` and `sys` are here because what they do is listed call by call. */
const OF_PYTHON = words(`
  __future__ abc argparse array ast base64 bisect calendar cmath collections colorsys contextlib contextvars copy
  csv dataclasses datetime decimal difflib enum errno filecmp fractions functools gc getopt glob gzip hashlib heapq html
  importlib inspect io itertools json keyword locale logging math numbers operator os pathlib pprint queue random re
  shutil signal statistics string struct sys tempfile textwrap threading time timeit tokenize traceback types typing
  typing_extensions unicodedata unittest urllib uuid warnings weakref zipfile zlib concurrent asyncio atexit binascii
  builtins bz2 lzma tarfile fnmatch secrets stat platform pkgutil packaging sysconfig copyreg reprlib configparser
  multiprocessing`)
/** Of the frameworks and what stands around them. */
const OF_FRAMEWORKS = words(`
  torch torchvision torchaudio transformers tokenizers safetensors diffusers accelerate peft huggingface_hub datasets
  evaluate timm einops einops_exts numpy scipy sklearn pandas PIL cv2 skimage imageio matplotlib flash_attn xformers
  triton causal_conv1d mamba_ssm fla rotary_embedding_torch apex deepspeed bitsandbytes optimum sentencepiece tiktoken
  sacremoses regex jinja2 yaml tqdm rich tensorflow keras jax jaxlib flax optax chex haiku onnx onnxruntime librosa
  soundfile torchcodec decord av moviepy pydantic omegaconf hydra lightning pytorch_lightning torchmetrics open_clip
  clip sentence_transformers spacy nltk jieba fugashi unidic ipadic unidic_lite rjieba sudachipy pythainlp mlx mlx_lm
  vllm sglang kernels liger_kernel natten torch_scatter torch_geometric torch_sparse networkx numba absl ml_dtypes
  h5py tensorflow_text tensorflow_hub tensorflow_probability gguf compressed_tensors auto_gptq awq quanto hqq
  torchao lm_eval sacrebleu rouge_score jsonlines requests_toolbelt attr attrs filelock colorama tabulate termcolor
  ftfy emoji six mpmath sympy imgaug albumentations kornia monai pycocotools shapely trimesh pyrender smplx ninja
  pytest parameterized zoneinfo webdataset fairseq fairscale megatron nemo espnet speechbrain funasr modelscope
  cpm_kernels xgboost lightgbm catboost joblib lmdb psutil pynvml wandb tensorboard tensorboardX IPython ipywidgets
  seaborn plotly gradio streamlit fire click typer dotenv essentia pyworld parselmouth pypinyin cn2an g2p_en
  phonemizer num2words inflect unidecode Levenshtein editdistance`)
/** Parts of known packages that are not what the package is known for. */
const APART: ReadonlySet<string> = new Set([
  'urllib.request',
  'multiprocessing.connection',
  'torch.utils.cpp_extension',
])

/** Whether model code imports a module in the ordinary course. @example isKnownModule('torch.nn') // true */
export function isKnownModule(name: string): boolean {
  if (APART.has(name)) return false
  const top = name.split('.', 1)[0] ?? ''
  return OF_PYTHON.has(top) || OF_FRAMEWORKS.has(top)
}
