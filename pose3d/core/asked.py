"""The questions of pose3d.analysis by name, in a sentence each, for a list before analyses are loaded."""

ASKED = {
    "count": "Counts repetitions: of an exercise, or of whatever repeats.",
    "compare": "Tells how near a learner's motion is to a teacher's, limb by limb, and where they differ most.",
    "measure": "Tells joint angles, ranges of motion, steps, posture, jumps and sway; not for diagnosis.",
    "actions": "Tells what the person does, stretch by stretch, how sure that is and why: standing, walking, "
    "arms raised.",
}
