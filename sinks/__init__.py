"""Where counts and posts are kept: ClickHouse, and its embedded engine."""
