"""One learner, two faces: the web page through the REST API, and a chat through the bot."""

from urllib.parse import parse_qs, urlsplit

from tests.factories import rows
from tests.support.people import learner as registered


def test_a_learner_links_over_rest_submits_on_the_web_and_reads_the_verdict_in_telegram(
    bot, house, phone, app_process, worker_process
):
    web = app_process(TELEGRAM_BOT_USERNAME="creathon_test_bot")
    worker_process()
    person = registered(web.url)
    link = urlsplit(person.make("/telegram/link")["url"])
    assert (link.netloc, link.path) == ("t.me", "/creathon_test_bot")
    phone.write(f"/start {parse_qs(link.query)['start'][0]}")
    phone.reads("Connected")
    with house.sessions.begin() as session:
        challenge = rows.challenge(session)
    person.submit(challenge.id, {"text": "London"})
    phone.reads("Wrong answer", "Capital of France")
    phone.tap("Try again")
    phone.reads("next message is your answer")
    phone.write("Paris")
    phone.reads("Accepted")
    assert person.progress(challenge.id)["status"] == "completed"
    assert [s["source"] for s in person.get("/submissions/")] == ["telegram", "web"]
