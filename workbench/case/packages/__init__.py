"""Packages for other bureaux and from them: addressees, export, sealing, transport, preview, import."""
