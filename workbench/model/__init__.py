"""Words of the workbench: rows, table columns, names and ids, schemata, markings. Floor 1: imports only errors."""
