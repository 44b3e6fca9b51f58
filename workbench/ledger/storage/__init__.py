"""The files of a ledger: the case folder, SQLite and its encryption, keys, the vault, migrations, changeover."""
