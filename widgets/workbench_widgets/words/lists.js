// The English of the lists of codes that scripts say, by list and code. words/__init__.py says what each list is.

import answers from "./en/answers.json" with { type: "json" };
import attributes from "./en/attributes.json" with { type: "json" };
import bands from "./en/bands.json" with { type: "json" };
import folders from "./en/folders.json" with { type: "json" };
import keys from "./en/keys.json" with { type: "json" };
import kinds from "./en/kinds.json" with { type: "json" };
import layouts from "./en/layouts.json" with { type: "json" };
import relations from "./en/relations.json" with { type: "json" };
import severities from "./en/severities.json" with { type: "json" };
import signs from "./en/signs.json" with { type: "json" };
import states from "./en/states.json" with { type: "json" };
import strengths from "./en/strengths.json" with { type: "json" };
import titles from "./en/titles.json" with { type: "json" };
import types from "./en/types.json" with { type: "json" };
import verdicts from "./en/verdicts.json" with { type: "json" };
import views from "./en/views.json" with { type: "json" };

/** @type {Record<string, Record<string, string>>} */
export const LISTS = {
  answers,
  attributes,
  bands,
  folders,
  keys,
  kinds,
  layouts,
  relations,
  severities,
  signs,
  states,
  strengths,
  titles,
  types,
  verdicts,
  views,
};
