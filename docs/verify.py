"""Verify the audit log of a case without the program that wrote it; docs/audit.md tells the format.

`python verify.py LEDGER.db [CHECKPOINT.txt ...]` needs Python 3.11, and `cryptography` for signatures; it ends with 1 if anything is bad.
"""

import base64, hashlib, json, re, sqlite3, sys
from pathlib import Path

NOTE = re.compile(r"(caseledger/(\S+)\n(\d{1,15})\n(\S{44})\ntime \S+\n(?:EXERCISE\n)?)\n((?:— \S+ \S+\n)+)")
CARD = re.compile(r'SHA256:([\w+/]{43}) \{.*"key": ?"((?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?)"', re.A | re.S)
PLACES = ("actor.name", "purpose", "legal_basis", "justification", "object.name", "object.query", "tool.params")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root(leaves):  # RFC 6962, section 2.1
    cut = 1 << (max(len(leaves) - 1, 1).bit_length() - 1)
    return sha(b"\x01", root(leaves[:cut]), root(leaves[cut:])) if len(leaves) > 1 else leaves[0] if leaves else sha()


def committed(entry):  # place -> salted hash of each text that the entry commits to
    parts = [(place, *place.split(".")) for place in PLACES]
    found = {place: entry[outer][inner[0]] if inner else entry[outer] for place, outer, *inner in parts}
    return found | {f"recipients.{number}": hash_ for number, hash_ in enumerate(entry["recipients"])}


def entries(sql, case, bad):  # hashes of all leaves; what each entry records: kind and hash
    leaves, read, gone, erased, previous = [], [], {}, set(), "0" * 64
    query = "SELECT seq, field, CAST(salt AS BLOB), CASE typeof(text) WHEN 'text' THEN CAST(text AS BLOB) END FROM audit_texts NOT INDEXED"
    texts = {(seq, place): sha(salt or b"", text or b"").hex() for seq, place, salt, text in sql.execute(query)}
    query = "SELECT seq, CASE typeof(entry) WHEN 'text' THEN CAST(entry AS BLOB) END, leaf FROM audit NOT INDEXED ORDER BY seq"
    for seq, line, leaf in sql.execute(query):
        number, hash_ = len(leaves) + 1, sha(b"\x00", line or b"")
        leaves.append(hash_)
        try:
            entry = json.loads(line)
            own = (json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(), entry["seq"])
            if (seq, leaf, *own, entry["prev_hash"], entry["case_id"]) != (number, hash_, line, number, previous, case):
                bad.append(f"entry {number} is missing or was changed, or entry {number - 1} was")
            for place, wanted in committed(entry).items():
                if (found := texts.pop((seq, place), "")) != wanted:
                    gone[found or wanted] = f"entry {number}: the text at {place} is gone, or is not what was written"
            read.append((entry["object"]["kind"], entry["object"]["id"]))
            erased |= set(entry["input_hashes"]) if (read[-1][0], entry["op"]) == ("log text", "erasure") else set()
        except (ValueError, TypeError, LookupError, RecursionError):
            bad.append(f"entry {number} cannot be read")
        previous = hash_.hex()
    bad += [said for hash_, said in gone.items() if hash_ not in erased]
    bad += [f"there is a text at {place} of entry {seq}, which does not commit to it" for seq, place in texts]
    return leaves, read


def signed(line, body, keys):  # what is wrong with a line under a checkpoint, '' if nothing
    name, raw = line.split(" ")[1], base64.b64decode(line.split(" ")[2])
    timed = raw[:4] == sha(name.encode(), b"\n\x04", keys.get(name, b""))[:4]
    moment = f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n" if timed else ""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(keys[name]).verify(raw[12 if timed else 4 :], (moment + body).encode()) or ""  # fmt: skip
    except (ImportError, KeyError):
        return print(f"not checked, for want of `cryptography` or of an Ed25519 key: the signature of {name}") or ""
    except Exception:
        return f"the signature of {name} is wrong"


def verify(sql, given=()):  # all that is wrong; `given` are names and texts of checkpoints that others hold
    bad, case = [], sql.execute("SELECT value FROM case_facts NOT INDEXED WHERE name = 'case_id'").fetchone()[0]
    leaves, read = entries(sql, case, bad)
    rows = [(one, CARD.match(f"{one} {c}")) for one, c in sql.execute("SELECT fingerprint, card FROM signers NOT INDEXED")]  # fmt: skip
    bad += [f"the row {one!r:.60} of signers holds no card" for one, card in rows if not card]
    cards = [card.groups() for _, card in rows if card]
    keys = {"officer/" + sha(bytes.fromhex("302a300506032b6570032100"), r := base64.b64decode(k)).hex(): r for _, k in cards}  # fmt: skip
    kept = [f"{body}\n{lines}" for body, lines in sql.execute("SELECT body, signatures FROM checkpoints NOT INDEXED")]
    ids = {base64.b64decode(f"{one}=").hex() for one, _ in cards}
    bad += [f"the card of {one} is gone" for one in re.findall(r"— officer/(\S+)", "".join(kept)) if one not in ids]
    for what, text in [*((f"checkpoint {number}", text) for number, text in enumerate(kept, 1)), *given]:
        body, origin, size, top, lines = NOTE.fullmatch(text).groups()
        bad += [f"{what}: {said}" for line in lines.splitlines() if (said := signed(line, body, keys))]
        if (origin, base64.b64decode(top)) != (case, root(leaves[: int(size)])) or int(size) > len(leaves):
            bad.append(f"{what}: of entries 1 to {size} one was changed after it was signed, or is gone")
    notes = [(body, lines.splitlines()) for body, _, lines in (text.partition("\n\n") for text in kept)]
    made = [("checkpoint", f"{body}\n\n{lines[0]}\n") for body, lines in notes]
    made += [("counter-signature", line) for _, lines in notes for line in lines[1:]]
    recorded = sorted(one for one in read if one[0] in ("checkpoint", "counter-signature"))
    if sorted((kind, sha(text.encode()).hex()) for kind, text in made) != recorded:
        bad.append("the checkpoints and counter-signatures that are kept are not those that entries record")
    return bad


if __name__ == "__main__":
    try:
        others = [(name, Path(name).read_text("utf-8")) for name in sys.argv[2:]]
        found = verify(sqlite3.connect(f"{Path(sys.argv[1]).resolve().as_uri()}?mode=ro", uri=True), others)
    except Exception as error:
        found = [f"no log can be read here (verify.py LEDGER.db [CHECKPOINT.txt ...]): {error!r}"]
    sys.exit(print("\n".join(found) or "nothing is wrong") or bool(found))
