"""`python -m monitor` is `linkwell`."""

from monitor.cli import main

main()
