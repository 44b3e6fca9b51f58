"""Investigative workbench: load case data, read it, search it, link it, explain a link, correct it, report."""
