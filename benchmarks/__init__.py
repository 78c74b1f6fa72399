"""Benchmarks: speed and memory shown as ratios of things measured in the same run."""
