// Notes, by number: 69 is the A above middle C, as in MIDI. A temperament says for each of the twelve notes, counted
// up from its tonic, how many cents it lies above (or below) the equal one.

const FIFTH = 1200 * Math.log2(3 / 2);
const PYTHAGOREAN_COMMA = 12 * FIFTH - 8400;
const SYNTONIC_COMMA = 1200 * Math.log2(81 / 80);

// From a chain of fifths: by how much each is narrower than pure, from the tonic upwards, and from it downwards.
function chain(up, down) {
  const cents = Array(12).fill(0);
  let here = 0;
  up.forEach((narrow, number) => {
    here += FIFTH - narrow;
    cents[((number + 1) * 7) % 12] = here - 700 * (number + 1);
  });
  here = 0;
  down.forEach((narrow, number) => {
    here -= FIFTH - narrow;
    cents[(((number + 1) * 5) % 12)] = here + 700 * (number + 1);
  });
  return cents;
}

const pure = (count) => Array(count).fill(0);
const ratios = [1, 16 / 15, 9 / 8, 6 / 5, 5 / 4, 4 / 3, 45 / 32, 3 / 2, 8 / 5, 5 / 3, 9 / 5, 15 / 8];
const P = PYTHAGOREAN_COMMA;

export const TEMPERAMENTS = {
  equal: Array(12).fill(0),
  just: ratios.map((ratio, number) => 1200 * Math.log2(ratio) - 100 * number),
  pythagorean: chain(pure(8), pure(3)),
  meantone: chain(Array(8).fill(SYNTONIC_COMMA / 4), Array(3).fill(SYNTONIC_COMMA / 4)),
  // Narrow by a quarter of the comma: C–G, G–D, D–A and B–F sharp.
  werckmeister: chain([P / 4, P / 4, P / 4, 0, 0, P / 4, 0, 0], pure(3)),
  // Narrow by a sixth: from F to B.
  vallotti: chain([P / 6, P / 6, P / 6, P / 6, P / 6, 0, 0, 0], [P / 6, 0, 0]),
};

export const A = 69;
export const EQUAL = { hz: 440, temperament: "equal", tonic: 0 };

const mod = (number) => ((number % 12) + 12) % 12;

// Cents above the equal note, with the A staying what it is: the reference is the A.
function offset(note, { temperament, tonic }) {
  const cents = TEMPERAMENTS[temperament] ?? TEMPERAMENTS.equal;
  return cents[mod(note - tonic)] - cents[mod(A - tonic)];
}

export function frequency(note, reference = EQUAL) {
  return reference.hz * 2 ** ((note - A) / 12 + offset(note, reference) / 1200);
}

// The nearest note, and by how many cents the tone is above it.
export function nearest(hz, reference = EQUAL) {
  const equal = Math.round(A + 12 * Math.log2(hz / reference.hz));
  const found = [equal - 1, equal, equal + 1].map((note) => ({ note, cents: 1200 * Math.log2(hz / frequency(note, reference)) }));
  return found.reduce((best, one) => (Math.abs(one.cents) < Math.abs(best.cents) ? one : best));
}

export const octave = (note) => Math.floor(note / 12) - 1;
export const name = (note, names) => `${names[mod(note)]}${octave(note)}`;
