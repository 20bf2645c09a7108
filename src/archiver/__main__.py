"""`python -m archiver` is the command `archiver`."""

from archiver.cli import run

run()
