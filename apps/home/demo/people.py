"""Who is who in the demo studio. All made up; the addresses lead nowhere (RFC 2606)."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.accounts.models.students import AgeBand
from apps.accounts.models.users import WeekStart

BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person who signs in. Those without ``has_demo_login`` have no password at all."""

    key: str
    name: str
    email: str
    zone: str = BERLIN
    language: str = "en"
    week_starts_on: int = WeekStart.MONDAY
    what: str = ""

    @property
    def has_demo_login(self) -> bool:
        return bool(self.what)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One instrument with one teacher; ``ended_days_ago`` for somebody who has left."""

    teacher: str
    instrument: str
    ended_days_ago: int | None = None


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """A student and how they practise: how often, how long, what, in whose words."""

    key: str
    name: str
    voice: str
    pieces: Sequence[str]
    exercises: Sequence[str]
    lessons: Sequence[Lesson] = (Lesson(teacher="teacher", instrument="Piano"),)
    login: str = ""
    guardians: Sequence[str] = ()
    age_band: str = AgeBand.CHILD
    zone: str = BERLIN
    language: str = "en"
    days_per_week: float = 4
    minutes: Sequence[int] = (10, 15, 20)
    weeks: int = 13
    silent_days: int = 0
    exam: bool = False
    performance: bool = False
    private_share: float = 0
    addressed_share: float = 0
    also_plays: Sequence[str] = ()
    level: str = ""
    goal: str = ""


ACCOUNTS = [
    Account(key="teacher", name="Anna Lindner", email="teacher@demo.example", what="teaches them all"),
    Account(
        key="teacher2",
        name="Samuel Ortiz",
        email="teacher2@demo.example",
        what="teaches one of them the guitar",
    ),
    Account(
        key="student",
        name="Robert Hale",
        email="student@demo.example",
        zone=NEW_YORK,
        week_starts_on=WeekStart.SUNDAY,
        what="an adult who learns",
    ),
    Account(
        key="teen", name="Leo Brandt", email="teen@demo.example", language="de", what="fifteen, two teachers"
    ),
    Account(key="guardian", name="Julia Keller", email="guardian@demo.example", what="mother of two"),
    Account(
        key="guardian2",
        name="Thomas Brandt",
        email="guardian2@demo.example",
        language="de",
        what="father of two, reads German",
    ),
    Account(key="staff", name="Grace Staff", email="staff@demo.example", what="support and safeguarding"),
    # Families of their own, so that the studio is no desert; nobody can sign in as them.
    Account(key="jonas", name="Jonas Keller", email="jonas.keller@families.example"),
    Account(key="okafor", name="Ngozi Okafor", email="ngozi.okafor@families.example"),
    Account(key="okafor2", name="Daniel Okafor", email="daniel.okafor@families.example"),
    Account(
        key="carter",
        name="Melissa Carter",
        email="melissa.carter@families.example",
        zone=NEW_YORK,
        week_starts_on=WeekStart.SUNDAY,
    ),
    Account(key="wojcik", name="Ewa Wójcik", email="ewa.wojcik@families.example"),
    Account(key="demir", name="Aylin Demir", email="aylin.demir@families.example", language="de"),
    Account(key="rivera", name="Elena Rivera", email="elena.rivera@families.example", zone=NEW_YORK),
    Account(key="adler", name="Ruth Adler", email="ruth.adler@families.example"),
    Account(key="sommer", name="Katrin Sommer", email="katrin.sommer@families.example", language="de"),
    Account(key="grandmother", name="Helga Keller", email="helga.keller@families.example", language="de"),
]

PUPILS = [
    Pupil(
        key="robert",
        name="Robert Hale",
        login="student",
        age_band=AgeBand.ADULT,
        zone=NEW_YORK,
        voice="adult",
        pieces=[
            "Erik Satie: Gymnopédie No. 1",
            "J. S. Bach: Prelude in C, BWV 846",
            "Robert Schumann: Träumerei",
        ],
        exercises=["Hanon No. 1 to 5", "Scales in thirds, D major", "Arpeggios, two octaves"],
        days_per_week=4.5,
        minutes=(25, 30, 40, 45, 60),
        private_share=0.1,
        also_plays=["Singing in a choir"],
        level="basics",
        goal="Play the first Gymnopédie for my wife on our anniversary, by heart and without hurry.",
    ),
    Pupil(
        key="leo",
        name="Leo Brandt",
        login="teen",
        guardians=["guardian2"],
        age_band=AgeBand.TEEN,
        language="de",
        voice="teen",
        lessons=[
            Lesson(teacher="teacher", instrument="Piano"),
            Lesson(teacher="teacher2", instrument="Guitar"),
        ],
        pieces=[
            "Ludwig van Beethoven: Für Elise",
            "Francisco Tárrega: Lágrima",
            "Scott Joplin: The Entertainer",
        ],
        exercises=["Wechselschlag mit Metronom", "Tonleiter a-Moll", "Barré-Griffe"],
        days_per_week=4,
        minutes=(20, 25, 30, 45),
        performance=True,
        private_share=0.08,
        addressed_share=0.3,
        also_plays=["Schlagzeug"],
        level="confident",
        goal="The Entertainer beim Sommerkonzert, im richtigen Tempo. Später eine eigene Band.",
    ),
    Pupil(
        key="mia",
        name="Mia Keller",
        guardians=["guardian", "guardian2"],
        voice="child",
        pieces=[
            "Christian Petzold: Minuet in G",
            "Béla Bartók: For Children, No. 3",
            "Robert Schumann: The Wild Horseman",
        ],
        exercises=["Five-finger patterns in G", "C major, hands together"],
        days_per_week=5,
        level="starting",
        goal="I want to play the Wild Horseman really fast!",
    ),
    Pupil(
        key="jonas",
        name="Jonas Keller",
        login="jonas",
        guardians=["guardian"],
        age_band=AgeBand.TEEN,
        voice="teen",
        pieces=["Ode to Joy", "Au clair de la lune", "Daniel Gottlob Türk: Little Dance"],
        exercises=["Finger numbers", "Clapping rhythms"],
        days_per_week=3.5,
        minutes=(5, 10, 10, 15),
    ),
    Pupil(
        key="sofia",
        name="Sofia Okafor",
        guardians=["okafor", "okafor2"],
        voice="child",
        lessons=[Lesson(teacher="teacher", instrument="Recorder")],
        pieces=["Georg Philipp Telemann: Gigue in A minor", "Jacob van Eyck: Daphne", "Greensleeves"],
        exercises=["Long notes", "F major with forked F"],
        days_per_week=5.5,
        minutes=(15, 20, 25),
        performance=True,
    ),
    Pupil(
        key="ben",
        name="Ben Carter",
        guardians=["carter"],
        zone=NEW_YORK,
        voice="child",
        pieces=[
            "Muzio Clementi: Sonatina in C, first part",
            "W. A. Mozart: Minuet in F, K. 2",
            "Yankee Doodle",
        ],
        exercises=["G major, two octaves", "Sight-reading cards"],
        days_per_week=3,
    ),
    Pupil(
        key="emma",
        name="Emma Wójcik",
        guardians=["wojcik"],
        age_band=AgeBand.TEEN,
        voice="teen",
        pieces=[
            "Frédéric Chopin: Waltz in A minor, B. 150",
            "J. S. Bach: Invention No. 1",
            "Edvard Grieg: Arietta",
        ],
        exercises=["Scales for the exam: E, B, F sharp", "Sight-reading, grade 5", "Aural tests"],
        days_per_week=5.5,
        minutes=(30, 35, 45, 60),
        exam=True,
        level="advanced",
        goal="Pass grade 6 in spring, and then only play Chopin.",
    ),
    Pupil(
        key="yusuf",
        name="Yusuf Demir",
        guardians=["demir"],
        language="de",
        voice="child",
        pieces=["Ludwig van Beethoven: Ecossaise in G", "Johann Krieger: Menuett in a-Moll"],
        exercises=["Tonleiter G-Dur", "Rhythmus klatschen"],
        days_per_week=3,
        silent_days=9,
    ),
    Pupil(
        key="tomas",
        name="Tomás Rivera",
        guardians=["rivera"],
        age_band=AgeBand.TEEN,
        zone=NEW_YORK,
        voice="teen",
        pieces=[
            "Isaac Albéniz: Asturias, opening",
            "Claude Debussy: The Little Shepherd",
            "Scott Joplin: Maple Leaf Rag",
        ],
        exercises=["Octaves, slowly", "Left-hand jumps"],
        days_per_week=4,
        minutes=(20, 30, 40, 50),
        performance=True,
    ),
    Pupil(
        key="ruth",
        name="Ruth Adler",
        login="adler",
        age_band=AgeBand.ADULT,
        voice="adult",
        pieces=["Franz Schubert: Moment musical No. 3", "Clara Schumann: Romance, Op. 21 No. 1"],
        exercises=["Trills, fourth and fifth finger", "Cadences in all keys"],
        days_per_week=3,
        minutes=(30, 40, 50),
        silent_days=4,
    ),
    # Added last week with a name and an instrument only: the invitation waits for its answer.
    Pupil(
        key="noor",
        name="Noor Haddad",
        age_band=AgeBand.UNKNOWN,
        voice="child",
        pieces=["Hot Cross Buns"],
        exercises=["Finger numbers"],
        days_per_week=0,
        weeks=1,
    ),
    Pupil(
        key="greta",
        name="Greta Sommer",
        guardians=["sommer"],
        language="de",
        voice="child",
        lessons=[Lesson(teacher="teacher", instrument="Piano", ended_days_ago=32)],
        pieces=["Robert Schumann: Fröhlicher Landmann", "Cornelius Gurlitt: Jagdstück"],
        exercises=["Tonleiter D-Dur", "Staccato-Übung"],
        days_per_week=3.5,
        silent_days=33,
    ),
]
