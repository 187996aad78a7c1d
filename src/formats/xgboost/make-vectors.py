"""Writes vectors.json: models as XGBoost, LightGBM and fastText save them.

python3 src/formats/xgboost/make-vectors.py > src/formats/xgboost/vectors.json

Wants the packages xgboost, lightgbm, fasttext and numpy. Each vector is {name, base64}; the name is that of the file.
"""
import base64
import json
import os
import tempfile

import fasttext
import lightgbm
import numpy as np
import xgboost

FOLDER = tempfile.mkdtemp()


def path(name):
    return os.path.join(FOLDER, name)


def trees():
    rng = np.random.RandomState(0)
    x = rng.rand(40, 3)
    y = (x[:, 0] > 0.5).astype(int)
    data = xgboost.DMatrix(x, label=y, feature_names=["a", "b", "c"])
    for name, parameters in {
        "tree": {"objective": "binary:logistic", "max_depth": 2},
        "linear": {"booster": "gblinear", "objective": "reg:squarederror"},
        "dart": {"booster": "dart", "max_depth": 1, "objective": "reg:squarederror"},
    }.items():
        model = xgboost.train(parameters, data, 2)
        model.save_model(path(f"{name}.json"))
        model.save_model(path(f"{name}.ubj"))
    common = {"objective": "binary", "num_leaves": 4, "verbose": -1, "min_data_in_leaf": 5}
    lightgbm.train(common, lightgbm.Dataset(x, y), 2).save_model(path("leaves.txt"))
    linear = {**common, "objective": "regression", "linear_tree": True}
    lightgbm.train(linear, lightgbm.Dataset(x, y.astype(float)), 2).save_model(path("linear.txt"))


def words():
    lines = [f"__label__{'ab'[i % 2]} the quick brown {['fox', 'dog'][i % 2]} w{i % 300} jumps" for i in range(900)]
    with open(path("words"), "w") as file:
        file.write("\n".join(lines))
    common = {"dim": 2, "epoch": 1, "verbose": 0, "thread": 1}
    fasttext.train_supervised(path("words"), bucket=20, wordNgrams=2, **common).save_model(path("labels.bin"))
    fasttext.train_unsupervised(path("words"), bucket=20, minCount=4, **common).save_model(path("words.bin"))
    quantised = fasttext.train_supervised(path("words"), bucket=0, **common)
    quantised.quantize(input=path("words"), qnorm=True, dsub=2, retrain=False)
    quantised.save_model(path("labels.ftz"))


trees()
words()
files = sorted(name for name in os.listdir(FOLDER) if name != "words")
print(json.dumps([{"name": n, "base64": base64.b64encode(open(path(n), "rb").read()).decode()} for n in files], indent=1))
