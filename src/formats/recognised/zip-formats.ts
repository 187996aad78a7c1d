/**
 * Formats that are zip files, told apart by the names of their members.
 */
import type { RecognisedFormat } from './recognised-format.ts'
import { any } from './signatures.ts'
import { zipHolding } from './zip-names.ts'

const PICKLE = 'Holds a pickle that runs whatever it names when it is loaded.'

/** See the module. */
export const ZIP_FORMATS: readonly RecognisedFormat[] = [
  {
    id: 'torchscript',
    title: 'TorchScript archive',
    kind: 'code-model',
    extensions: ['.pt', '.pth', '.ptl', '.torchscript', '.bin'],
    magic: zipHolding(/(^|\/)constants\.pkl$/),
    danger: 'Carries code in TorchScript and pickles; a loader of weights hands it to the interpreter.',
  },
  {
    id: 'torch-package',
    title: 'torch.package archive',
    kind: 'code-model',
    extensions: ['.pt', '.pth', '.package'],
    magic: zipHolding(/(^|\/)\.data\/extern_modules$/),
    danger: 'Carries Python source that is imported when it is loaded.',
  },
  {
    id: 'torch-export',
    title: 'PyTorch export archive (PT2)',
    kind: 'code-model',
    extensions: ['.pt2', '.ep'],
    magic: any(zipHolding(/(^|\/)archive_format$/), zipHolding(/serialized_exported_program\.json$/)),
    danger: 'May carry compiled libraries (AOTInductor) and pickled constants.',
  },
  {
    id: 'torch-zip',
    title: 'PyTorch checkpoint (zip)',
    kind: 'code-model',
    extensions: ['.pt', '.pth', '.bin', '.ckpt', '.pkl', '.tar'],
    magic: zipHolding(/(^|\/)data\.pkl$/),
    danger: PICKLE,
  },
  {
    id: 'keras-zip',
    title: 'Keras v3 model',
    kind: 'code-model',
    extensions: ['.keras'],
    magic: any(zipHolding(/^model\.weights\.h5$/), zipHolding(/^config\.json$/, /^metadata\.json$/)),
    danger: 'Its configuration names classes that are built when it is loaded; a Lambda layer carries code.',
  },
  {
    id: 'skops',
    title: 'skops model',
    kind: 'code-model',
    extensions: ['.skops'],
    magic: zipHolding(/^schema\.json$/),
    danger: 'Its schema names Python classes that are built when it is loaded.',
  },
  {
    id: 'torch-model-archive',
    title: 'TorchServe model archive',
    kind: 'code-model',
    extensions: ['.mar'],
    magic: zipHolding(/^MAR-INF\/MANIFEST\.json$/),
    danger: 'Carries Python handlers and often pickled weights.',
  },
  {
    id: 'h2o-mojo',
    title: 'H2O MOJO',
    kind: 'model',
    extensions: ['.mojo', '.zip'],
    magic: zipHolding(/(^|\/)model\.ini$/),
    danger: 'Trees and tables in a private form.',
  },
  {
    id: 'deeplearning4j',
    title: 'Deeplearning4j model',
    kind: 'code-model',
    extensions: ['.zip', '.dl4j'],
    magic: zipHolding(/^coefficients\.bin$/),
    danger: 'Its configuration names Java classes.',
  },
  {
    id: 'mlnet',
    title: 'ML.NET model',
    kind: 'code-model',
    extensions: ['.zip', '.mlnet'],
    magic: zipHolding(/^TransformerChain\//),
    danger: 'Its entries name .NET types that are built when it is loaded.',
  },
  {
    id: 'stable-baselines',
    title: 'Stable-Baselines3 policy',
    kind: 'code-model',
    extensions: ['.zip'],
    magic: zipHolding(/^_stable_baselines3_version$/),
    danger: 'Holds pickled objects and weights.',
  },
  {
    id: 'tflite-bundle',
    title: 'MediaPipe task bundle',
    kind: 'model',
    extensions: ['.task', '.zip'],
    magic: zipHolding(/\.tflite$/),
    danger: 'Holds TensorFlow Lite models, which may name custom operators.',
  },
  {
    id: 'npz',
    title: 'NumPy arrays (npz)',
    kind: 'code-model',
    extensions: ['.npz'],
    magic: zipHolding(/\.npy$/),
    danger: 'An array of objects in it is a pickle.',
  },
  {
    id: 'core-ml-package',
    title: 'Core ML package (zip)',
    kind: 'model',
    extensions: ['.zip', '.mlpackage'],
    magic: zipHolding(/\.mlmodel$/),
    danger: 'May name custom layers that need native code.',
  },
  {
    id: 'python-package',
    title: 'Python wheel or egg',
    kind: 'executable',
    extensions: ['.whl', '.egg', '.pyz', '.zip'],
    magic: any(zipHolding(/\.dist-info\//), zipHolding(/^EGG-INFO\//), zipHolding(/^__main__\.py$/)),
    danger: 'Carries Python code and may carry native libraries.',
  },
  {
    id: 'java-archive',
    title: 'Java or Android archive',
    kind: 'executable',
    extensions: ['.jar', '.apk', '.aar', '.war'],
    magic: any(zipHolding(/^META-INF\/MANIFEST\.MF$/), zipHolding(/^AndroidManifest\.xml$/)),
    danger: 'Carries bytecode.',
  },
  {
    id: 'office-document',
    title: 'Office document',
    kind: 'side-file',
    extensions: ['.docx', '.xlsx', '.pptx', '.odt', '.ods', '.epub'],
    magic: any(zipHolding(/^\[Content_Types\]\.xml$/), zipHolding(/^mimetype$/)),
    danger: 'May carry macros.',
  },
]
