"""`python -m tuyendau.config.cli` is the console command."""

from tuyendau.config.cli import main

main()
