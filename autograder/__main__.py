"""The command `autograder`."""

import sys


def main() -> None:
    """Run the command line, or say what instructors need to install for it."""
    try:
        from autograder.commands import main as run
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in ("autograder", "course_lib"):
            raise
        sys.exit(
            f"autograder: {error.name} is missing; instructors install the course with pip install 'layerwise[teach]'"
        )
    run()


if __name__ == "__main__":
    main()
