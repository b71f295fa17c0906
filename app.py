"""The page: `python app.py`, or the entry point of a Space."""

if __name__ != "__mp_main__":  # the processes of workers read this file, too; they serve no page
    from pose3d.ui import build, launch_settings, warm

    demo = build()
    if __name__ == "__main__":
        warm()
        demo.launch(**launch_settings())
