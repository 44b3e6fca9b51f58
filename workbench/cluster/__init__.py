"""The functions of the rooms on Apache Spark: many machines read, extract, encode and count; the ledger alone writes.

>>> import workbench as wb
>>> with wb.spark("local[2]") as cluster:  # doctest: +SKIP
...     case.add("material", on=cluster)
...     case.extract(on=cluster)
"""
