"""Remix rooms: several people make one picture together."""
