"""Verify the rows of a case against its audit log without the program that wrote them; docs/audit.md tells the format.

`python verify_rows.py LEDGER.db` needs Python 3.11 and no package. It takes the log as it is: run verify.py on it first. It prints
each table with rows that are not those that entries tell of; it ends with 1 if there are any, else with 0. Rows of which no entry tells
yet are counted: nobody can check these. Tables are read without their indexes (NOT INDEXED), which it does not check: SQLite does, by
PRAGMA integrity_check.
"""

import hashlib, json, re, sqlite3, sys
from pathlib import Path

LOG = {"audit", "audit_v1", "audit_texts", "checkpoints", "signers"}  # verify.py checks these
MARKS = {"row_marks", "row_salts"}  # with these rows are checked
DERIVED = {"charts", "unindexed"}  # these no entry tells of, nor of the index of words
# To these a reading adds bit by bit.
READ = set("documents evidence issues passages readings statements traces".split())


def committed(sql):  # table and entry -> how many rows came with the entry, and their digest; number of entries
    told, size = {}, 0
    for size, (line,) in enumerate(sql.execute("SELECT entry FROM audit NOT INDEXED ORDER BY seq"), 1):
        for entry, table, count, digest in json.loads(line).get("rows", ()):  # a later entry tells of what was left
            told[table, entry] = count, digest
    return told, size


def hashed(table, row):  # SHA-256 over the row as a line of JSON, without the nulls at its end
    line = json.dumps([table, *row], ensure_ascii=False, separators=(",", ":"), default=lambda value: [repr(value)])
    return hashlib.sha256(re.sub("(,null)+]$", "]", line).encode("utf-8", "replace")).digest()


def compare(sql, table, told, size):  # all that is wrong with a table
    marks, came = dict(sql.execute("SELECT leaf, entry FROM row_marks NOT INDEXED WHERE kind = ?", (table,))), {}
    for row in sql.execute(f'SELECT * FROM "{table}" NOT INDEXED'):
        came.setdefault(marks.get(mark := hashed(table, row)), []).append(mark)
    waits = size + 1 if table in READ or not told else 0  # what a reading has added the next entry tells of
    for entry, rows in came.items():
        if (table, entry) not in told and entry != waits:
            yield f"{table}: no entry tells of {len(rows)} rows as they are now"
    salts = dict(sql.execute("SELECT entry, salt FROM row_salts NOT INDEXED WHERE kind = ?", (table,)))
    for entry in sorted({*salts, *marks.values()} - {*came, waits}, key=str):
        if (table, entry) not in told:
            yield f"{table}: hashes or a salt lie under number {entry}, of which no entry tells"
    for entry, (count, digest) in sorted((entry, said) for (kind, entry), said in told.items() if kind == table):
        rows = sorted(came.get(entry, ()))
        if hashlib.sha256(salts.get(entry, b"") + b"".join(rows)).hexdigest() != digest:
            yield f"{table}: of the {count} rows that entry {entry} tells of, {len(rows)} are there as they were"


def verify(sql):  # all that is wrong
    told, size = committed(sql)
    there = {name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    there = {name for name in there - LOG - MARKS - DERIVED if not name.startswith(("words", "sqlite_"))}
    gone = {table for table, _ in told} - there
    bad = [f"{table}: the table is gone, of whose rows entries tell" for table in sorted(gone)]
    query = "SELECT kind FROM row_salts NOT INDEXED UNION SELECT kind FROM row_marks NOT INDEXED"
    kinds = {kind for (kind,) in sql.execute(query)}
    bad += [f"{kind}: hashes of rows of no such table" for kind in sorted(kinds - there - gone, key=str)]
    return bad + [said for table in sorted(there) for said in compare(sql, table, told, size)]


def waiting(sql):  # what no entry tells of yet: a reading goes on or was interrupted, or somebody put it in
    last = "SELECT coalesce(max(seq), 0) FROM audit NOT INDEXED"
    query = f"SELECT kind, count(*) FROM row_marks NOT INDEXED WHERE entry > ({last}) GROUP BY 1 ORDER BY 1"
    return [
        f"not checked: {count} rows of {table}, of which the next entry is to tell"
        for table, count in sql.execute(query)
    ]


if __name__ == "__main__":
    try:
        ledger = sqlite3.connect(f"{Path(sys.argv[1]).resolve().as_uri()}?mode=ro", uri=True)
        found = verify(ledger)
        print("".join(f"{said}\n" for said in waiting(ledger)), end="")
    except Exception as error:
        found = [f"no bound rows can be read here (verify_rows.py LEDGER.db): {error!r}"]
    sys.exit(print("\n".join(found) or "nothing is wrong") or bool(found))
