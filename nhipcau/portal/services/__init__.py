"""The demonstration programme, built through the rooms' own services; undelivered messages, once more."""

from nhipcau.portal.services.demo import Progress as Progress
from nhipcau.portal.services.demo import UnableToLoadDemo as UnableToLoadDemo
from nhipcau.portal.services.demo import demo_logins as demo_logins
from nhipcau.portal.services.demo import load_demo as load_demo
from nhipcau.portal.services.undelivered import try_again as try_again
from nhipcau.portal.services.undelivered import try_all_again as try_all_again
