"""Write dashboards/json and the provisioned alert rules from their source: `python -m dashboards`."""

from dashboards.generated import write_all

for path in write_all():
    print(path)
