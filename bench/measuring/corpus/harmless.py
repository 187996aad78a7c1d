"""Harmless models, written by the libraries that people write them with."""

import io
import json
import pickle
import warnings

warnings.filterwarnings("ignore")


def arrays(out):
    import numpy as np

    rng = np.random.default_rng(7)
    a = rng.standard_normal((16, 8)).astype("f4")
    np.save(out / "f4.npy", a)
    np.save(out / "fortran.npy", np.asfortranarray(a))
    np.save(out / "big-endian.npy", a.astype(">f8"))
    np.save(out / "bool.npy", a > 0)
    np.save(out / "structured.npy", np.zeros(3, [("x", "f4"), ("y", "i8")]))
    np.save(out / "text.npy", np.array(["a", "bc"]))
    np.save(out / "objects.npy", np.array([{"a": 1}, [1, 2], None], object), allow_pickle=True)
    np.savez(out / "plain.npz", a=a, b=a[0])
    np.savez_compressed(out / "compressed.npz", a=a, b=a[0])
    for protocol in range(6):
        data = {"w": a, "list": [1, 2.5, "x", None, True], "tuple": (1, (2, 3)), "scalar": np.float32(1.5), "bytes": b"ab", "set": {1, 2}}
        (out / f"arrays-{protocol}.pkl").write_bytes(pickle.dumps(data, protocol))
    (out / "objects.pkl").write_bytes(pickle.dumps(np.array([{"a": 1}, [1]], object), 4))
    (out / "random-state.pkl").write_bytes(pickle.dumps(np.random.RandomState(3), 4))
    (out / "generator.pkl").write_bytes(pickle.dumps(np.random.default_rng(3), 4))
    (out / "datetime.pkl").write_bytes(pickle.dumps(np.array(["2020-01-01"], "M8[D]"), 4))


def standard(out):
    import collections
    import datetime
    import decimal
    import fractions
    import pathlib
    import uuid

    values = {
        "ordered": collections.OrderedDict(a=1),
        "default": collections.defaultdict(list, {"a": [1]}),
        "counter": collections.Counter("abca"),
        "deque": collections.deque([1, 2], 5),
        "when": datetime.datetime(2020, 1, 2, 3, tzinfo=datetime.timezone.utc),
        "decimal": decimal.Decimal("1.50"),
        "fraction": fractions.Fraction(1, 3),
        "uuid": uuid.UUID(int=5),
        "path": pathlib.PurePosixPath("a/b"),
        "complex": 1 + 2j,
        "slice": slice(1, 2),
        "range": range(3),
        "bytearray": bytearray(b"xy"),
        "big": 1 << 100,
    }
    for protocol in (2, 4, 5):
        (out / f"standard-{protocol}.pkl").write_bytes(pickle.dumps(values, protocol))


def sklearn_models():
    import numpy as np
    from sklearn import cluster, compose, decomposition, ensemble, feature_extraction, gaussian_process, impute, linear_model
    from sklearn import mixture, model_selection, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree

    rng = np.random.default_rng(5)
    x = rng.standard_normal((60, 4))
    y = (x[:, 0] > 0).astype(int)
    supervised = {
        "logistic": linear_model.LogisticRegression(),
        "ridge": linear_model.Ridge(),
        "lasso": linear_model.LassoCV(cv=3),
        "sgd": linear_model.SGDClassifier(),
        "tree": tree.DecisionTreeClassifier(max_depth=3),
        "forest": ensemble.RandomForestClassifier(5, random_state=1),
        "extra": ensemble.ExtraTreesRegressor(5, random_state=1),
        "boosting": ensemble.GradientBoostingClassifier(n_estimators=5),
        "histogram": ensemble.HistGradientBoostingClassifier(max_iter=5),
        "adaboost": ensemble.AdaBoostClassifier(n_estimators=4),
        "voting": ensemble.VotingClassifier([("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier())]),
        "svc": svm.SVC(),
        "linear-svc": svm.LinearSVC(),
        "knn": neighbors.KNeighborsClassifier(3),
        "bayes": naive_bayes.GaussianNB(),
        "mlp": neural_network.MLPClassifier((4,), max_iter=20),
        "gp": gaussian_process.GaussianProcessRegressor(),
        "pipeline": pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()),
        "columns": pipeline.make_pipeline(compose.ColumnTransformer([("s", preprocessing.MinMaxScaler(), [0, 1])]), svm.SVC()),
        "grid": model_selection.GridSearchCV(linear_model.LogisticRegression(), {"C": [0.1, 1]}, cv=3),
    }
    unsupervised = {
        "pca": decomposition.PCA(2),
        "kmeans": cluster.KMeans(2, n_init=2, random_state=1),
        "mixture": mixture.GaussianMixture(2, random_state=1),
        "imputer": impute.SimpleImputer(),
        "poly": preprocessing.PolynomialFeatures(2),
        "onehot": preprocessing.OneHotEncoder(),
        "isolation": ensemble.IsolationForest(n_estimators=4, random_state=1),
    }
    for name, model in supervised.items():
        yield name, model.fit(x, y)
    for name, model in unsupervised.items():
        yield name, model.fit(np.abs(x).round())
    yield "tfidf", feature_extraction.text.TfidfVectorizer().fit(["a cat sat", "a dog ran"])
    yield "counts", feature_extraction.text.CountVectorizer().fit(["a cat sat", "a dog ran"])


def sklearn_files(out):
    import joblib

    for i, (name, model) in enumerate(sklearn_models()):
        (out / f"sklearn-{name}.pkl").write_bytes(pickle.dumps(model, 4 + i % 2))
        joblib.dump(model, out / f"sklearn-{name}.joblib", compress=(0, 0, 3)[i % 3])
    for method in ("zlib", "gzip", "bz2", "xz", "lzma"):
        joblib.dump({"w": model, "n": 1}, out / f"method-{method}.joblib", compress=(method, 3))


def pandas_files(out):
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 2], "c": ["x", "y", None], "d": pd.to_datetime(["2020-01-01"] * 3)})
    frame.to_pickle(out / "pandas-frame.pkl")
    frame["a"].to_pickle(out / "pandas-series.pkl")
    frame["c"].astype("category").to_pickle(out / "pandas-category.pkl")
    frame.set_index(["a", "c"]).to_pickle(out / "pandas-multi.pkl")


def scipy_files(out):
    import scipy.sparse as sparse

    matrix = sparse.random(8, 8, 0.3, "csr", random_state=1)
    (out / "scipy-csr.pkl").write_bytes(pickle.dumps(matrix, 4))
    (out / "scipy-coo.pkl").write_bytes(pickle.dumps(matrix.tocoo(), 4))
    sparse.save_npz(out / "scipy-csr.npz", matrix)


def torch_files(out):
    import torch

    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
    optimiser = torch.optim.AdamW(net.parameters())
    net(torch.randn(3, 8)).sum().backward()
    optimiser.step()
    torch.save(net.state_dict(), out / "torch-state.pt")
    torch.save(net.state_dict(), out / "torch-state.bin")
    torch.save(net.state_dict(), out / "torch-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 1, "model": net.state_dict(), "optimiser": optimiser.state_dict(), "args": {"lr": 0.1}}, out / "torch-checkpoint.ckpt")
    kinds = (torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.uint8, torch.int64, torch.bool, torch.complex64)
    torch.save({str(kind): torch.zeros(3, dtype=kind) for kind in kinds}, out / "torch-types.pt")
    w = torch.randn(6, 6)
    torch.save({"w": w, "t": w.t(), "slice": w[1:3], "p": torch.nn.Parameter(w), "scalar": torch.tensor(1.0), "empty": torch.empty(0)}, out / "torch-views.pt")
    torch.save([torch.randn(2), (torch.Size([1, 2]), torch.float32, torch.device("cpu"))], out / "torch-list.pt")
    torch.save(torch.sparse_coo_tensor([[0, 1], [1, 0]], [1.0, 2.0], (2, 2)), out / "torch-sparse.pt")
    torch.save(torch.quantize_per_tensor(torch.randn(4), 0.1, 0, torch.qint8), out / "torch-quantised.pt")
    torch.save(net, out / "torch-module.pt")
    torch.jit.save(torch.jit.trace(net.eval(), torch.randn(3, 8)), out / "torch-script.pt")


def onnx_files(out):
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper

    weights = np.arange(8, dtype="f4").reshape(4, 2)
    x = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 4])
    y = helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1, 2])
    nodes = [helper.make_node("MatMul", ["x", "w"], ["z"]), helper.make_node("Relu", ["z"], ["y"])]
    graph = helper.make_graph(nodes, "g", [x], [y], [numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    onnx.save(model, out / "small.onnx")
    (out / "onnx-external").mkdir()
    onnx.save_model(model, out / "onnx-external/model.onnx", save_as_external_data=True, location="model.onnx.data", size_threshold=0)


def h5_files(out):
    import h5py
    import numpy as np

    a = np.arange(64, dtype="f4").reshape(8, 8)
    with h5py.File(out / "plain.h5", "w") as file:
        file["w"] = a
        file.create_dataset("chunked", data=a, chunks=(4, 4), compression="gzip", shuffle=True)
        file.create_group("g/h").attrs["note"] = "text"
        file["soft"] = h5py.SoftLink("/w")
    with h5py.File(out / "latest.h5", "w", libver="latest") as file:
        file["w"] = a
        file.create_dataset("chunked", data=a, chunks=(4, 4), maxshape=(None, 8), fletcher32=True)


def keras_files(out):
    import os

    os.environ["KERAS_BACKEND"] = "torch"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4, "relu"), keras.layers.BatchNormalization(), keras.layers.Dropout(0.1), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    model.save(out / "dense.keras")
    model.save(out / "dense.h5")
    model.save_weights(out / "dense.weights.h5")
    image = keras.Input((8, 8, 3))
    hidden = keras.layers.Conv2D(4, 3, activation="relu")(image)
    functional = keras.Model(image, keras.layers.Dense(2)(keras.layers.Flatten()(hidden)))
    functional.save(out / "functional.keras")
    text = keras.Sequential([keras.Input((5,)), keras.layers.Embedding(10, 4), keras.layers.Bidirectional(keras.layers.LSTM(3)), keras.layers.Dense(1)])
    text.save(out / "text.keras")


def skops_files(out):
    from skops import io as sio

    for name, model in list(sklearn_models())[:6]:
        sio.dump(model, out / f"sklearn-{name}.skops")


def msgpack_files(out):
    import flax.serialization
    import numpy as np

    (out / "flax.msgpack").write_bytes(flax.serialization.to_bytes({"params": {"w": np.ones((2, 3), "f4"), "b": np.zeros(3, "f2")}, "step": 3}))


def folder_files(out):
    import safetensors.numpy
    import numpy as np

    hub = out / "hub-folder"
    hub.mkdir()
    safetensors.numpy.save_file({"model.embed_tokens.weight": np.zeros((8, 4), "f4")}, hub / "model.safetensors", {"format": "pt"})
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4, "vocab_size": 8, "torch_dtype": "float32", "transformers_version": "4.44.0"}
    (hub / "config.json").write_text(json.dumps(config))
    (hub / "generation_config.json").write_text(json.dumps({"bos_token_id": 1, "eos_token_id": 2}))
    template = "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% endfor %}"
    (hub / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer", "chat_template": template, "model_max_length": 128}))
    (hub / "README.md").write_text("---\nlicense: apache-2.0\n---\n# A model\n")
    (hub / "LICENSE").write_text("Apache License\nVersion 2.0, January 2004\n")


WRITERS = (arrays, standard, sklearn_files, pandas_files, scipy_files, torch_files, onnx_files, h5_files, keras_files, skops_files, msgpack_files, folder_files)


def write_harmless(out):
    """Writes what the installed libraries can write; gives what could not be written and why."""
    missing = []
    for write in WRITERS:
        try:
            write(out)
        except Exception as error:
            missing.append(f"{write.__name__}: {type(error).__name__}: {str(error)[:120]}")
    return missing
