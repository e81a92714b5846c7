"""The one way into the catalogue: files of the national catalogue, compared and imported."""

from nhipcau.catalogue.services.importing import Change as Change
from nhipcau.catalogue.services.importing import Difference as Difference
from nhipcau.catalogue.services.importing import Refusal as Refusal
from nhipcau.catalogue.services.importing import UnableToImport as UnableToImport
from nhipcau.catalogue.services.importing import compare_file as compare_file
from nhipcau.catalogue.services.importing import import_file as import_file
from nhipcau.catalogue.services.telling import as_json as as_json
from nhipcau.catalogue.services.telling import import_as_json as import_as_json
from nhipcau.catalogue.services.telling import import_line as import_line
from nhipcau.catalogue.services.telling import lines_of as lines_of
from nhipcau.core.sheets.looking import UnableToReadFile as UnableToReadFile
