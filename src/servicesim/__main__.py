"""`python -m servicesim` is the command `servicesim`."""

from servicesim.cli import main

if __name__ == "__main__":
    main()
