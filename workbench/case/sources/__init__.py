"""Files come into a case: the plan, the receipt, the reading, the extraction, what is excluded."""
