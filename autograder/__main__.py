"""The command `autograder`."""

from autograder.commands import main

if __name__ == "__main__":
    main()
