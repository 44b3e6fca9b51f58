"""What leaves a case as a document: reports and exported files."""
