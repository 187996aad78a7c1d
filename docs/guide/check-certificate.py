"""Checks a certificate with nothing but Python's standard library and openssl (3.0 or newer).

python3 check-certificate.py BUNDLE --key KEY.pem --trusted-root ROOT.json [--model FOLDER]
"""
import argparse, base64, hashlib, json, os, pathlib, subprocess, sys, tempfile, urllib.parse
from datetime import datetime

parser = argparse.ArgumentParser()
parser.add_argument("bundle")
parser.add_argument("--key", required=True)
parser.add_argument("--trusted-root", required=True)
parser.add_argument("--model")
args = parser.parse_args()
sha256 = lambda data: hashlib.sha256(data).digest()

def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names): sys.exit("a JSON object has a member twice")
    return dict(pairs)

def need(holds, what):
    if not holds: sys.exit("FAILED: " + what)
    print("ok: " + what)

def decode(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text: sys.exit("FAILED: base64 is not in its one form")
    return data

read = lambda data: json.loads(data, object_pairs_hook=once)
bundle = read(pathlib.Path(args.bundle).read_bytes())
root = read(pathlib.Path(args.trusted_root).read_bytes())
work = pathlib.Path(tempfile.mkdtemp())

def openssl(*words, data=None):
    print("$ openssl " + " ".join(map(str, words)))
    run = subprocess.run(["openssl", *map(str, words)], input=data, capture_output=True, cwd=work)
    return run.stdout if run.returncode == 0 else None

def put(name, data):
    (work / name).write_bytes(data)
    return name

def pem(kind, der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n".encode()

# 1. The signature, over the payload with its type.
envelope, material = bundle["dsseEnvelope"], bundle["verificationMaterial"]
need(len(envelope["signatures"]) == 1, "one signature")
payload, kind = decode(envelope["payload"]), envelope["payloadType"].encode()
need(kind == b"application/vnd.in-toto+json", "a statement of in-toto")
signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
signature = decode(envelope["signatures"][0]["sig"])
key = put("key.pem", pathlib.Path(args.key).read_bytes())
put("signed", signed), put("signature", signature)
need(openssl("dgst", "-sha256", "-verify", key, "-signature", "signature", "signed"), "the key signed the payload")

# 2. The log: its leaf is this signature, the proof leads to the root, and the log signed the root.
need(len(material.get("tlogEntries", [])) == 1, "one log entry")
entry = material["tlogEntries"][0]
proof, body = entry["inclusionProof"], decode(entry["canonicalizedBody"])
spki = openssl("pkey", "-pubin", "-in", key, "-outform", "DER")
b64 = lambda data: base64.b64encode(data).decode()
leaf = {"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
    "data": {"algorithm": "SHA2_256", "digest": b64(sha256(signed))},
    "signature": {"content": b64(signature), "verifier": {
        "keyDetails": "PKIX_ECDSA_P256_SHA_256", "publicKey": {"rawBytes": b64(spki)}}}}}}
need(json.dumps(leaf, separators=(",", ":")).encode() == body, "the log entry is of this payload, signature and key")
note = proof["checkpoint"]["envelope"]
text, lines = note.split("\n\n", 1)
origin, size, top = text.split("\n")
logs = [log for log in root["tlogs"] if log["logId"]["keyId"] == entry["logId"]["keyId"]]
need(len(logs) == 1 and urllib.parse.urlsplit(logs[0]["baseUrl"]).hostname == origin, "the log is trusted: " + origin)
identity = decode(logs[0]["logId"]["keyId"])
mine = [decode(line.split(" ")[2]) for line in lines.splitlines() if line.split(" ")[1] == origin]
mine = [line[4:] for line in mine if line[:4] == identity[:4]]
need(len(mine) == 1, "the log signed once")
put("log.pem", pem("PUBLIC KEY", decode(logs[0]["publicKey"]["rawBytes"])))
put("checkpoint", (text + "\n").encode()), put("checkpoint.sig", mine[0])
need(openssl("pkeyutl", "-verify", "-pubin", "-inkey", "log.pem", "-rawin", "-in", "checkpoint", "-sigfile",
             "checkpoint.sig"), "the log signed the checkpoint")
place = proof.get("logIndex", "0")  # a zero may be left out
need(entry.get("logIndex", "0") == place and proof["treeSize"] == size and proof["rootHash"] == top,
     "entry, proof and checkpoint agree")
index, last, node = int(place), int(size) - 1, sha256(b"\0" + body)
need(index <= last, "the entry is within the log")
for step in map(decode, proof.get("hashes", [])):
    need(last > 0 and len(step) == 32, "one more step of the proof")
    if index & 1 or index == last:
        node = sha256(b"\1" + step + node)
        while not index & 1 and index: index, last = index >> 1, last >> 1
    else:
        node = sha256(b"\1" + node + step)
    index, last = index >> 1, last >> 1
need(last == 0 and node == decode(top), "the entry is in the log")

# 3. The time: each timestamp is over the signature, by a trusted authority, when all keys were in use.
moment = lambda text: datetime.fromisoformat(text.replace("Z", "+00:00"))
within = lambda time, valid: moment(valid.get("start", "0001-01-01T00:00:00Z")) <= time <= moment(valid.get("end", "9999-01-01T00:00:00Z"))
stamps = material.get("timestampVerificationData", {}).get("rfc3161Timestamps", [])
need(stamps, "there is a timestamp")
for stamp in stamps:
    put("stamp", decode(stamp["signedTimestamp"]))
    shown = openssl("ts", "-reply", "-in", "stamp", "-text") or b""
    written = shown.decode().split("Time stamp: ")[1].splitlines()[0].split(".")[0].replace(" GMT", "")
    time = datetime.strptime(written + " +0000", "%b %d %H:%M:%S %Y %z")
    trusted = False
    for authority in root["timestampAuthorities"]:
        chain = [decode(one["rawBytes"]) for one in authority["certChain"]["certificates"]]
        put("root.pem", pem("CERTIFICATE", chain[-1]))
        put("chain.pem", b"".join(pem("CERTIFICATE", one) for one in chain[:-1]))
        trusted = trusted or within(time, authority.get("validFor", {})) and openssl(
            "ts", "-verify", "-data", "signature", "-in", "stamp", "-CAfile", "root.pem", "-untrusted", "chain.pem",
            "-attime", int(time.timestamp()))
    need(trusted, f"a trusted authority stamped the signature at {time:%Y-%m-%dT%H:%M:%SZ}")
    need(time <= datetime.now(time.tzinfo), "the timestamp is not in the future")
    need(within(time, logs[0]["publicKey"]["validFor"]), "the key of the log was in use then")

# 4. What was signed, and whether it is about these files.
statement = read(payload)
need(set(statement) == {"_type", "subject", "predicateType", "predicate"}, "a statement and nothing else")
need(statement["_type"] == "https://in-toto.io/Statement/v1" and len(statement["subject"]) == 1, "about one subject")
digest = statement["subject"][0]["digest"]
if args.model:
    names = {}
    for folder, _, files in os.walk(args.model):
        for file in files:
            path = os.path.join(folder, file)
            need(not os.path.islink(path), "no link: " + path)
            content = hashlib.sha256()
            with open(path, "rb") as source:
                while block := source.read(1 << 22): content.update(block)
            names[os.path.relpath(path, args.model).replace(os.sep, "/")] = content.hexdigest()
    listing = "".join(f"{names[name]}  {name}\n" for name in sorted(names, key=lambda name: name.encode()))
    resources = statement["predicate"].get("resources")
    if "dirHash" in digest: need(hashlib.sha256(listing.encode()).hexdigest() == digest["dirHash"], "all files, by name and content")
    else: need({one["name"]: one["digest"] for one in resources} == names, "all files, by name and content")
print("SIGNED:", statement["predicateType"], "about", json.dumps(statement["subject"][0]["name"]))
print(json.dumps(statement["predicate"], indent=1))
print("ALL CHECKS PASSED" if args.model else "ALL CHECKS PASSED but the files, which were not compared: no --model")
