"""Existing traffic comes to the desk: formats, screening of lists."""
