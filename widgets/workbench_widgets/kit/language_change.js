// What is in the page is made anew when its language changes.

/** @typedef {import("./view.js").Context} Context */
/** @typedef {(context: any) => Promise<(() => void) | undefined>} Render */

/**
 * A view that follows its language: with new texts it ends, and begins again in them.
 * @param {Render} render
 * @returns {Render}
 */
export function followLanguage(render) {
  return async (context) => {
    const { model, el } = context;
    const startView = async () => {
      const { wrapped, removeCallbacks } = wrapModel(model);
      const end = await render({ ...context, model: wrapped });
      return () => {
        removeCallbacks();
        end?.();
      };
    };
    let end = await startView();
    let turn = Promise.resolve();
    const restartView = () => {
      turn = turn.then(async () => {
        end();
        el.replaceChildren();
        end = await startView();
      });
    };
    model.on("change:words", restartView);
    return () => {
      model.off("change:words", restartView);
      turn.then(() => end());
    };
  };
}

/** A model whose callbacks one rendering takes away again. @param {any} model */
function wrapModel(model) {
  /** @type {[string, Function][]} */
  const heard = [];
  const addCallback = (/** @type {string} */ name, /** @type {Function} */ callback) => {
    heard.push([name, callback]);
    model.on(name, callback);
  };
  return {
    wrapped: Object.create(model, { on: { value: addCallback } }),
    removeCallbacks: () => heard.forEach(([name, callback]) => model.off(name, callback)),
  };
}
