"""Job posts out of files: read, mapped to our fields, validated, sent."""
