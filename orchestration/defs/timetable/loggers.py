"""One quiet logger in place of the one that Dagster prints on a terminal; the UI keeps every event."""

import logging

import dagster as dg


@dg.logger(None, description="Steps as they begin and end, for the command line's progress display.")
def progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """The logger that `pathways refresh` listens to."""
    return logging.getLogger("pathways.progress")


@dg.definitions
def defs() -> dg.Definitions:
    """For the job as the command line runs it."""
    return dg.Definitions(loggers={"progress": progress_logger})
