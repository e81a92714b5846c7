"""The engine: problems as CP-SAT models. The only place that imports the solver's library."""
