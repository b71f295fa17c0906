"""Where OpenSim has the bodies of a model that moves as a MOT file says. Runs in a Python that has `opensim`:

    python opensim_motion.py MODEL FILE OUT

OUT: a JSON file of time (T,) and bodies: name to (T, 3) metres in OpenSim's ground.
"""
# pyright: basic, reportMissingImports=false

import json
import math
import sys
from pathlib import Path

import opensim

METRES = ("pelvis_tx", "pelvis_ty", "pelvis_tz")


def main(model_file, motion_file, out):
    opensim.Logger.setLevelString("error")
    model = opensim.Model(model_file)
    coordinates = model.getCoordinateSet()
    state = model.initSystem()
    table = opensim.TimeSeriesTable(motion_file)
    if table.getTableMetaDataString("inDegrees") != "yes":
        raise ValueError("not in degrees")
    labels = list(table.getColumnLabels())
    places = {}
    for row in range(table.getNumRows()):
        values = table.getRowAtIndex(row)
        for column, name in enumerate(labels):
            value = values[column] if name in METRES else math.radians(values[column])
            coordinates.get(name).setValue(state, value, False)
        model.realizePosition(state)
        for body in model.getBodySet():
            place = body.getPositionInGround(state)
            places.setdefault(body.getName(), []).append([place.get(axis) for axis in range(3)])
    Path(out).write_text(json.dumps({"time": list(table.getIndependentColumn()), "bodies": places}))


main(*sys.argv[1:])
