"""What can go wrong with a release that a person can mend."""


class ReleaseError(Exception):
    """A release cannot be shown, made current or signed off as asked; the message says what to do."""
