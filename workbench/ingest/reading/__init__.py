"""What all readers share: the file, its lines, passages and evidence; HTML, XML and JSON of strangers."""
