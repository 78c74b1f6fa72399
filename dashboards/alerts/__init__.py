"""The alert rules: their queries, when they fire, what they say; written as Grafana's provisioning YAML."""
