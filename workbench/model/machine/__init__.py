"""What the workbench finds on a machine: models, archives of models, places, caches."""
