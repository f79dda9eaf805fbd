"""What people write into their diaries, in their own words and languages; ``{piece}`` is the first line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """How somebody writes: what went well, what was hard, a note now and then."""

    achievements: Sequence[str]
    struggles: Sequence[str]
    notes: Sequence[str]


VOICES: Mapping[tuple[str, str], Voice] = {
    ("child", "en"): Voice(
        achievements=[
            "I played it all the way to the end without stopping!",
            "Both hands together for the first time.",
            "I did the fast bit three times right.",
            "My thumb went under without me thinking.",
            "I can do the first line with my eyes closed.",
            "Grandma guessed the song on the phone.",
            "I counted out loud and it worked.",
            "It sounds like a real song now.",
            "I made it soft at the end like you showed me.",
            "Only one mistake, and I kept going.",
        ],
        struggles=[
            "My left hand is always late in the second line.",
            "I forget the F sharp.",
            "The jump in bar 7 is mean.",
            "I get faster and faster and then I fall out.",
            "Fingers 4 and 5 do not want to move by themselves.",
            "I cannot remember the middle part.",
            "The rests. I always play over them.",
            "My hands want to do the same thing.",
        ],
        notes=[
            "We used the kitchen timer.",
            "The cat sat on the keys.",
            "Played for Dad when he came home.",
            "Did it before school today.",
        ],
    ),
    ("child", "de"): Voice(
        achievements=[
            "Ich habe es ganz ohne Stopp gespielt!",
            "Zum ersten Mal beide Hände zusammen.",
            "Den schnellen Teil habe ich dreimal richtig geschafft.",
            "Ich habe laut gezählt und es hat geklappt.",
            "Oma hat das Lied am Telefon erkannt.",
            "Der Schluss ist jetzt richtig leise.",
        ],
        struggles=[
            "Die linke Hand kommt immer zu spät.",
            "Ich vergesse das Fis.",
            "Der Sprung in Takt 7 ist gemein.",
            "Ich werde immer schneller und dann fliege ich raus.",
            "Die Pausen überspiele ich jedes Mal.",
        ],
        notes=["Heute vor der Schule geübt.", "Mit der Küchenuhr.", "Papa hat zugehört."],
    ),
    ("teen", "en"): Voice(
        achievements=[
            "Got the middle section up to 92 with the metronome.",
            "Memorised the first page.",
            "The voices finally sound separate.",
            "Pedal changes are clean now, at least slowly.",
            "Played it through for my friends and did not panic.",
            "Sight-reading without stopping, two pages.",
        ],
        struggles=[
            "Bars 17 to 24: right hand tenses up after a minute.",
            "I rush as soon as it gets loud.",
            "The trill is uneven.",
            "Cannot decide on a fingering for the run.",
            "Memory gap at the repeat, every single time.",
            "Left-hand jumps are 50/50.",
        ],
        notes=[
            "Tired today, kept it short.",
            "Recorded myself. It is faster than I thought.",
            "Slow practice only, as agreed.",
        ],
    ),
    ("teen", "de"): Voice(
        achievements=[
            "Der Mittelteil läuft jetzt mit 92.",
            "Erste Seite auswendig.",
            "Der Wechselschlag klingt endlich gleichmäßig.",
            "Einmal komplett durchgespielt, ohne rauszufliegen.",
            "Das Barré in Takt 9 schnarrt nicht mehr.",
            "Vor meiner Schwester vorgespielt, war okay.",
        ],
        struggles=[
            "Ab Takt 17 verkrampft die rechte Hand.",
            "Ich werde schneller, sobald es laut wird.",
            "Beim Lagenwechsel treffe ich die Saite nicht.",
            "Nach der Wiederholung weiß ich nicht weiter.",
            "Die Sprünge links klappen nur jedes zweite Mal.",
        ],
        notes=[
            "War müde, nur kurz.",
            "Habe mich aufgenommen. Schneller als gedacht.",
            "Nur langsam geübt, wie besprochen.",
        ],
    ),
    ("adult", "en"): Voice(
        achievements=[
            "The left hand breathes now; the melody floats.",
            "First page from memory, with the score closed.",
            "Even sixteenths at 66. Slow is the secret, it turns out.",
            "Voicing: the top line sings without force.",
            "Played for my wife after dinner. She asked for it twice.",
            "Cadences in all the flat keys, no hesitation.",
        ],
        struggles=[
            "My shoulders creep up in the second half.",
            "The stretch of a tenth in bar 12; I roll it and lose the pulse.",
            "Pedal blurs the harmony change before the reprise.",
            "I practise mistakes when I am tired.",
            "Counting four against three is still arithmetic, not music.",
        ],
        notes=[
            "Half an hour before work. The best half hour of the day.",
            "Tuned the piano last week, what a difference.",
            "Listened to three recordings first.",
        ],
    ),
}
VOICES = {**VOICES, ("adult", "de"): VOICES["adult", "en"]}

PRAISE: Mapping[str, Sequence[str]] = {
    "en": [
        "That is exactly how it grows: small pieces, every day. Well done.",
        "Lovely. Next time try the same bars with your eyes closed.",
        "I am glad that you kept going after the mistake. That is what musicians do.",
        "Bravo! Let us hear it on Thursday.",
        "Good idea to count out loud. Keep it for one more week.",
        "You can be proud of this. Now make the last line softer, as if somebody slept next door.",
        "Great work. I would stay at this tempo for three more days.",
        "I can tell how carefully you listened.",
    ],
    "de": [
        "Genau so wächst es: jeden Tag ein kleines Stück. Sehr schön.",
        "Toll! Spiel die Stelle nächstes Mal mit geschlossenen Augen.",
        "Gut, dass du nach dem Fehler weitergespielt hast. Das machen Musiker so.",
        "Bravo! Das hören wir uns am Donnerstag an.",
        "Bleib noch drei Tage bei diesem Tempo, dann sitzt es.",
    ],
}
HELP: Mapping[str, Sequence[str]] = {
    "en": [
        "Play only the left hand, very slowly, and sing the right hand. Five times is enough.",
        "Stop one beat before the hard place, breathe, then go on. Tell me if it helps.",
        "Take just these two bars. Three times right in a row, then close the lid.",
        "Put a pencil cross over the note that you forget. The eye helps the finger.",
        "That passage is hard for everybody. We will find a better fingering on Thursday.",
        "Use the metronome at half the tempo and do not look at your hands.",
    ],
    "de": [
        "Spiel nur die linke Hand, ganz langsam, und sing die rechte dazu. Fünfmal reicht.",
        "Halte einen Schlag vor der schweren Stelle an, atme, dann weiter.",
        "Nimm nur diese zwei Takte. Dreimal hintereinander richtig, dann ist Schluss.",
        "Die Stelle ist für alle schwer. Am Donnerstag suchen wir einen besseren Fingersatz.",
    ],
}
REPLIES: Mapping[tuple[str, str], Sequence[str]] = {
    ("student", "en"): [
        "Thank you, I will try that tonight.",
        "That helped. Three times right in a row today.",
        "I did it with eyes closed and it worked!",
        "Could we look at the fingering together?",
    ],
    ("student", "de"): [
        "Danke, probiere ich heute Abend.",
        "Hat geholfen, dreimal richtig hintereinander.",
        "Können wir den Fingersatz zusammen anschauen?",
    ],
    ("guardian", "en"): [
        "That made us all happy. Thank you!",
        "We did it your way and there were no tears today.",
        "Thank you. Is ten minutes enough on school days?",
        "Your words went straight from the page to the music stand.",
    ],
    ("guardian", "de"): [
        "Danke, das hat sehr motiviert.",
        "Wir haben es so gemacht, und es ging viel leichter.",
        "Danke! Reichen zehn Minuten an Schultagen?",
    ],
}
PRIVATE_NOTES: Mapping[str, Sequence[str]] = {
    "en": [
        "Nothing worked today and I nearly gave up. Tomorrow again.",
        "A surprise for the next lesson: I am learning the second page on my own.",
        "Just played what I liked. It was good.",
    ],
    "de": [
        "Heute hat gar nichts geklappt. Morgen wieder.",
        "Ich lerne heimlich die zweite Seite, als Überraschung.",
        "Nur zum Spaß gespielt. War gut.",
    ],
}
