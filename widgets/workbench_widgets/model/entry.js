// CaseModel: no view, only the store that the views of this page share.

import { Store } from "./store.js";

/** @param {{model: any}} context */
function initialize({ model }) {
  return { store: new Store(model) };
}

export default { initialize };
