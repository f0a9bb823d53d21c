"""Instances: returns, warehouse, gates, publishing and timetable, found by their folder."""
