"""ClickHouse: client, writer, migrations and views."""
