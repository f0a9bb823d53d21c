"""The classes of which the `defs.yaml` files are instances. No business rules live here."""
