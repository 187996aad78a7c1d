"""Writes classes-sklearn.ts, classes-scipy.ts and classes-torch.ts: classes that NEWOBJ and BUILD rebuild without running code of their own.

/opt/venv/bin/python src/formats/pickle/policy/make-classes.py

A class is listed when it is built by object.__new__, pickled by object.__reduce_ex__, has no __del__, and its state goes
into its __dict__: it has no __setstate__, or one of those named in VETTED, which were read. Functions are listed to be
named as values, never to be called.
"""
import importlib
import inspect
import pathlib
import pkgutil
import warnings

warnings.simplefilter("ignore")

# Each of these puts its dict into __dict__, checks a version or fills in defaults, and calls nothing that it is given.
VETTED = {
    "BaseEstimator.__setstate__",
    "Module.__setstate__",
    "MultiheadAttention.__setstate__",
    "TransformerEncoderLayer.__setstate__",
    "TransformerDecoderLayer.__setstate__",
    "RNNBase.__setstate__",
    "_ConvNd.__setstate__",
    "Softmax.__setstate__",
    "LogSoftmax.__setstate__",
    "Softmin.__setstate__",
    "Upsample.__setstate__",
    "AvgPool3d.__setstate__",
}
# These go through `state` and `param_groups` as dicts; the signature says that they must be.
OPTIMIZERS = {
    f"{name}.__setstate__"
    for name in "Optimizer Adam AdamW SGD RMSprop Adagrad Adadelta Adamax ASGD NAdam RAdam Rprop".split()
}
SKIPPED = ("test", "conftest", "externals", "_build_utils", "quantized", "qat", "intrinsic", "setup", "experimental", "datasets", "linalg", "csgraph")


def is_plain(cls, vetted=VETTED):
    setstate = getattr(cls, "__setstate__", None)
    return (
        cls.__reduce_ex__ is object.__reduce_ex__
        and cls.__reduce__ is object.__reduce__
        and cls.__new__ is object.__new__
        and not hasattr(cls, "__getnewargs__")
        and not hasattr(cls, "__getnewargs_ex__")
        and not hasattr(cls, "__del__")
        and cls.__dictoffset__ != 0
        and (setstate is None or setstate.__qualname__ in vetted)
    )


def modules(package):
    yield package
    root = importlib.import_module(package)
    for info in pkgutil.walk_packages(root.__path__, package + "."):
        if not any(part.startswith(SKIPPED) or part in SKIPPED for part in info.name.split(".")):
            yield info.name


def listed(packages, take):
    lines = []
    for package in packages:
        for name in modules(package):
            try:
                module = importlib.import_module(name)
            except Exception:
                continue
            own = [(n, v) for n, v in vars(module).items() if getattr(v, "__module__", None) == name and n.isidentifier()]
            names = sorted(n for n, v in own if getattr(v, "__qualname__", "") == n and take(v))
            if names:
                lines.append(f"{name}: {' '.join(names)}")
    return sorted(set(lines))


def write(name, constants, source):
    here = pathlib.Path(__file__).parent
    parts = [f"/** Written by make-classes.py from {source}; do not edit. */\n"]
    for constant, about, lines in constants:
        body = "".join(f"  '{line}',\n" for line in lines)
        parts.append(f"/** {about} */\nexport const {constant}: readonly string[] = [\n{body}]\n")
    (here / name).write_text("\n".join(parts))


def is_class(value):
    return inspect.isclass(value) and is_plain(value)


def is_optimizer(value):
    import torch

    return inspect.isclass(value) and issubclass(value, torch.optim.Optimizer) and is_plain(value, OPTIMIZERS)


def is_distribution(value):
    from scipy.stats._distn_infrastructure import rv_generic

    return inspect.isclass(value) and issubclass(value, rv_generic) and value.__setstate__ is rv_generic.__setstate__


def main():
    import scipy
    import sklearn
    import torch

    functions = [
        "sklearn.metrics",
        "sklearn.feature_selection",
        "sklearn.cluster",
        "sklearn.decomposition",
        "sklearn.gaussian_process",
    ]
    write(
        "classes-sklearn.ts",
        [
            ("SKLEARN_CLASSES", "Plain classes.", listed(["sklearn"], is_class)),
            ("SKLEARN_FUNCTIONS", "Functions that are named as parameters.", listed(functions, inspect.isfunction)),
        ],
        f"scikit-learn {sklearn.__version__}",
    )
    plain = ["scipy.sparse", "scipy.interpolate", "scipy.stats"]
    write(
        "classes-scipy.ts",
        [
            ("SCIPY_CLASSES", "Plain classes.", listed(plain, is_class)),
            ("SCIPY_DISTRIBUTIONS", "Distributions.", listed(["scipy.stats"], is_distribution)),
        ],
        f"scipy {scipy.__version__}",
    )
    write(
        "classes-torch.ts",
        [
            ("TORCH_CLASSES", "Plain classes.", listed(["torch.nn.modules", "torch.optim"], is_class)),
            ("TORCH_OPTIMIZERS", "Optimisers.", listed(["torch.optim"], is_optimizer)),
            ("TORCH_FUNCTIONS", "Functions that are named as parameters.", ["torch.nn.functional: " + " ".join(sorted(n for n, v in vars(torch.nn.functional).items() if inspect.isfunction(v) and v.__module__ == "torch.nn.functional"))]),
        ],
        f"torch {torch.__version__.split('+')[0]}",
    )


main()
