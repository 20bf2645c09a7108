/* What the scripts of all pages share. They only add: without them each page is whole. */
"use strict";

const root = document.documentElement;
const language = root.lang;
const formatNumber = (number) => number.toLocaleString(language);
const formatTime = (options) => new Intl.DateTimeFormat(language, { calendar: "gregory", ...options });
const find = (place, within = document) => within.querySelector(place);
const findAll = (place, within = document) => [...within.querySelectorAll(place)];

const findBox = (element) => element.getBoundingClientRect();
const make = (name, properties, ...parts) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...parts);
  return element;
};

/* Begin a feature, and begin it again where a preview has put another body into the page. */
const begin = (feature) => {
  feature();
  addEventListener("archiver-fresh", feature);
};

/* What the reader has chosen, kept where the browser keeps anything for a file. */
const choice = (name, value) => {
  try {
    if (value !== undefined) localStorage[name] = value;
    return localStorage[name];
  } catch {
    /* The choice holds for this page. */
  }
};

/* The `name=value` pairs after the # of the address; none where it names a place. */
const readAddress = () => new URLSearchParams(/#(.*=.*)/.exec(location.hash)?.[1]);

/* The pairs as they are written with some of them changed; those that are empty are dropped. */
const changePairs = (changes) => {
  const pairs = readAddress();
  for (const [name, value] of Object.entries(changes)) {
    if (value) pairs.set(name, value);
    else pairs.delete(name);
  }
  return `${pairs}`.replaceAll("%3A", ":");
};

/* Whether a click or a key is to do what it does with none of these. */
const isModified = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;

/* What a field says, and to have it say something. */
const readField = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value.trim());
const setField = (field, value) => {
  if (field.type === "checkbox") field.checked = value;
  else field.value = value || "";
};
