"""Widgets and pictures of graphs and tables, usable without the workbench. They know nothing of cases."""
