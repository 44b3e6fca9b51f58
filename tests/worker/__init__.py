"""Tests of the reader process itself."""
