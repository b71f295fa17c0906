"""What everything else is written in: skeletons, poses, cameras, errors, results."""
