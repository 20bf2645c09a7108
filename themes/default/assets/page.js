/* What the scripts of all pages share. They only add: without them each page is whole. */
"use strict";

const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language);
const find = (place, within = document) => within.querySelector(place);
const findAll = (place, within = document) => [...within.querySelectorAll(place)];

/* Begin a feature, and begin it again where a preview has put another body into the page. */
const begin = (feature) => {
  feature();
  addEventListener("archiver-fresh", feature);
};

/* What the reader has chosen, kept where the browser keeps anything for a file. */
const choice = (name, value) => {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name) || "";
  } catch {
    /* The choice holds for this page. */
  }
};

/* The `name=value` pairs after the # of the address; none where it names a place. */
const readAddress = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

const spellPairs = (pairs) => `${pairs}`.replaceAll("%3A", ":");

/* The pairs as they are written with some of them changed; those that are empty are dropped. */
const changePairs = (changes) => {
  const pairs = readAddress();
  for (const [name, value] of Object.entries(changes)) {
    if (value) pairs.set(name, value);
    else pairs.delete(name);
  }
  return spellPairs(pairs);
};

/* What a field says, and to have it say something. */
const readField = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value.trim());
const setField = (field, value) => {
  if (field.type === "checkbox") field.checked = value;
  else field.value = value || "";
};
