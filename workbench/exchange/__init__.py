"""Packages for other bureaux: made, signed, sealed; looked at without trusting them. Functions on folders, bytes and cards."""
