"""Everything that pose3d raises on purpose.

    Pose3DError                 anything a person can mend: the message names the input and the remedy
    ├── InputError              the video is at fault
    │   ├── VideoError          it cannot be read (not a video, empty, truncated, audio only)
    │   ├── LimitError          it is too large or too long
    │   └── NoPersonError       nobody was found in it
    ├── ConfigError             a setting, a camera file or a command-line value is at fault
    ├── WeightsError            a weights file is missing, damaged or does not fit the network
    ├── DownloadError           a published model cannot be reached
    └── DependencyError         a system library or an optional package is missing

Programming mistakes (an array of the wrong shape) raise plain ValueError.
"""


class Pose3DError(Exception):
    """Base of the tree; `str(error)` is one sentence for a person."""


class InputError(Pose3DError):
    """The video is at fault."""


class VideoError(InputError):
    """The video cannot be read."""


class LimitError(InputError):
    """The video is larger or longer than allowed."""


class NoPersonError(InputError):
    """Nobody was found in the video."""


class ConfigError(Pose3DError):
    """A setting is unknown or out of range."""


class WeightsError(Pose3DError):
    """A weights file is missing, damaged or does not fit the network."""


class DownloadError(Pose3DError):
    """A published model cannot be reached."""


class DependencyError(Pose3DError):
    """A system library or an optional package is missing."""
