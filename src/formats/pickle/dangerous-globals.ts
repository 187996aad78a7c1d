/**
 * Globals that are known to be dangerous when a pickle refers to them, and why.
 *
 * A list like this one never clears anything: whoever wants to get past it finds a name that is not on it. It only
 * says *how* bad a name is that stands in the listing, and each entry names the anomaly and with it the rule that
 * explains it. `*` stands for every name of a module and of its submodules; an exact name goes before it.
 *
 * Source: the documentation of the modules named; published advisories on picklescan, fickling, torch and numpy.
 */
import type { PickleAnomaly } from './anomalies.ts'

/** An anomaly code that a dangerous global can have. */
export type DangerCode = Extract<
  PickleAnomaly,
  'pkl-executes-code' | 'pkl-builds-code' | 'pkl-resolver' | 'pkl-system-access' | 'pkl-loads-more' | 'pkl-disarms'
>

/** Names of some modules (`*`: all of them) and what they are known for. */
export interface DangerousGlobals {
  readonly code: DangerCode
  readonly modules: readonly string[]
  readonly names: readonly string[]
  /** Completes the sentence "it …". */
  readonly why: string
}

const PYTHON = 'builtins __builtin__ __builtins__'
const SYSTEM = 'os posix nt'

/** Modules and names as words; no names are all names. */
interface Words {
  readonly modules: string
  readonly names?: string
}

function entry(code: DangerCode, why: string, { modules, names = '*' }: Words): DangerousGlobals {
  return { code, modules: modules.trim().split(/\s+/), names: names.trim().split(/\s+/), why }
}

/** See the module. */
export const DANGEROUS_GLOBALS: readonly DangerousGlobals[] = [
  entry('pkl-executes-code', 'runs Python code', {
    modules: PYTHON,
    names: 'eval exec execfile compile __import__ breakpoint input help apply',
  }),
  entry('pkl-executes-code', 'starts a program', {
    modules: SYSTEM,
    names: `system popen popen2 popen3 popen4 startfile fork forkpty posix_spawn posix_spawnp execl execle execlp execlpe
     execv execve execvp execvpe _execvpe spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe spawnvef`,
  }),
  entry('pkl-executes-code', 'starts a program or native code', {
    modules: `subprocess commands popen2 _posixsubprocess _winapi pty asyncio.subprocess asyncio.unix_events multiprocessing
     distutils.spawn distutils.file_util setuptools ctypes _ctypes cffi`,
  }),
  entry('pkl-executes-code', 'runs Python code that it is given', {
    modules: `runpy code codeop bdb pdb doctest timeit trace profile cProfile lib2to3 idlelib cgitb test.support unittest
     IPython py_compile compileall ensurepip venv _pyrepl rlcompleter zipapp`,
  }),
  entry('pkl-executes-code', 'starts a program', {
    modules: 'uuid platform',
    names: '_get_command_stdout _popen popen _syscmd_file _syscmd_ver _syscmd_uname',
  }),
  entry('pkl-executes-code', 'starts a program', { modules: 'pydoc', names: 'pipepager tempfilepager pager help' }),
  entry('pkl-executes-code', 'runs Python code', { modules: 'numpy.testing', names: 'runstring rundocs measure' }),
  entry('pkl-executes-code', 'runs Python code', {
    modules: 'numpy.testing._private.utils',
    names: 'runstring rundocs measure',
  }),
  entry('pkl-executes-code', 'evaluates text or starts a compiler', { modules: 'numpy.f2py numpy.distutils' }),
  entry('pkl-executes-code', 'evaluates text, compiles code or starts a program', {
    modules: `torch.utils.collect_env torch.utils.bottleneck torch.utils._config_module torch.jit.unsupported_tensor_ops
     torch._dynamo torch._inductor torch.fx.experimental torch.utils.cpp_extension torch.distributed.rpc
     torch.utils.data.datapipes.utils.decoder`,
  }),
  entry('pkl-executes-code', 'can start a program or load native code', {
    modules: 'imaplib logging.config webbrowser antigravity sqlite3 _sqlite3',
  }),
  entry('pkl-executes-code', 'evaluates an expression', {
    modules: 'pandas pandas.core pandas.core.frame pandas.core.computation.eval',
    names: 'eval DataFrame.query DataFrame.eval',
  }),
  entry('pkl-builds-code', 'builds a code object, function or module', {
    modules: 'types',
    names: 'CodeType FunctionType LambdaType MethodType ModuleType',
  }),
  entry('pkl-builds-code', 'builds functions or code objects out of data', {
    modules: `marshal new dill cloudpickle joblib.externals.cloudpickle ray.cloudpickle pyspark.cloudpickle torch.package
     torch.fx.graph_module codetransformer bytecode`,
  }),
  entry('pkl-resolver', 'reaches any attribute or calls any function', {
    modules: PYTHON,
    names: `getattr setattr delattr globals locals vars type super classmethod staticmethod property map filter memoryview`,
  }),
  entry('pkl-resolver', 'reaches any attribute or calls any method', {
    modules: 'operator _operator',
    names: 'attrgetter methodcaller itemgetter call',
  }),
  entry('pkl-resolver', 'calls any function', {
    modules: 'functools _functools',
    names: 'partial partialmethod reduce singledispatch cached_property wraps',
  }),
  entry('pkl-resolver', 'imports any module, reaches the running program or calls any function', {
    modules: `importlib _frozen_importlib _frozen_importlib_external imp zipimport pkgutil inspect gc sys atexit _thread thread
     asyncio sched signal`,
  }),
  entry('pkl-resolver', 'imports any module', { modules: 'pydoc', names: 'locate resolve safeimport importfile' }),
  entry('pkl-resolver', 'builds a class out of text', { modules: 'collections', names: 'namedtuple' }),
  entry('pkl-resolver', 'imports and calls whatever it is told', {
    modules: 'hydra.utils hydra._internal hydra._internal.utils',
    names: 'instantiate call get_method get_class get_object _locate',
  }),
  entry('pkl-system-access', 'opens a file', {
    modules: `${PYTHON} io _io codecs tokenize _pyio`,
    names: 'open open_code file FileIO OpenWrapper',
  }),
  entry('pkl-system-access', 'reads or changes files or the system', {
    modules: `${SYSTEM} shutil tempfile fileinput linecache mmap tarfile zipfile gzip bz2 lzma shelve dbm fcntl resource pwd
     getpass msvcrt winreg _winreg filecmp glob`,
  }),
  entry('pkl-system-access', 'uses the network', {
    modules: `socket _socket socketserver ssl _ssl select http httplib urllib urllib2 urllib3 requests aiohttp httpx ftplib
     smtplib poplib telnetlib nntplib xmlrpc xmlrpclib paramiko fabric boto3 botocore s3fs gcsfs fsspec websocket
     websockets zmq grpc wsgiref asyncore asynchat`,
  }),
  entry('pkl-system-access', 'reads or changes files', {
    modules: 'pathlib pathlib._local',
    names: `Path.open Path.write_text Path.write_bytes Path.read_text Path.read_bytes Path.unlink Path.rmdir Path.rename`,
  }),
  entry('pkl-system-access', 'writes to files or the network', {
    modules: 'logging logging.handlers',
    names: `FileHandler SocketHandler DatagramHandler HTTPHandler SMTPHandler RotatingFileHandler TimedRotatingFileHandler
     WatchedFileHandler basicConfig`,
  }),
  entry('pkl-system-access', 'reads or writes files', {
    modules: 'numpy numpy.lib numpy.lib.npyio numpy.core.multiarray numpy._core.multiarray',
    names: 'fromfile tofile memmap save savez savetxt genfromtxt loadtxt DataSource fromregex',
  }),
  entry('pkl-loads-more', 'installs or downloads something', {
    modules: `pip pip._internal pip._vendor easy_install conda torch.hub torch.utils.model_zoo huggingface_hub modelscope.hub
     kaggle gdown wget nltk.downloader spacy.cli gensim.downloader site tensorflow_hub`,
  }),
  entry('pkl-loads-more', 'loads a second artefact', {
    modules: `torch torch.serialization torch.jit torch.jit._serialization torch.export torch._export torch._C torch.storage`,
    names: 'load jit_load _load _legacy_load import_ir_module _load_from_bytes load_inline load_library',
  }),
  entry('pkl-loads-more', 'loads a second artefact', {
    modules: `pickle _pickle cPickle pickletools joblib joblib.numpy_pickle sklearn.externals.joblib numpy numpy.lib.npyio
     pandas pandas.io pandas.io.pickle pandas.io.parsers dask polars jsonpickle yaml srsly skops.io plistlib`,
    names: `load loads load_all unsafe_load full_load Unpickler _Unpickler read_pickle read_csv read_json read_hdf
     read_parquet read_excel read_html read_table decode`,
  }),
  entry('pkl-loads-more', 'loads a second artefact', {
    modules: 'mlflow mlflow.pyfunc mlflow.projects',
    names: 'load_model load_pyfunc run',
  }),
  entry('pkl-loads-more', 'loads a second artefact', {
    modules: `keras keras.models keras.saving keras.src.saving tensorflow.keras.models tensorflow.python.keras.models
     tensorflow.saved_model tensorflow transformers transformers.pipelines datasets datasets.load
     sentence_transformers diffusers`,
    names: `load_model model_from_json model_from_yaml deserialize_keras_object load load_library load_op_library pipeline
     load_dataset AutoModel.from_pretrained AutoTokenizer.from_pretrained`,
  }),
  entry('pkl-executes-code', 'evaluates text', {
    modules: `sympy sympy.core.sympify sympy.parsing sympy.parsing.sympy_parser sympy.utilities.lambdify numexpr
     numexpr.necompiler cython Cython.Build pyodide.code`,
    names: 'sympify S parse_expr lambdify evaluate re_evaluate validate inline cython_inline eval_code run_js',
  }),
  entry('pkl-executes-code', 'renders templates, which can run code', {
    modules: 'jinja2 jinja2.environment jinja2.nativetypes mako mako.template tornado.template django.template',
    names: 'Template Environment NativeTemplate Environment.from_string',
  }),
  entry('pkl-executes-code', 'runs programs or the code of another language', {
    modules: `invoke sh pexpect plumbum appscript win32com js2py execjs lupa rpy2 oct2py matlab.engine weave scipy.weave
     triton pyopencl pycuda git docker kubernetes selenium pyautogui streamlit gradio ray turtle antigravity cgi mailcap`,
  }),
  entry('pkl-executes-code', 'starts a program or native code', {
    modules: 'psutil cupy cupy._core cupy.cuda torch.ops torch._ops torch.classes torch._classes',
    names: 'Popen RawKernel RawModule compile_with_cache load_library _Ops.load_library _Classes.load_library',
  }),
  entry('pkl-resolver', 'calls later what it is given', {
    modules: 'weakref contextlib threading concurrent.futures concurrent.futures.process concurrent.futures.thread',
    names: 'finalize ExitStack AsyncExitStack Thread Timer ProcessPoolExecutor ThreadPoolExecutor',
  }),
  entry('pkl-loads-more', 'loads or downloads a second artefact', {
    modules: `gensim.utils statsmodels.iolib.smpickle spacy nltk nltk.data evaluate onnx onnxruntime pyspark.serializers
     scipy.io scipy.io.matlab sklearn.datasets xml.etree.ElementTree xml.sax xml.dom.minidom`,
    names: `unpickle load_pickle load download find InferenceSession CloudPickleSerializer.loads loadmat load_files
     fetch_openml fetch_20newsgroups fetch_california_housing parse XML fromstring parseString`,
  }),
  entry('pkl-system-access', 'reads or writes files', {
    modules: `torch torch.serialization torch.onnx torch.onnx.utils matplotlib.pyplot bokeh.io diskcache joblib
     joblib.memory PIL.Image cv2 google.cloud.storage`,
    names: 'save export savefig imsave Cache Memory open imread imwrite Client',
  }),
  entry('pkl-disarms', 'belongs to a scanner', {
    modules: 'picklescan modelscan modelaudit fickling clamd pyclamd guardian_client',
  }),
]
