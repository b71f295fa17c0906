"""From joint positions to a rig's rotations."""
