/**
 * Functions through which a program reaches the machine that it runs on.
 *
 * Names are those of {@link canonicalName}; a name with a star at its end stands for all that begin so. The results of
 * calls are listed by their own name and `()`, methods of them by what follows.
 */
import type { CodeKind } from '../facts.ts'

const NAMES: Readonly<Partial<Record<CodeKind, string>>> = {
  execution: `
    builtins.eval builtins.exec builtins.execfile builtins.compile builtins.object.__subclasses__
    code.interact code.InteractiveInterpreter* code.InteractiveConsole*
    codeop.* runpy.run_path runpy.run_module runpy._run_code types.FunctionType types.CodeType types.LambdaType
    types.ModuleType().__dict__* marshal.loads marshal.load imp.load_source imp.load_module imp.load_compiled
    imp.load_dynamic importlib.machinery.SourceFileLoader* importlib.machinery.SourcelessFileLoader*
    importlib.machinery.ExtensionFileLoader* importlib.util.spec_from_file_location
    importlib.util.spec_from_loader importlib.util.module_from_spec().__loader__* importlib._bootstrap*
    timeit.timeit timeit.repeat timeit.Timer* cProfile.run cProfile.runctx profile.run profile.runctx trace.Trace*
    pdb.run pdb.runeval bdb.* zipimport.* torch.hub.load torch.package.PackageImporter*
    pandas.eval numexpr.evaluate jinja2.Template* mako.template.Template* IPython.get_ipython* dill.loads dill.load
    cloudpickle.loads cloudpickle.load lib2to3.pgen2.pgen* _testcapi.*
    idlelib.* numpy.f2py* numpy.testing._private.utils.runstring torch._inductor.codecache.* torch.jit.unsupported*
    torch.fx.graph_module._exec* sympy.sympify numba.core.*`,
  process: `
    os.system os.popen os.popen2 os.popen3 os.popen4 os.exec* os.spawn* os.posix_spawn* os.fork os.forkpty
    os.startfile os.kill os.killpg os.setuid os.setgid subprocess.* commands.* popen2.* pty.* asyncio.create_subprocess_*
    asyncio.subprocess.* pexpect.* sh.* plumbum.* fabric.* invoke.run pip.* pip._internal* ensurepip.*
    distutils.spawn* webbrowser.* antigravity* psutil.Popen* win32api.* win32process.* winreg.*
    multiprocessing.util.spawnv_passfds multiprocessing.popen_fork* torch.distributed.rpc.* torch.utils.collect_env.run
    torch.utils.bottleneck.* crontab.* os.posix_openpt`,
  network: `
    socket.socket* socket.create_connection* socket.create_server* socket.getaddrinfo socket.gethostbyname
    socketserver.* ssl.wrap_socket urllib.request.urlopen* urllib.request.urlretrieve urllib.request.build_opener*
    urllib.request.Request* urllib.urlopen* urllib.urlretrieve requests.* httpx.* aiohttp.* http.client.* http.server.*
    httplib.* httplib2.* ftplib.* smtplib.* telnetlib.* poplib.* imaplib.* nntplib.* xmlrpc.* websocket.* websockets.*
    paramiko.* pycurl.* boto3.* botocore.* wget.* urllib3.* dns.* tornado.httpclient.* asyncio.open_connection
    asyncio.start_server grpc.* zmq.* pika.* kafka.* redis.* pymongo.* psycopg2.* mysql.* slack_sdk.* telegram.*
    discord.* scapy.* nmap.*`,
  draw: `
    huggingface_hub.hf_hub_download huggingface_hub.snapshot_download huggingface_hub.cached_download
    huggingface_hub.hf_hub_url torch.hub.load_state_dict_from_url torch.hub.download_url_to_file
    torch.utils.model_zoo.load_url gdown.* torch.load pickle.loads pickle.load pickle.Unpickler* joblib.load
    shelve.open yaml.load yaml.unsafe_load yaml.full_load pandas.read_pickle transformers.utils.hub.cached_file
    keras.utils.get_file tensorflow.keras.utils.get_file torchvision.datasets.utils.download_url
    builtins.globals()[] builtins.__import__ importlib.import_module pydoc.locate pkgutil.resolve_name numpy.load`,
  credential: `
    keyring.* getpass.getpass netrc.netrc* win32crypt.* browser_cookie3.* huggingface_hub.HfFolder.get_token
    huggingface_hub.get_token secretstorage.*`,
  file: `
    os.remove os.unlink os.rmdir os.removedirs os.rename os.replace os.chmod os.chown os.link os.symlink os.truncate
    os.mkfifo os.mknod shutil.rmtree shutil.move shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.chown
    pathlib.Path().write_text pathlib.Path().write_bytes pathlib.Path().unlink pathlib.Path().chmod
    pathlib.Path().symlink_to pathlib.Path().rename`,
  hook: `
    sys.settrace sys.setprofile sys.addaudithook sys._setprofile threading.settrace threading.setprofile
    sys.meta_path.insert sys.meta_path.append sys.path_hooks.insert sys.path_hooks.append site.addsitedir
    site.addpackage codecs.register`,
  native: `
    ctypes.* _ctypes.* cffi.* torch.ops.load_library torch.classes.load_library torch.utils.cpp_extension.*
    numpy.ctypeslib.* tensorflow.load_op_library tensorflow.load_library cppyy.* pybind11.* weave.* mmap.mmap
    onnxruntime.SessionOptions().register_custom_ops_library jax.ffi.* llvmlite.* keystone.* unicorn.*`,
}

interface Table {
  readonly exact: ReadonlyMap<string, CodeKind>
  readonly beginnings: readonly (readonly [beginning: string, kind: CodeKind])[]
}

function buildTable(): Table {
  const exact = new Map<string, CodeKind>()
  const beginnings: (readonly [string, CodeKind])[] = []
  for (const [kind, names] of Object.entries(NAMES) as (readonly [CodeKind, string])[]) {
    for (const name of names.split(/\s+/).filter((each) => each !== '')) {
      if (name.endsWith('*')) beginnings.push([name.slice(0, -1), kind])
      else exact.set(name, kind)
    }
  }
  return { exact, beginnings: beginnings.toSorted(([a], [b]) => b.length - a.length) }
}

const TABLE = buildTable()
/** What stands under a listed beginning and does nothing of the kind. */
const HARMLESS =
  /^(?:requests\.(?:exceptions|utils|compat|structures|models|adapters|status_codes|codes|__version__|Response)|subprocess\.(?:PIPE|DEVNULL|STDOUT|CalledProcessError|TimeoutExpired|SubprocessError)|socket\.(?:error|timeout|gaierror|AF_INET|SOCK_STREAM)|torch\.utils\.cpp_extension\.(?:CUDA_HOME|ROCM_HOME)|ctypes\.(?:c_\w+|sizeof|util$)|grpc\.experimental|httpx\.\w*Error|aiohttp\.\w*Error|urllib3\.(?:exceptions|util|__version__)|botocore\.exceptions)/

/** What kind of function a canonical name is, when it is listed. @example sinkOf('os.system') // 'process' */
export function sinkOf(name: string): CodeKind | undefined {
  const exact = TABLE.exact.get(name)
  if (exact !== undefined) return exact
  if (name === 'os.*' || name === 'builtins.*') return 'execution'
  if (HARMLESS.test(name)) return undefined
  return TABLE.beginnings.find(([beginning]) => name.startsWith(beginning))?.[1]
}

/** Whether calling what a name gives, or a method of it, was listed where the name itself was called. */
export function isFollowUp(name: string): boolean {
  const at = name.indexOf('()')
  return at > 0 && sinkOf(name.slice(0, at)) !== undefined
}

/** Paths of files that hold secrets, as they stand in programs that look for them. */
export const SECRET_PATHS =
  /\.ssh\/|id_(?:rsa|dsa|ecdsa|ed25519)\b|\.aws\/(?:credentials|config)|\/etc\/(?:shadow|passwd|sudoers)|\.netrc\b|\.git-credentials|\.kube\/config|\.docker\/config\.json|\.pgpass|huggingface\/token|\.huggingface\/|\.bash_history|\.gnupg\/|wallet\.dat|Login Data|Local State|\/proc\/self\/environ|\.config\/gcloud|\.azure\/|\.npmrc\b|\.pypirc\b/
/** Paths of files that run by themselves. */
export const STARTING_PATHS =
  /authorized_keys|\/etc\/(?:cron|init\.d|systemd|profile|ld\.so)|\.(?:bashrc|bash_profile|zshrc|profile|xinitrc)\b|crontab|LaunchAgents|Start Menu|sitecustomize|usercustomize/
/** Names of variables that hold secrets. */
export const SECRET_VARIABLES =
  /(?:^|_)(?:TOKENS?|SECRETS?|PASSWORD|PASSWD|PWD|API_?KEY|ACCESS_KEY|CREDENTIALS?|PRIVATE_KEY)(?:_|$)/i
