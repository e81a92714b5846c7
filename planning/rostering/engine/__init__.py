"""The engine: problems as models, and their solvers. The only place that imports the solvers' library."""
