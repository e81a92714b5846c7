"""What the home page and the navigation of each role are made of."""

from nhipcau.portal.queries.entries import ENTRIES as ENTRIES
from nhipcau.portal.queries.entries import Entry as Entry
from nhipcau.portal.queries.entries import entries_for as entries_for
from nhipcau.portal.queries.entries import navigation as navigation
from nhipcau.portal.queries.entries import unread_of as unread_of
from nhipcau.portal.queries.today import Today as Today
from nhipcau.portal.queries.today import today_of as today_of
