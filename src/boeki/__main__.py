"""``python -m boeki``: the command line, where its script is not on the path."""

from boeki.cli import main

if __name__ == "__main__":
    main()
