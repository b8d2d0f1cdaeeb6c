"""What is missing or wrong on this machine, each thing with what mends it.

Every subject has a module with `check(machine)`, which yields findings; `look` runs them all.
"""
