"""How deep a run looks. `NHIPCAU_TESTS=whole`: all there is; else what finds nearly as much in half of it."""

import os

WHOLE = os.environ.get("NHIPCAU_TESTS") == "whole"
