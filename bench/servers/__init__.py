"""The servers that are measured: ours, the floor, and the peers that could be installed."""
