"""Hostile input for real services while an honest task runs: a slice with every test run, more by `./dev fuzz`."""
