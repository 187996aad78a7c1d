"""Writes vectors.json: models as CatBoost saves them.

python3 src/formats/catboost/make-vectors.py > src/formats/catboost/vectors.json

Wants the packages catboost and numpy. Each vector is {name, base64}.
"""
import base64
import json
import os
import tempfile

import catboost
import numpy as np

COMMON = {"verbose": 0, "allow_writing_files": False, "iterations": 2, "depth": 1, "border_count": 2}


def save(model):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "m.cbm")
        model.save_model(path)
        with open(path, "rb") as file:
            return file.read()


def vectors():
    rng = np.random.RandomState(0)
    x, y = rng.rand(20, 2), rng.randint(0, 2, 20)
    yield "numbers", save(catboost.CatBoostClassifier(**COMMON).fit(x, y))
    words = [[rng.choice(["a", "b", "c", "d"]), float(value), rng.choice(["x", "y"])] for value in rng.rand(200)]
    model = catboost.CatBoostClassifier(**{**COMMON, "depth": 2}, cat_features=[0, 2], one_hot_max_size=1)
    yield "categories", save(model.fit(words, rng.randint(0, 2, 200)))


print(json.dumps([{"name": name, "base64": base64.b64encode(data).decode()} for name, data in vectors()], indent=1))
