"""`python -m pose3d`: the same as the command `pose3d`."""

from pose3d.cli import main

if __name__ == "__main__":
    main()
