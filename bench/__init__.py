"""Timings of the main job and of the models, always as ratios to a floor measured in the same run."""
