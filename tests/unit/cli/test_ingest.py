"""What `gatekeeper ingest --watch` says of the files it looks at again and again."""

from gatekeeper.cli.ingest import news_only
from gatekeeper.proposals.inbox import Answered

ENGINE_DOWN = Answered("a.json", "kept", "The engine does not answer.")
DATABASE_DOWN = Answered("a.json", "kept", "The database does not answer.")
OTHER = Answered("b.json", "kept", "The engine does not answer.")
ACCEPTED = Answered("a.json", "accepted")


def test_a_file_that_is_kept_is_said_once_until_its_answer_changes():
    said = []
    say = news_only(said.append)
    for answered in (ENGINE_DOWN, ENGINE_DOWN, OTHER, ENGINE_DOWN, DATABASE_DOWN, DATABASE_DOWN, ACCEPTED):
        say(answered)
    assert said == [ENGINE_DOWN, OTHER, DATABASE_DOWN, ACCEPTED]


def test_a_name_that_comes_again_is_said_again():
    said = []
    say = news_only(said.append)
    for answered in (ACCEPTED, ACCEPTED, ENGINE_DOWN, ACCEPTED, ENGINE_DOWN):
        say(answered)
    assert said == [ACCEPTED, ACCEPTED, ENGINE_DOWN, ACCEPTED, ENGINE_DOWN]
