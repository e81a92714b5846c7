"""The pure planning core: rosters (`rostering`) and forecasts (`forecasting`). No Django, no I/O.

Data in, result out: seed and stop are arguments, and every result can be checked without its solver.
"""
