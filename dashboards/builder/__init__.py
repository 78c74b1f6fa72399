"""A small builder of Grafana's classic dashboard JSON (schemaVersion 42): pure, typed, the same bytes every time."""
