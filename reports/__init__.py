"""The monthly hiring report."""
