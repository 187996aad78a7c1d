"""A client of a TUF repository by python-tuf: refreshes, downloads one target, prints what came of it.

Usage: tuf-client.py URL ROOT FOLDER TARGET
"""
import os
import sys

from tuf.ngclient import Updater

url, root, folder, target = sys.argv[1:]
os.makedirs(os.path.join(folder, "targets"), exist_ok=True)
try:
    updater = Updater(
        metadata_dir=os.path.join(folder, "metadata"),
        metadata_base_url=url + "/metadata/",
        target_dir=os.path.join(folder, "targets"),
        target_base_url=url + "/targets/",
        bootstrap=open(root, "rb").read(),
    )
    updater.refresh()
    info = updater.get_targetinfo(target)
    with open(updater.download_target(info), encoding="utf-8") as file:
        print("ok " + file.read())
except Exception as error:  # whatever it is, the test wants its name
    print(type(error).__name__)
