"""A training asked for on the page, by the trainer of the running house; the trainer dies in it."""

from playwright.sync_api import expect

from tests.e2e.desk_browsers import Desk, shop_of
from tests.e2e.running_house import PATIENCE, RunningHouse


def test_a_training_that_its_trainer_did_not_survive(house: RunningHouse, desk: Desk):
    """
    It has failed with words; Train works again, and finds that nothing has changed.
    """
    with shop_of(house) as shop, shop.units() as unit:
        unit.trainings.add("left", desk.team["Ann"].id, shop.clock())
        unit.trainings.begin("left", shop.clock())
        unit.trainings.note("left", "Learning to tell the meanings apart", 0.7)
    page = desk.open("Ann", "/models")
    expect(page.get_by_role("progressbar").first).to_have_attribute("value", "0.7")
    house.kill("trainer")

    left = page.locator("#past li", has_text="was interrupted; press Train again").first
    expect(left).to_be_visible(timeout=PATIENCE * 1000)
    house.wait_until_healthy()
    page.get_by_role("button", name="Train", exact=True).click()

    done = page.locator("#past li", has_text="Nothing has changed since")
    expect(done).to_be_visible(timeout=PATIENCE * 1000)
    page.reload()
    expect(done).to_be_visible()
