"""Proofs of an identity that others issue: certificates and credentials."""
