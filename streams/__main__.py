"""`python -m streams`: the command line, for processes that start one another."""

from streams.cli import main

main()
