"""Stored answers, judged again by the rules of today."""

from datetime import timedelta

from monitor.core.identify import link_to
from monitor.core.model import Url
from monitor.core.provider import Answer, Document
from monitor.core.reasons import Reason
from monitor.offline import judged_again
from monitor.providers.web import PROVIDER
from tests.strategies import NOON

PAGE = PROVIDER.identify(link_to(Url("https://a.example/")))


def test_stored_answers_are_judged_again_without_asking():
    heard = Answer(probe="get", at=NOON, said=Document(status=404, url=PAGE.url))

    observation = judged_again(PROVIDER, PAGE, [heard], NOON + timedelta(days=1))

    assert observation.verdict.reason is Reason.NOT_FOUND
    assert observation.at == NOON


def test_where_stored_answers_do_not_suffice_it_was_not_asked():
    observation = judged_again(PROVIDER, PAGE, [], NOON)

    assert observation.verdict.reason is Reason.NOT_ASKED
    assert "get" in observation.verdict.detail
    assert observation.at == NOON
