"""What the tools' modules promise in figures, in a browser, without a page: beats, notes, the timer's rules.

No server runs: the browser is handed our own files. The metronome plays into an audio context that renders as
fast as it can; the tuner hears made-up tones. ``-s`` prints the figures.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

WORST_JITTER_MS = 2
WORST_CENTS = 1
NAMES = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B"]
# A bar of four, and nothing of what the metronome can do besides.
PLAIN = """const PLAIN = {
    tempo: 120, accents: [2, 1, 1, 1], subdivision: 1, play: 1, mute: 0, by: 0, every: 1, until: 0,
};"""
# Ticks come when they like; the sound itself is looked at, sample by sample.
PLAY_500 = """async ([tempo, latest, horizon]) => {
    PLAIN;
    const { Beats } = await import("/static/js/tools/beats.js");
    const { Scheduler } = await import("/static/js/tools/scheduler.js");
    const { click } = await import("/static/js/tools/audio.js");
    const [rate, beats, first] = [8000, 500, 0.06];
    const end = first + (beats - 0.5) * 60 / tempo;
    const context = new OfflineAudioContext(1, Math.ceil(rate * end), rate);
    const out = new GainNode(context);
    out.connect(context.destination);
    const scheduler = new Scheduler({
        now: () => context.currentTime,
        beats: new Beats({ ...PLAIN, tempo }),
        play: (time, pulse) => click(out, time, pulse.level),
    });
    if (horizon) scheduler.horizon = horizon;
    const tick = () => {
        const moment = context.currentTime + 0.005 + Math.random() * (latest - 0.005);
        if (moment > end - 0.1) return;
        context.suspend(moment).then(() => { scheduler.tick(); tick(); context.resume(); });
    };
    scheduler.start(first);
    tick();
    const sound = (await context.startRendering()).getChannelData(0);
    const onsets = [];
    let quiet = Infinity;
    sound.forEach((value, sample) => {
        if (Math.abs(value) < 0.0005) quiet += 1;
        else {
            if (quiet > rate * 0.05) onsets.push(sample / rate);
            quiet = 0;
        }
    });
    return onsets.map(onset => onset - first);
}""".replace("PLAIN;", PLAIN)
# One tone of each note from A0 to C8: plain, and with overtones as strings have them, at several phases.
HEAR_ALL = """async ([rate, overtones]) => {
    const { Ear } = await import("/static/js/tools/pitch.js");
    const { frequency } = await import("/static/js/tools/scale.js");
    const ear = new Ear(rate);
    const samples = new Float32Array(ear.size);
    const worst = [];
    for (let note = 21; note <= 108; note += 1) {
        const hz = frequency(note);
        let most = 0;
        for (const phase of [0, 0.7, 1.9]) {
            samples.fill(0);
            for (let part = 1; part <= overtones && part * hz < rate * 0.45; part += 1) {
                const step = 2 * Math.PI * hz * part / rate;
                for (let i = 0; i < ear.size; i += 1) {
                    samples[i] += 0.3 / part * Math.sin(step * i + phase * part * part);
                }
            }
            const heard = ear.hear(samples);
            most = Math.max(most, heard === null ? Infinity : Math.abs(1200 * Math.log2(heard / hz)));
        }
        worst.push(Number.isFinite(most) ? most : 1e9);
    }
    return worst;
}"""


def serve(route: Route) -> None:
    """A file of ours; anything else is an empty page."""
    _host, found, name = route.request.url.partition("/static/")
    path = finders.find(name) if found else None
    if path:
        route.fulfill(body=Path(path).read_text(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>Lab</title>", content_type="text/html")


@pytest.fixture(scope="module")
def lab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*", serve)
    page.goto("http://lab.example/")
    yield page
    context.close()


def test_500_beats_are_where_the_audio_clock_has_them(lab: Page) -> None:
    """The page's own timer comes up to 0.14 s late, at random."""
    for tempo in (40, 120, 300):
        onsets = lab.evaluate(PLAY_500, [tempo, 0.14, 0])
        assert len(onsets) == 500
        errors = [(onset - number * 60 / tempo) * 1000 for number, onset in enumerate(onsets)]
        print(f"\n{tempo} bpm: 500 beats, {min(errors):.3f} to {max(errors):.3f} ms from the grid", end="")
        assert max(map(abs, errors)) <= WORST_JITTER_MS
    # A tab in the background is asked once a second; the far horizon covers that.
    onsets = lab.evaluate(PLAY_500, [120, 2.0, 2.5])
    assert len(onsets) == 500
    assert max(abs(onset - number / 2) for number, onset in enumerate(onsets)) * 1000 <= WORST_JITTER_MS
    # That the measurement sees what it should see: without looking ahead the same timer loses beats.
    assert len(lab.evaluate(PLAY_500, [300, 0.14, 0.02])) < 450


def test_after_a_sleep_the_beat_goes_on_and_nothing_is_played_in_a_heap(lab: Page) -> None:
    script = """async () => {
        PLAIN;
        const { Beats } = await import("/static/js/tools/beats.js");
        const { Scheduler } = await import("/static/js/tools/scheduler.js");
        let now = 0;
        const played = [];
        const play = (time, pulse) => played.push([time, pulse.beat, pulse.sub]);
        const beats = new Beats({ ...PLAIN, tempo: 300, accents: [2, 1, 1], subdivision: 4 });
        const scheduler = new Scheduler({ now: () => now, beats, play });
        scheduler.start(0);
        const before = played.length;
        now = 3600.01;
        scheduler.tick();
        return { now, rest: played.slice(before), leftOut: scheduler.leftOut };
    }"""
    found = lab.evaluate(script.replace("PLAIN;", PLAIN))
    assert found["leftOut"] > 70_000
    assert 0 < len(found["rest"]) < 10
    for time, beat, sub in found["rest"]:
        pulse = round(time / 0.05)
        assert time >= found["now"]
        assert time == pytest.approx(pulse * 0.05, abs=1e-6)
        assert (beat, sub) == (pulse // 4 % 3, pulse % 4)


def test_accents_pulses_silent_bars_and_steps(lab: Page) -> None:
    bars = lab.evaluate("""async () => {
        const { Beats } = await import("/static/js/tools/beats.js");
        const steps = { by: 10, every: 2, until: 75 };
        const beats = new Beats({ tempo: 60, accents: [2, 0], subdivision: 2, play: 1, mute: 1, ...steps });
        return Array.from({ length: 24 }, () => beats.next());
    }""")
    first = [(pulse["level"], pulse["isMuted"]) for pulse in bars[:8]]
    assert first[:4] == [("strong", False), ("sub", False), ("silent", False), ("silent", False)]
    assert {is_muted for _level, is_muted in first[4:]} == {True}
    assert [pulse["tempo"] for pulse in bars[::4]] == [60, 60, 70, 70, 75, 75]
    assert bars[0]["length"] == pytest.approx(0.5)
    assert bars[8]["length"] == pytest.approx(60 / 70 / 2)


def test_the_tuner_hears_every_note(lab: Page) -> None:
    for rate, partials in [(44_100, 1), (44_100, 10), (48_000, 1), (48_000, 10)]:
        worst = lab.evaluate(HEAR_ALL, [rate, partials])
        rows = [
            f"{NAMES[note % 12]}{note // 12 - 1}: {cents:.3f}" for note, cents in enumerate(worst, start=21)
        ]
        print(f"\nWorst error in cents at {rate} Hz, {partials} partials: {max(worst):.3f}")
        lines = ("   ".join(f"{cell:12}" for cell in rows[at : at + 8]) for at in range(0, len(rows), 8))
        print("\n".join(lines))
        assert len(worst) == 88
        assert max(worst) <= WORST_CENTS, rows


def test_noise_and_silence_are_no_note(lab: Page) -> None:
    assert lab.evaluate("""async () => {
        const { Ear } = await import("/static/js/tools/pitch.js");
        const ear = new Ear(48000);
        let seed = 1;
        const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
        const noise = () => Float32Array.from({ length: ear.size }, () => random() - 0.5);
        const heard = Array.from({ length: 400 }, () => ear.hear(noise()));
        return [heard.filter(hz => hz !== null), ear.hear(new Float32Array(ear.size))];
    }""") == [[], None]


def test_temperaments(lab: Page) -> None:
    """What each is known for; the A stays what it is in all of them."""
    hertz: dict[str, dict[str, float]] = lab.evaluate("""async () => {
        const { frequency, TEMPERAMENTS } = await import("/static/js/tools/scale.js");
        const at = (temperament, note) => frequency(note, { hz: 442, temperament, tonic: 0 });
        const notes = { c: 60, e: 64, g: 67, a: 69, gsharp: 68, eflat: 75 };
        return Object.fromEntries(Object.keys(TEMPERAMENTS).map(one => [
            one, Object.fromEntries(Object.entries(notes).map(([name, note]) => [name, at(one, note)])),
        ]));
    }""")
    assert {round(notes["a"], 9) for notes in hertz.values()} == {442}
    assert hertz["equal"]["c"] == pytest.approx(442 / 2**0.75)
    assert hertz["just"]["e"] / hertz["just"]["c"] == pytest.approx(5 / 4)
    assert hertz["just"]["g"] / hertz["just"]["c"] == pytest.approx(3 / 2)
    assert hertz["pythagorean"]["e"] / hertz["pythagorean"]["c"] == pytest.approx(81 / 64)
    assert hertz["meantone"]["e"] / hertz["meantone"]["c"] == pytest.approx(5 / 4)
    # The fifth that is left over, as wide as a wolf howls: 738 cents.
    assert hertz["meantone"]["eflat"] / hertz["meantone"]["gsharp"] == pytest.approx(2 ** (737.637 / 1200))
    assert hertz["werckmeister"]["e"] / hertz["werckmeister"]["c"] == pytest.approx(2 ** (390.225 / 1200))
    assert hertz["vallotti"]["e"] / hertz["vallotti"]["c"] == pytest.approx(2 ** (392.180 / 1200))


def test_taps(lab: Page) -> None:
    """A long pause begins anew."""
    taps = lab.evaluate("""async () => {
        const { Taps } = await import("/static/js/tools/beats.js");
        const taps = new Taps();
        return [0, 500, 1010, 1500, 9000, 9400].map(moment => taps.at(moment));
    }""")
    assert taps == [None, 120, 119, 120, None, 150]


def clock(lab: Page, *steps: Any) -> Any:
    """A timer that goes through steps ``[what, minutes]``: each is done so many minutes after the first."""
    script = """async steps => {
        const clock = await import("/static/js/tools/clock.js");
        const [first, news] = [Date.UTC(2026, 1, 3, 16), []];
        let state = clock.fresh({ every: 20 });
        for (const [what, after] of steps) {
            const now = first + after * clock.MINUTE;
            if (what === "look") {
                const found = clock.look(state, now);
                if (found.news) news.push([found.news, after]);
                state = found.state;
            } else state = clock[what](state, now);
        }
        const [last, doubt] = [first + steps.at(-1)[1] * clock.MINUTE, state.doubt];
        return {
            ran: clock.elapsed(state, last) / clock.MINUTE,
            doubt: doubt === null ? null : doubt / clock.MINUTE,
            isOn: state.started !== null,
            news,
        };
    }"""
    return lab.evaluate(script, [list(step) for step in steps])


def looks(until: int) -> list[tuple[str, int]]:
    return [("look", minute) for minute in range(1, until + 1)]


def test_the_timers_rules(lab: Page) -> None:
    start = ("start", 0)
    assert clock(lab, start, *looks(44)) == {
        "ran": 44,
        "doubt": None,
        "isOn": True,
        "news": [["interval", 20], ["interval", 40]],
    }
    # Nobody said anything for 45 minutes: the question stands, the time runs on, one word ends it there.
    assert clock(lab, start, *looks(60))["doubt"] == 45
    assert clock(lab, start, *looks(60), ("yes", 60), ("look", 61))["doubt"] is None
    assert clock(lab, start, *looks(60), ("no", 60))["ran"] == 45
    # The device slept: certain is only what somebody saw. One sound for all that were missed.
    slept = clock(lab, start, *looks(3), ("look", 63))
    assert (slept["ran"], slept["doubt"], slept["news"]) == (63, 3, [["interval", 63]])
    # A page that is looked at once a minute, as in the background, is no gap.
    assert clock(lab, start, *looks(10))["doubt"] is None
    # A pause does not count; starting anew is an answer.
    assert clock(lab, start, ("pause", 10), ("look", 90), ("start", 100), ("look", 101)) == {
        "ran": 11,
        "doubt": None,
        "isOn": True,
        "news": [],
    }
    # No more than five hours, whenever somebody looks again.
    assert clock(lab, start, ("look", 900)) == {"ran": 300, "doubt": 0, "isOn": False, "news": [["cap", 900]]}
    # A clock that was set back takes nothing below zero, and what ran before stays.
    assert clock(lab, start, ("look", -180))["ran"] == 0
    assert clock(lab, start, ("pause", 10), ("start", 20), ("look", -180))["ran"] == 10


def test_what_is_no_timer_is_not_taken_for_one(lab: Page) -> None:
    assert (
        lab.evaluate("""async () => {
        const { fresh, isOurs } = await import("/static/js/tools/clock.js");
        const wrong = [null, [], 7, {}, { before: -1 }, { ...fresh(), started: "x" }];
        return [isOurs(fresh()), ...wrong.map(isOurs), isOurs({ ...fresh(), ask: NaN })];
    }""")
        == [True] + [False] * 7
    )
