"""``python -m deployer``: the command line, where its script isn't on the path."""

from deployer.cli import main

if __name__ == "__main__":
    main()
