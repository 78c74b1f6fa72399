"""The board without Grafana: a local page that shows the same dashboards. A viewer: nothing can be changed in it."""
