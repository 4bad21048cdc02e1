"""How fast the province is, as ratios to what the same machine can do in the same run."""
