/** Endings under which checkpoints of torch are found; several of them are shared with other formats. */

/** See the module. */
export const TORCH_ENDINGS: readonly string[] = [
  '.pt',
  '.pth',
  '.bin',
  '.ckpt',
  '.pkl',
  '.tar',
  '.model',
  '.t7',
  '.weights',
]
