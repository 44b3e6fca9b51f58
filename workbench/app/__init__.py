"""The workbench as a program: start page, JupyterLab, the job from folder to report, checks of the machine."""
