"""Forecasts of visitors per half-day, and how many people to plan for them. Pure: data in, result out."""

from .forecast import Forecast, Method, Prediction, forecast, people_needed
from .history import Count, Slot, UnableToForecast

__all__ = [
    "Count", "Forecast", "Method", "Prediction", "Slot", "UnableToForecast", "forecast", "people_needed",
]  # fmt: skip
