"""Deployment to a Grafana that is already there, over its HTTP API."""
