"""Timer, metronome, tuner and drone: kept time, kept beat, the right note, and all of it without a network.

Nothing here waits for real minutes: the timer's clock is the test's, the metronome plays into an audio
context that renders as fast as it can, the tuner hears made-up tones. ``-s`` prints the figures.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import Cast
from tests.e2e.conftest import Visitor
from tests.e2e.test_keyboard import enter as press_enter
from tests.e2e.test_keyboard import tab_to

Enter = Callable[..., Visitor]
# What stands there while nothing is heard.
NO_NOTE = "\N{EN DASH}"
# No microphone, and no loudspeaker either: what getUserMedia would give is an oscillator, window.tone.
MICROPHONE = """navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    window.tone = new OscillatorNode(context, { frequency: 440 });
    const out = context.createMediaStreamDestination();
    window.tone.connect(out);
    window.tone.start();
    window.heard = out.stream;
    return out.stream;
};"""
HIDE = """isHidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    return cast


def tool(person: Visitor, name: str) -> Locator:
    return person.page.get_by_role("region", name=name)


def shown(person: Visitor, name: str, at: str) -> str:
    return tool(person, name).locator(f"[data-at={at}]").inner_text()


def open_folds(person: Visitor) -> None:
    person.page.evaluate("document.querySelectorAll('.tools details').forEach(fold => { fold.open = true; })")


def has_stopped(person: Visitor, name: str) -> bool:
    return not tool(person, name).locator("[data-at=toggle].is-on").count()


def ran(person: Visitor) -> int:
    """What the timer shows, in seconds. The test's clock goes on by itself, so allow for a few."""
    parts = [int(part) for part in shown(person, "Timer", "time").split(":")]
    return sum(part * 60**place for place, part in enumerate(reversed(parts)))


# The metronome


def test_a_tempo_of_minus_five_is_answered_beside_the_field(visitor: Enter) -> None:
    person = visitor()
    person.visit("/tools/")
    tempo = person.page.get_by_label("Tempo", exact=True)
    note = person.page.locator("#metronome-tempo-error")
    for wrong in ("-5", "", "1000", "90.5"):
        tempo.fill(wrong)
        assert note.inner_text().startswith("Write a tempo from 20 to 400 beats a minute"), wrong
        assert tempo.get_attribute("aria-invalid") == "true"
        tool(person, "Metronome").get_by_role("button", name="Start").click()
        assert has_stopped(person, "Metronome")
        assert tempo.evaluate("element => element === document.activeElement")
        assert tempo.input_value() == wrong, "what was typed stays"
    person.check()
    tempo.fill("144")
    assert not note.is_visible()
    # A mistake in a fold opens it.
    open_folds(person)
    person.page.get_by_label("Then silent").fill("900")
    tool(person, "Metronome").locator("summary").click()
    tool(person, "Metronome").get_by_role("button", name="Start").click()
    assert person.page.get_by_text("Write whole bars from 0 to 64.").is_visible()
    person.page.get_by_label("Then silent").fill("1")
    tool(person, "Metronome").get_by_role("button", name="Start").click()
    assert not has_stopped(person, "Metronome")


def test_the_beat_is_seen_and_felt(visitor: Enter) -> None:
    person = visitor(reduced_motion="reduce")
    person.page.add_init_script("window.felt = []; navigator.vibrate = length => felt.push(length);")
    person.visit("/tools/")
    open_folds(person)
    person.page.get_by_label("Feel the beat").check()
    person.page.get_by_label("Tempo", exact=True).fill("300")
    tool(person, "Metronome").get_by_role("button", name="Start").click()
    for number in "1234":
        beat = person.page.locator(".accent.is-now", has_text=number)
        beat.wait_for()
    moved = beat.evaluate("element => getComputedStyle(element).transform")
    assert moved == "none"
    assert person.page.evaluate("felt.includes(60) && felt.includes(30)")
    tool(person, "Metronome").get_by_role("button", name="Stop").click()
    assert not person.page.locator(".accent.is-now").count()
    # Left alone for an hour it stops and says so.
    tool(person, "Metronome").get_by_role("button", name="Start").click()
    person.page.evaluate(HIDE, True)
    person.page.wait_for_timeout(150)
    assert not has_stopped(person, "Metronome"), "in the background it goes on"
    person.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 61 * 60_000; }")
    expect(person.page.locator("[data-metronome] .is-on")).to_have_count(0)
    person.page.evaluate(HIDE, False)
    assert person.says("The metronome stopped by itself")
    tool(person, "Metronome").get_by_role("button", name="Start").click()
    assert not person.says("The metronome stopped by itself")


def test_presets_accents_and_taps(visitor: Enter) -> None:
    person = visitor()
    person.visit("/tools/")
    open_folds(person)
    metronome = tool(person, "Metronome")
    person.page.get_by_label("Beats in a bar").select_option("3")
    accents = metronome.locator(".accent")
    accents.nth(1).click()
    assert accents.all_inner_texts() == ["1\nstrong", "2\nsilent", "3\nnormal"]
    person.page.get_by_label("Tempo", exact=True).fill("66")
    metronome.get_by_role("button", name="Keep").click()
    assert person.says("Give it a name first")
    person.page.get_by_label("Keep these settings as").fill("Minuet <b>")
    metronome.get_by_role("button", name="Keep").click()
    person.page.get_by_label("Tempo", exact=True).fill("200")
    accents.nth(1).click()
    person.page.reload()
    assert person.page.get_by_label("Tempo", exact=True).input_value() == "200", "the last settings come back"
    open_folds(person)
    metronome.get_by_role("button", name="Minuet <b>", exact=True).click()
    assert person.page.get_by_label("Tempo", exact=True).input_value() == "66"
    assert accents.all_inner_texts() == ["1\nstrong", "2\nsilent", "3\nnormal"]
    metronome.get_by_role("button", name="Remove Minuet <b>").click()
    assert not metronome.get_by_role("button", name="Minuet").count()


# The tuner and the drone


def test_the_tuner_reads_out_what_it_hears(visitor: Enter) -> None:
    person = visitor()
    person.page.add_init_script(MICROPHONE)
    person.visit("/tools/")
    tuner = tool(person, "Tuner")
    tuner.get_by_role("button", name="Listen").click()
    spoken = tuner.locator("[data-at=spoken]")
    tuner.get_by_text("A4 is in tune.").wait_for(state="attached")
    assert shown(person, "Tuner", "note") == "A4"
    person.check()
    person.page.evaluate("tone.frequency.value = 440 * 2 ** (-12 / 1200)")
    tuner.get_by_text("A4 is 12 cents too low.").wait_for(state="attached")
    assert spoken.get_attribute("role") == "status"
    open_folds(person)
    person.page.get_by_label("The A above middle C").fill("437")
    expect(tuner.locator("[data-at=cents]")).to_have_text("±0")
    tuner.get_by_role("button", name="Stop listening").click()
    assert person.page.evaluate("heard.getTracks().every(track => track.readyState === 'ended')")
    assert shown(person, "Tuner", "note") == NO_NOTE
    # It stops by itself when the page is left.
    tuner.get_by_role("button", name="Listen").click()
    tuner.get_by_text("A4 is 12 cents too high.").wait_for(state="attached")
    person.page.evaluate(HIDE, True)
    assert person.page.evaluate("heard.getTracks().every(track => track.readyState === 'ended')")
    assert has_stopped(person, "Tuner")


def test_no_microphone_is_no_fault(visitor: Enter) -> None:
    person = visitor()
    person.visit("/tools/")
    for problem, words in [
        ("NotAllowedError", "allow it in the browser's address bar"),
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "Another program is using the microphone"),
        ("OverconstrainedError", "The microphone did not start"),
        ("", "only over a secure connection"),
    ]:
        refuse = f"() => Promise.reject(new DOMException('no', '{problem}'))"
        devices = f"{{ getUserMedia: {refuse} }}" if problem else "undefined"
        found = f"{{ value: {devices}, configurable: true }}"
        person.page.evaluate(f"() => {{ Object.defineProperty(navigator, 'mediaDevices', {found}) }}")
        tool(person, "Tuner").get_by_role("button", name="Listen").click()
        tool(person, "Tuner").get_by_text(words).wait_for()
        assert has_stopped(person, "Tuner")
    person.check()


def test_the_drone_follows_the_pitch(visitor: Enter) -> None:
    person = visitor()
    person.visit("/tools/")
    open_folds(person)
    drone = tool(person, "Drone")
    drone.get_by_role("button", name="Sound").click()
    assert not has_stopped(person, "Drone")
    assert shown(person, "Drone", "hertz") == "220.0 Hz"
    drone.get_by_label("Octave").select_option("4")
    person.page.get_by_label("The A above middle C").fill("415")
    assert shown(person, "Drone", "hertz") == "415.0 Hz"
    person.page.get_by_label("The A above middle C").fill("90")
    assert person.page.get_by_text("Write a number from 380 to 480").is_visible()
    assert shown(person, "Drone", "hertz") == "415.0 Hz", "the last possible one stays"
    person.page.get_by_label("The A above middle C").fill("415")
    person.page.get_by_label("Temperament").select_option("meantone")
    drone.get_by_label("Note").select_option("0")
    assert shown(person, "Drone", "hertz") == "248.2 Hz"
    drone.get_by_role("button", name="Stop").click()
    assert has_stopped(person, "Drone")
    person.press("Deutsch")
    assert shown(person, "Bordun", "hertz") == "248,2 Hz"


# Without a network


def is_kept(person: Visitor) -> None:
    """Wait until the browser has kept the page and its worker answers."""
    person.page.evaluate("""async () => {
        await navigator.serviceWorker.ready;
        while (!navigator.serviceWorker.controller) await new Promise(resume => setTimeout(resume, 50));
    }""")


@contextmanager
def flight_mode(person: Visitor) -> Iterator[None]:
    person.context.set_offline(True)
    try:
        yield
    finally:
        person.context.set_offline(False)


def test_all_four_work_without_a_network(visitor: Enter, cast: Cast) -> None:
    person = visitor()
    person.page.add_init_script(MICROPHONE)
    person.is_signed_in(cast.user("guardian"))
    person.visit("/tools/")
    tool(person, "Timer").get_by_role("button", name="Start").click()
    is_kept(person)
    lost: list[str] = []
    person.page.on("requestfailed", lambda request: lost.append(request.url))
    with flight_mode(person):
        person.page.reload()
        assert person.says("There is no network right now.")
        assert not has_stopped(person, "Timer"), "it runs on"
        tool(person, "Metronome").get_by_role("button", name="Start").click()
        person.page.locator(".accent.is-now", has_text="2").wait_for()
        tool(person, "Drone").get_by_role("button", name="Sound").click()
        assert not has_stopped(person, "Drone")
        tool(person, "Tuner").get_by_role("button", name="Listen").click()
        tool(person, "Tuner").get_by_text("A4 is in tune.").wait_for(state="attached")
        person.check_looks()
        with person.page.expect_navigation():
            tool(person, "Timer").get_by_role("link", name="Write down").click()
        assert person.says("There is no network right now.")
        assert tool(person, "Timer").get_by_role("link", name="Write down 1 min").is_visible()
    assert lost == []
    person.page.reload()
    assert not person.says("There is no network right now.")


def test_what_is_kept_is_the_same_for_everybody(visitor: Enter, cast: Cast) -> None:
    """One page without a name on it, and style and scripts; not the page that was open, nor any other."""
    person = visitor()
    person.is_signed_in(cast.user("guardian"))
    person.visit("/tools/")
    is_kept(person)
    scopes = "navigator.serviceWorker.getRegistrations().then(all => all.map(one => one.scope))"
    assert person.page.evaluate(scopes) == [f"{person.address}/tools/"]
    person.page.reload()
    person.visit("/tools/log/")
    person.visit("/family/")
    assert person.page.evaluate("navigator.serviceWorker.controller") is None, "it rules over the tools only"
    kept: dict[str, str] = person.page.evaluate("""async () => {
        const found = {};
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
                const { pathname, search } = new URL(request.url);
                found[pathname + search] = await (await cache.match(request)).text();
            }
        }
        return found;
    }""")
    pages = [address for address in kept if not address.startswith("/static/")]
    assert pages == ["/tools/offline/?language=en"]
    user = cast.user("guardian")
    words = [user.email, user.get_full_name(), cast.student.name, "csrfmiddlewaretoken"]
    assert not [word for word in words for text in kept.values() if word in text]
    # The list names all that the page asks for, and nothing that it does not.
    person.visit("/tools/offline/")
    asked = "performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)"
    used = {address for address in person.page.evaluate(asked) if address.startswith("/static/")}
    files = {address for address in kept if address.startswith("/static/")}
    assert used <= files
    unseen = {"favicon.svg", "favicon-32.png", "manifest.webmanifest", "ticker.js"}
    assert {
        file for file in files - used if file.rsplit("/")[-1] not in unseen and "latin-ext" not in file
    } == set()


def test_another_language_keeps_another_page(visitor: Enter) -> None:
    person = visitor(locale="de-DE")
    person.visit("/tools/")
    is_kept(person)
    with flight_mode(person):
        person.page.reload()
        assert person.page.locator("html").get_attribute("lang") == "de"
        assert tool(person, "Stimmgerät").is_visible()


# By the keyboard alone


def test_all_four_with_the_keyboard(visitor: Enter, cast: Cast) -> None:
    person = visitor(reduced_motion="reduce")
    person.page.add_init_script(MICROPHONE)
    person.is_signed_in(cast.user("student"))
    person.visit("/tools/")
    person.page.wait_for_selector("[data-timer]:not([hidden])")

    def start(name: str, label: str) -> None:
        tab_to(person, tool(person, name).get_by_role("button", name=label))
        person.page.keyboard.press("Enter")
        tool(person, name).locator("[data-at=toggle].is-on").wait_for()
        button = tool(person, name).locator("[data-at=toggle]")
        assert button.evaluate("element => element === document.activeElement"), "the focus stays"

    start("Timer", "Start")
    tab_to(person, person.page.get_by_label("Tempo", exact=True))
    person.page.keyboard.press("ArrowUp")
    assert person.page.get_by_label("Tempo", exact=True).input_value() == "91"
    start("Metronome", "Start")
    tab_to(person, person.page.locator(".accent").nth(1))
    person.page.keyboard.press("Space")
    assert person.page.locator(".accent").nth(1).inner_text() == "2\nsilent"
    start("Tuner", "Listen")
    start("Drone", "Sound")
    person.page.reload()
    tab_to(person, tool(person, "Timer").get_by_role("link", name="Write down 1 min"))
    press_enter(person)
    assert person.page.url.endswith("/diary/log/?minutes=1")


def test_what_was_kept_and_cannot_be_is_left_out(visitor: Enter) -> None:
    """A setting of an older version, or of somebody who plays with the console, is left out."""
    person = visitor()
    person.visit("/tools/")
    kept: dict[str, Any] = {"tempo": "-5", "beats": "99", "volume": "70", "visual": "yes", "accents": [9]}
    keep = "([name, kept]) => localStorage.setItem(`woodshed-tools:${name}`, kept)"
    for name, value in [
        ("metronome", json.dumps(kept)),
        ("timer", '{"before": -1}'),
        ("presets", '[1, "a"]'),
    ]:
        person.page.evaluate(keep, [name, value])
    person.page.reload()
    assert ran(person) == 0
    tool(person, "Timer").get_by_role("button", name="Start").click()
    assert not has_stopped(person, "Timer")
    assert person.page.get_by_label("Tempo", exact=True).input_value() == "90"
    assert person.page.locator(".accent").count() == 4
    assert person.page.locator("#metronome-volume").input_value() == "70"
    assert person.page.locator("#metronome-visual").is_checked()
