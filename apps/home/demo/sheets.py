"""A sheet of music for the demo, drawn by ourselves: a melody that wanders by steps, in quarter notes."""

from random import Random

from PIL import Image, ImageDraw, ImageFont

from apps.core.pictures import Picture, as_webp

WIDTH, HEIGHT, MARGIN = 1240, 1754, 110
STAVES, BARS, BEATS = 8, 4, 4
# Between two lines of a staff, and from one staff to the next.
SPACE, STAFF = 16, 165
TOP = 260
INK, PAPER = "#1d1d1f", "#fffdf8"
# Steps above the lowest line that stay readable without ledger lines.
LOWEST, HIGHEST = -1, 9


def draw_sheet(title: str, *, random: Random) -> Picture:
    """One page, upright, as pages are kept. The font knows the letters of English alone."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((WIDTH / 2, 130), title, fill=INK, font=ImageFont.load_default(54), anchor="mm")
    step = 4
    for staff in range(STAVES):
        step = _staff(pen, TOP + staff * STAFF, step, random)
    return Picture(as_webp(sheet), WIDTH, HEIGHT)


def _staff(pen: ImageDraw.ImageDraw, top: int, step: int, random: Random) -> int:
    """Five lines with their bars and notes; returns the step where the melody is."""
    bottom, wide = top + 4 * SPACE, (WIDTH - 2 * MARGIN) / BARS
    for line in range(5):
        pen.line((MARGIN, top + line * SPACE, WIDTH - MARGIN, top + line * SPACE), fill=INK, width=2)
    for bar in range(BARS + 1):
        pen.line((MARGIN + bar * wide, top, MARGIN + bar * wide, bottom), fill=INK, width=3)
    for beat in range(BARS * BEATS):
        step = min(max(step + random.choice((-2, -1, -1, 1, 1, 2)), LOWEST), HIGHEST)
        x = MARGIN + (beat + 0.5) * wide / BEATS
        _note(pen, x, bottom - step * SPACE / 2, is_high=step > 4)
    return step


def _note(pen: ImageDraw.ImageDraw, x: float, y: float, *, is_high: bool) -> None:
    """The stem of a high note goes down on its left, that of a low one up on its right."""
    pen.ellipse((x - 10, y - 7, x + 10, y + 7), fill=INK)
    side, length = (-9, 3.5 * SPACE) if is_high else (9, -3.5 * SPACE)
    pen.line((x + side, y, x + side, y + length), fill=INK, width=3)
