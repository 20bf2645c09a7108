/* The words of a text as a search compares them, by the tables that made the index. The steps are those of
   search/terms.py: what is changed here is changed there. */
"use strict";

/* What has arrived of the index, by name: each of its files hands over what it holds. */
const files = {};
const archiverSearch = { take: (name, data) => (files[name] = data) };

/* What reads the terms of a text, in their order: where the word of each begins and ends, whether it is a
   single sign of a script without spaces, and whether it is the last of several. */
const makeReader = ([longest, unseen, dropped, unspaced, letters]) => {
  const make = (signs) => new RegExp(signs, "gu");
  const LETTER = `${unseen}\\p{L}\\p{N}\\p{M}`;
  const WORDS = make(`[_${LETTER}]+`);
  const PARTS = make(`[${LETTER}]+`);
  const DROPPED = make(`[${dropped}]+`);
  const RUNS = make(`([${unspaced}]+)|[^${unspaced}]+`);

  const split = (word) => {
    const folded = word.normalize("NFKD").replace(DROPPED, "").normalize("NFC").toLowerCase();
    const spelt = [...folded].map((letter) => letters[letter] ?? letter).join("");
    return (spelt.match(PARTS) ?? []).flatMap((part) =>
      [...part.matchAll(RUNS)].flatMap(([run, unspaced]) => {
        const signs = [...run];
        if (!unspaced) return { term: signs.slice(0, longest).join("") };
        return signs.map((sign, at) => {
          const single = !signs[at + 1];
          return { term: sign + (signs[at + 1] ?? ""), single, last: single && at > 0 };
        });
      }),
    );
  };

  return (text) =>
    [...text.matchAll(WORDS)].flatMap(({ 0: word, index }) =>
      split(word).map((term) => ({ ...term, start: index, end: index + word.length })),
    );
};
