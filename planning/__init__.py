"""The pure planning core: rosters, routes, forecasts. No Django, no I/O; data in, result out.

It is empty until the first plan is built; the import contract already guards it.
"""
