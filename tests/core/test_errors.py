"""Trouble in the set-up: one family, so that the command line can catch it whole."""

import pytest

from monitor.core.errors import ConfigError, HistoryError, OutputError, SetUpError, SourceError


@pytest.mark.parametrize("error", [ConfigError, SourceError, HistoryError, OutputError])
def test_every_trouble_in_the_set_up_is_one(error):
    with pytest.raises(SetUpError, match="look at line 3"):
        raise error("look at line 3")
