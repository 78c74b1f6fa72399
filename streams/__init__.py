"""The Faust application: transport, agents, sightings, windows, classification and the command line."""
