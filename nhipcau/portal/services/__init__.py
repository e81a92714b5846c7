"""The demonstration programme: the seed of the product, built through the rooms' own services."""

from nhipcau.portal.services.demo import Progress as Progress
from nhipcau.portal.services.demo import UnableToLoadDemo as UnableToLoadDemo
from nhipcau.portal.services.demo import demo_logins as demo_logins
from nhipcau.portal.services.demo import load_demo as load_demo
