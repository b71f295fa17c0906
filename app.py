"""The page: `python app.py`, or the entry point of a Space."""

from pose3d.ui import build, launch_settings

demo = build()

if __name__ == "__main__":
    demo.launch(**launch_settings())
