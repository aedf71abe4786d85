"""Whom to ask when something is lost, and what to write to them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.contacts import Contact, contact, contacts
from monitor.core.incidents import Incident, Member
from monitor.core.model import Link, Occurrence, Position, Url
from monitor.core.reasons import Reason
from monitor.core.states import Phase
from tests import strategies
from tests.core.days import Days, fails

FILE = "https://drive.google.com/file/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/view"
ADA = {"name": "Slides", "owner": "Ada Lovelace", "owner_address": "ada@example.org"}


def lost(reason=Reason.NOT_SHARED, kind="file", url=FILE, links=None, **known) -> Member:
    place = Occurrence(
        page="https://course.example/",
        position=Position(line=4, column=1),
        element="a",
        attribute="href",
        text="slides",
        context=("Week 1", "Lectures"),
    )
    one = (Link(written=url, url=Url(url), occurrence=place),)
    member = fails(url, reason=reason, links=one if links is None else links, **known).trouble
    return replace(member, resource=replace(member.resource, kind=kind))


def test_the_owner_of_a_file_is_asked_to_share_it_again():
    assert contact(lost(**ADA)) == Contact(
        who="Ada Lovelace",
        what="the owner of the file",
        address="ada@example.org",
        sentence=(
            f"Dear Ada Lovelace, our page links to your file “Slides” ({FILE}) on"
            " https://course.example/, under “Week 1, Lectures”, as “slides”. Our readers have had"
            " trouble with it since 1 November 2026. Could you share it again with anyone who has"
            " the link? Thank you!"
        ),
    )


@pytest.mark.parametrize(
    ("member", "who", "what", "where"),
    [
        pytest.param(
            lost(**ADA),
            "Ada Lovelace",
            "the owner of the file",
            "mailto:ada@example.org",
            id="a file's owner by mail",
        ),
        pytest.param(
            lost(owner="Ada"), "Ada", "the owner of the file", None, id="an owner without address"
        ),
        pytest.param(
            lost(owner_address="ada@example.org"),
            "ada@example.org",
            "the owner of the file",
            "mailto:ada@example.org",
            id="an owner without a name",
        ),
        pytest.param(
            lost(owner="Ada", owner_address="ada@example.org?cc=all@example.org"),
            "Ada",
            "the owner of the file",
            None,
            id="an address that is more than one",
        ),
        pytest.param(
            lost(
                Reason.PRIVATE,
                "video",
                channel="A teacher",
                channel_url="https://www.youtube.com/@teacher",
            ),
            "A teacher",
            "the channel",
            "https://www.youtube.com/@teacher",
            id="a video's channel",
        ),
        pytest.param(
            lost(Reason.PRIVATE, "video", channel="A teacher", channel_url="https://evil.example/"),
            "A teacher",
            "the channel",
            None,
            id="a channel's page is on YouTube",
        ),
        pytest.param(
            lost(Reason.PATH_GONE, "blob", full_name="mabel/deep"),
            "mabel",
            "the owner of the repository",
            "https://github.com/mabel",
            id="a repository's owner",
        ),
    ],
)
def test_whom_to_ask(member, who, what, where):
    found = contact(member)
    assert found is not None
    assert (found.who, found.what, found.where) == (who, what, where)


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(lost(), id="nobody is known"),
        pytest.param(lost(full_name="no repository"), id="a name that is none"),
        pytest.param(lost(Reason.RENAMED, **ADA), id="what we can mend ourselves"),
        pytest.param(lost(Reason.NOT_ANSWERING, **ADA), id="what may pass"),
    ],
)
def test_nobody_is_asked(member):
    assert contact(member) is None


def test_what_has_no_title_and_no_place_is_called_by_its_address():
    found = contact(lost(Reason.DELETED, "tree", full_name="mabel/deep", links=()))
    assert found is not None
    assert f"links to your folder {FILE}. Our readers" in found.sentence


def test_a_text_that_is_the_title_is_not_repeated():
    found = contact(lost(title="slides", channel="A teacher"))
    assert found is not None
    assert ", as “" not in found.sentence


def incident(*members: Member) -> Incident:
    days = Days()
    days.run(fails("https://example.org/"))
    return replace(days.open[0], members=members)


def test_everybody_is_asked_once_about_all_that_is_theirs():
    bob = lost(owner="Bob", url="https://drive.google.com/3")
    well = replace(lost(**ADA, url="https://drive.google.com/4"), phase=Phase.HEALTHY)
    found = contacts(
        incident(lost(**ADA), bob, lost(Reason.TRASHED, "folder", "https://x/", **ADA), well)
    )
    assert [each.who for each in found] == ["Ada Lovelace", "Bob"]
    assert found[0].sentence == (
        "Dear Ada Lovelace, our pages link to 2 things of yours with which our readers have"
        f" trouble: “Slides” ({FILE}) on https://course.example/, under “Week 1, Lectures”, as"
        " “slides” (since 1 November 2026); “Slides” (https://x/) on https://course.example/, under"
        " “Week 1, Lectures”, as “slides” (since 1 November 2026). Could you share it again with"
        " anyone who has the link? It lies in the trash, which is emptied after 30 days. Could you"
        " restore it? Thank you!"
    )


def test_a_sentence_names_so_many_things_and_counts_the_rest():
    members = [lost(**ADA, url=f"https://drive.google.com/{n}") for n in range(12)]
    (found,) = contacts(incident(*members))
    assert "to 12 things of yours" in found.sentence
    assert "; and 2 more. Could you" in found.sentence


@given(
    reason=st.sampled_from(Reason),
    kind=strategies.words,
    facts=st.dictionaries(
        st.sampled_from(["owner", "owner_address", "channel", "channel_url", "full_name", "title"]),
        strategies.json_values,
    ),
    text=strategies.words,
)
def test_whatever_strangers_wrote_it_is_one_line(reason, kind, facts, text):
    member = lost(reason, kind, **facts)
    place = replace(member.links[0].occurrence, text=text, context=(text,), page=text)
    found = contact(replace(member, links=(replace(member.links[0], occurrence=place),)))
    assert found is None or (found.sentence.isprintable() and found.who)
