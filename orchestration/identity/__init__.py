"""Who is who: keys, the vault and links, the only code that stores what identifies a person.

Nothing that leaves this room (frames, links, errors) names anyone.
"""
