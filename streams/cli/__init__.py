"""The command line `skillpulse`: one small module per command."""
