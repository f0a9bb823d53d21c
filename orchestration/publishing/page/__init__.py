"""The pages of a release: `report.html`, `steward/report.html` and the index over all releases.

Belongs here: words, tables and charts made of released figures and public reference data. Does not:
anything unprotected. Altair and vl-convert are imported in `charts` and nowhere else.
"""
