"""Files around a case: strangers' files are read in a process of their own, products are saved and tracked."""
