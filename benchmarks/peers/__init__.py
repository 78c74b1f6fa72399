"""The same job written plainly, as its users would otherwise write it: one process each, started by the benchmarks."""
