/** The formats over which the rules of pickles are run. */

/** Formats that are pickles or hold some. */
export const PICKLE_FORMATS: readonly string[] = [
  'pickle',
  'npy',
  'torch-zip',
  'torch-legacy',
  'torchscript',
  'torch-package',
  'torch-tar',
  'stable-baselines',
]
