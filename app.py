"""The page: `python app.py`, or the entry point of a Space. `python app.py --help` lists what can be set."""

import gc
import sys

if __name__ != "__mp_main__":  # the processes of workers read this file, too; they serve no page
    if __name__ == "__main__":
        gc.disable()  # until it is served: what is made now stays, and to look for garbage in it takes a sixth longer
    from pose3d.ui import build, serve, take_or_exit, warm

    if __name__ == "__main__":
        take_or_exit(sys.argv[1:])
    demo = build()
    if __name__ == "__main__":
        warm()
        serve(demo)
