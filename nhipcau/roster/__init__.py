"""Rosters proposed by the computer and decided by the leader; demand foreseen."""
