"""Figures that can be trusted: daily facts by place, each opening to the rows that made it."""
