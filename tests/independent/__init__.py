"""An independent calculation of the metrics, from the definitions alone, against the models."""
