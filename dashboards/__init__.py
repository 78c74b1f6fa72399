"""Grafana dashboards as code, their provisioning, and the local board."""
