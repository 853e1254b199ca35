"""`python -m sim` is the `frontdoor` command."""

import sys

from sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
