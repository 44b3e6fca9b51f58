// The English texts of all rooms, by room and name: what a widget says where its page brings no other language.

import desk from "./en/desk.json" with { type: "json" };
import kit from "./en/kit.json" with { type: "json" };

const ROOMS = { desk, kit };

/** @type {Record<string, string>} */
export const ENGLISH = Object.fromEntries(Object.entries(ROOMS).flatMap(([room, texts]) => Object.entries(texts).map(([key, text]) => [`${room}.${key}`, text])));
