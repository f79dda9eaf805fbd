"""The statements that make a large diary, each over the temporary table ``scale_student``.

Chance comes from MD5 over seed, student and number, never from ``random()``: the same seed makes the
same rows on every server.
"""

STUDENTS = """
    CREATE TEMPORARY TABLE scale_student (
        no integer, id uuid, teaching_id uuid, teacher_id uuid, logger_id uuid, logger_role text,
        time_zone text, today date, entries integer
    ) ON COMMIT DROP
"""

COPY_STUDENTS = "COPY scale_student FROM STDIN"

# A heavy student's sessions are short, so that no day is longer than a day.
# The rows go in day by day, as a real diary grows: the entries of one student do not lie together.
ENTRIES = """
    INSERT INTO practice_practiceentry
        (id, student_id, logged_by_id, practised_on, started_at_time, time_zone, minutes,
         description, struggles, achievements, notes, preparing_for_exam, preparing_for_performance,
         enjoyment, mood, quality, difficulty, confidence, is_private, addressed_to_id, created_at)
    SELECT md5(made.hash || 'entry')::uuid, s.id, s.logger_id, made.day, made.starts, s.time_zone,
           made.minutes, words.what[1 + made.a %% 8],
           CASE WHEN made.b %% 4 = 0 THEN words.hard[1 + made.a %% 5] ELSE '' END,
           CASE WHEN made.c %% 4 = 0 THEN words.well[1 + made.b %% 5] ELSE '' END,
           CASE WHEN made.d %% 6 = 0 THEN words.note[1 + made.c %% 4] ELSE '' END,
           made.b %% 40 = 1, made.c %% 50 = 2,
           CASE WHEN made.a %% 3 > 0 THEN 2 + made.b %% 4 END,
           CASE WHEN made.a %% 5 = 0 THEN 1 + made.c %% 5 END,
           CASE WHEN made.b %% 3 = 0 THEN 1 + made.d %% 5 END,
           CASE WHEN made.c %% 5 = 0 THEN 1 + made.a %% 5 END,
           CASE WHEN made.d %% 5 = 0 THEN 1 + made.b %% 5 END,
           made.of_day %% 30 = 7,
           CASE WHEN made.of_day %% 30 = 8 THEN s.teaching_id END,
           least((made.day + made.starts) AT TIME ZONE s.time_zone + make_interval(mins => made.minutes),
                 %(now)s)
    FROM scale_student s
    CROSS JOIN generate_series(0, s.entries - 1) AS n
    CROSS JOIN (VALUES (%(what)s::text[], %(hard)s::text[], %(well)s::text[], %(note)s::text[]))
        AS words (what, hard, well, note)
    CROSS JOIN LATERAL (SELECT md5(%(seed)s || ':' || s.no || ':' || n) AS hash) AS dice
    CROSS JOIN LATERAL (
        SELECT dice.hash,
               s.today - (n::bigint * %(days)s / s.entries)::integer AS day,
               least(75, 1000 / (1 + s.entries / %(days)s)) AS longest,
               ('x' || substr(dice.hash, 1, 4))::bit(16)::integer AS a,
               ('x' || substr(dice.hash, 5, 4))::bit(16)::integer AS b,
               ('x' || substr(dice.hash, 9, 4))::bit(16)::integer AS c,
               ('x' || substr(dice.hash, 13, 4))::bit(16)::integer AS d
    ) AS rolled
    CROSS JOIN LATERAL (
        SELECT rolled.*,
               CASE WHEN longest < 75 THEN 1 + a %% longest ELSE 5 * (1 + a %% 15) END AS minutes,
               time '14:00' + make_interval(mins => 5 * (b %% 72)) AS starts,
               ('x' || substr(md5(%(seed)s || ':' || s.no || ':' || rolled.day), 1, 4))::bit(16)::integer
                   AS of_day
    ) AS made
    ORDER BY made.day, made.hash
"""

LINES = """
    INSERT INTO practice_practiceitem
        (id, entry_id, position, kind, title, piece_id, skill_id, minutes, share_minutes, tempo)
    SELECT md5(e.id::text || ':' || n)::uuid, e.id, n,
           CASE WHEN roll.dice %% 3 = 0 THEN 'exercise' ELSE 'piece' END,
           named.title, piece.id, skill.id,
           CASE WHEN n < lines.last THEN nullif(e.minutes / 2, 0) END,
           CASE WHEN n < lines.last THEN greatest(e.minutes / 2, 1)
                WHEN n = 0 THEN e.minutes
                ELSE e.minutes - greatest(e.minutes / 2, 1) END,
           CASE WHEN roll.dice %% 4 = 0 THEN 60 + roll.dice %% 80 END
    FROM scale_student s
    JOIN practice_practiceentry e ON e.student_id = s.id
    CROSS JOIN (VALUES (%(pieces)s::text[], %(exercises)s::text[])) AS words (pieces, exercises)
    CROSS JOIN LATERAL (
        SELECT ('x' || substr(md5(e.id::text), 1, 4))::bit(16)::integer %% 2 AS last
    ) AS lines
    CROSS JOIN generate_series(0, lines.last) AS n
    CROSS JOIN LATERAL (
        SELECT ('x' || substr(md5(e.id::text), 5 + 4 * n, 4))::bit(16)::integer AS dice
    ) AS roll
    CROSS JOIN LATERAL (
        SELECT CASE WHEN roll.dice %% 3 = 0 THEN words.exercises[1 + roll.dice / 3 %% 6]
                    ELSE words.pieces[1 + roll.dice / 3 %% 12] END AS title
    ) AS named
    LEFT JOIN repertoire_piece AS piece ON piece.student_id = s.id AND piece.title = named.title
    LEFT JOIN repertoire_skill AS skill ON skill.student_id = s.id AND skill.name = named.title
"""

FOCUS_AREAS = """
    INSERT INTO practice_practiceentry_focus_areas (practiceentry_id, focusarea_id)
    SELECT e.id, area.id
    FROM scale_student s
    JOIN practice_practiceentry e ON e.student_id = s.id
    CROSS JOIN LATERAL (SELECT ('x' || substr(md5(e.id::text), 13, 4))::bit(16)::integer AS dice) AS roll
    JOIN (SELECT id, row_number() OVER (ORDER BY position, id) AS no, count(*) OVER () AS of_all
          FROM practice_focusarea WHERE student_id IS NULL) AS area
        ON area.no = 1 + roll.dice / 2 %% area.of_all
    WHERE roll.dice %% 2 = 0
"""

# One entry in twelve is answered by the teacher, one answer in three by the family.
COMMENTS = """
    INSERT INTO practice_entrycomment
        (id, entry_id, thread_id, author_id, author_role, kind, body, created_at)
    SELECT md5(e.id::text || role.name)::uuid, e.id, e.addressed_to_id,
           CASE role.name WHEN 'teacher' THEN s.teacher_id ELSE s.logger_id END,
           CASE role.name WHEN 'teacher' THEN 'teacher' ELSE s.logger_role END, 'comment',
           CASE role.name WHEN 'teacher' THEN words.answers[1 + roll.dice / 36 %% 6]
                ELSE words.replies[1 + roll.dice / 36 %% 3] END,
           least(e.created_at + role.after, %(now)s)
    FROM scale_student s
    JOIN practice_practiceentry e ON e.student_id = s.id AND NOT e.is_private
    CROSS JOIN (VALUES (%(answers)s::text[], %(replies)s::text[])) AS words (answers, replies)
    CROSS JOIN LATERAL (SELECT ('x' || substr(md5(e.id::text), 17, 4))::bit(16)::integer AS dice) AS roll
    JOIN (VALUES ('teacher', interval '5 hours', 12), ('family', interval '7 hours', 36))
        AS role (name, after, every) ON roll.dice %% role.every = 0
"""

MARKS = """
    INSERT INTO practice_newmark (teaching_id, entry_id, marked_at)
    SELECT s.teaching_id, e.id, e.created_at
    FROM scale_student s
    JOIN practice_practiceentry e ON e.student_id = s.id
    WHERE NOT e.is_private AND e.practised_on > s.today - %(new_days)s
"""

DAYS = """
    INSERT INTO practice_practiceday
        (student_id, practised_on, is_private, addressed_to_id,
         sessions, minutes, exam_minutes, performance_minutes)
    SELECT e.student_id, e.practised_on, e.is_private, e.addressed_to_id, count(*), sum(e.minutes),
           coalesce(sum(e.minutes) FILTER (WHERE e.preparing_for_exam), 0),
           coalesce(sum(e.minutes) FILTER (WHERE e.preparing_for_performance), 0)
    FROM scale_student s
    JOIN practice_practiceentry e ON e.student_id = s.id
    GROUP BY e.student_id, e.practised_on, e.is_private, e.addressed_to_id
    ORDER BY e.practised_on, e.student_id
"""

THING_DAYS = """
    INSERT INTO practice_thingday
        (student_id, practised_on, is_private, addressed_to_id, piece_id, skill_id, sessions, minutes)
    SELECT e.student_id, e.practised_on, e.is_private, e.addressed_to_id, line.piece_id, line.skill_id,
           count(DISTINCT e.id), sum(line.share_minutes)
    FROM scale_student s
    JOIN practice_practiceentry e ON e.student_id = s.id
    JOIN practice_practiceitem line ON line.entry_id = e.id
    WHERE line.piece_id IS NOT NULL OR line.skill_id IS NOT NULL
    GROUP BY e.student_id, e.practised_on, e.is_private, e.addressed_to_id, line.piece_id, line.skill_id
    ORDER BY e.practised_on, e.student_id
"""

PEOPLE = [
    "accounts_user",
    "accounts_student",
    "accounts_guardianship",
    "private_teaching_teaching",
    "repertoire_piece",
    "repertoire_skill",
]
DIARIES = [
    "practice_practiceentry",
    "practice_practiceitem",
    "practice_practiceentry_focus_areas",
    "practice_entrycomment",
    "practice_newmark",
    "practice_practiceday",
    "practice_thingday",
    "practice_entrywords",
]

WORDS = {
    "what": [
        "Slow, with the metronome",
        "The hard bars, hands apart",
        "Everything once, then the end",
        "Warm-up, scales, the new piece",
        "Played through for the family",
        "Only the second page",
        "Prepared the lesson",
        "",
    ],
    "hard": [
        "The shift in bar 14",
        "Keeping the tempo in the run",
        "Left hand alone is fine, together it falls apart",
        "The high notes crack",
        "Counting the rests",
    ],
    "well": [
        "The first page by heart",
        "Even semiquavers at 92",
        "A good sound on the long notes",
        "No stop until the coda",
        "The trill at last",
    ],
    "note": [
        "Ask about the fingering in the second line.",
        "Was tired today, so only a little. Tomorrow again with the metronome, from 60 up.",
        "New strings, they go out of tune quickly.",
        "Recorded it and listened: the beginning is faster than the end.",
    ],
    "pieces": [
        "Minuet in G",
        "Für Elise",
        "Gavotte",
        "Sonatina op. 36 no. 1",
        "The Wild Horseman",
        "Prelude in C",
        "Arioso",
        "Concerto in A minor, 1st movement",
        "Ode to Joy",
        "Greensleeves",
        "Clair de lune",
        "Hungarian Dance no. 5",
    ],
    "exercises": [
        "Scale of D major, two octaves",
        "Arpeggios",
        "Long notes",
        "Hanon no. 3",
        "Chromatic scale",
        "Sight-reading, one page",
    ],
    "answers": [
        "Lovely progress. Keep the wrist loose in the run.",
        "Try it at half the speed, three times without a stop.",
        "We look at these bars together on Thursday.",
        "That is exactly how to practise it.",
        "Good! Now the same with your eyes closed.",
        "Please send me a note when the second page works.",
    ],
    "replies": ["Thank you, we will try.", "It went better today.", "Which bars do you mean?"],
}
