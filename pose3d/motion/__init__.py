"""From joint positions to a humanoid's rotations, and the avatar that they move."""
