-- Rows as this version wrote them. Last migrations: see test_migrations.py.
INSERT INTO accounts_user (id, password, is_superuser, email, display_name, language, time_zone, week_starts_on, is_staff, is_active, date_joined)
VALUES
  ('00000000-0000-0000-0000-000000000001', '!', false, 'teacher@released.example', 'Ida Kern', 'en', 'Europe/Berlin', 0, false, true, '2026-01-05 10:00Z'),
  ('00000000-0000-0000-0000-000000000002', '!', false, 'guardian@released.example', '', 'de', 'America/New_York', 6, false, true, '2026-01-05 10:00Z');
INSERT INTO accounts_student (id, name, age_band, time_zone, day_ends_at_hour, created_at, created_by_id)
VALUES ('00000000-0000-0000-0000-000000000011', 'Mia', 'child', 'America/New_York', 0, '2026-01-05 11:00Z', '00000000-0000-0000-0000-000000000001');
INSERT INTO accounts_guardianship (id, started_at, guardian_id, student_id)
VALUES ('00000000-0000-0000-0000-000000000021', '2026-01-06 11:00Z', '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000011');
INSERT INTO private_teaching_teaching (id, instrument, started_at, student_id, teacher_id)
VALUES ('00000000-0000-0000-0000-000000000031', 'Cello', '2026-01-05 11:00Z', '00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000001');
INSERT INTO practice_practiceentry (id, practised_on, time_zone, minutes, description, struggles, achievements, notes,
  preparing_for_exam, preparing_for_performance, enjoyment, is_private, created_at, addressed_to_id, logged_by_id, student_id)
VALUES
  ('00000000-0000-0000-0000-000000000041', '2026-02-01', 'America/New_York', 25, 'Slow bows', 'shifting', 'in tune', '', true, false, 4, false, '2026-02-01 20:00Z', NULL, '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000011'),
  ('00000000-0000-0000-0000-000000000042', '2026-02-01', 'America/New_York', 15, '', '', '', 'mine', false, false, NULL, true, '2026-02-01 21:00Z', NULL, '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000011'),
  ('00000000-0000-0000-0000-000000000043', '2026-02-02', 'America/New_York', 10, 'Scales', '', '', '', false, false, NULL, false, '2026-02-02 20:00Z', '00000000-0000-0000-0000-000000000031', NULL, '00000000-0000-0000-0000-000000000011');
INSERT INTO practice_practiceitem (id, position, kind, title, minutes, entry_id)
VALUES
  ('00000000-0000-0000-0000-000000000051', 0, 'piece', 'Minuet in G', 15, '00000000-0000-0000-0000-000000000041'),
  ('00000000-0000-0000-0000-000000000052', 1, 'exercise', 'Long notes', NULL, '00000000-0000-0000-0000-000000000041');
INSERT INTO practice_practiceday (practised_on, is_private, sessions, minutes, exam_minutes, performance_minutes, addressed_to_id, student_id)
VALUES
  ('2026-02-01', false, 1, 25, 25, 0, NULL, '00000000-0000-0000-0000-000000000011'),
  ('2026-02-01', true, 1, 15, 0, 0, NULL, '00000000-0000-0000-0000-000000000011'),
  ('2026-02-02', false, 1, 10, 0, 0, '00000000-0000-0000-0000-000000000031', '00000000-0000-0000-0000-000000000011');
INSERT INTO practice_entrycomment (id, author_role, kind, body, created_at, author_id, thread_id, entry_id)
VALUES ('00000000-0000-0000-0000-000000000061', 'teacher', 'comment', 'Lovely!', '2026-02-02 09:00Z', '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000031', '00000000-0000-0000-0000-000000000041');
INSERT INTO practice_newmark (marked_at, teaching_id, entry_id)
VALUES ('2026-02-02 20:00Z', '00000000-0000-0000-0000-000000000031', '00000000-0000-0000-0000-000000000043');
