"""The page: `python app.py`, or the entry point of a Space."""

from pose3d.ui import LAUNCH, build

demo = build()

if __name__ == "__main__":
    demo.launch(**LAUNCH)
