// What is in the page is made anew when its language changes.

/** @typedef {import("./view.js").Context} Context */
/** @typedef {(context: any) => Promise<(() => void) | undefined>} Render */

/**
 * A view that follows its language: with new texts it ends, and begins again in them.
 * @param {Render} render
 * @returns {Render}
 */
export function spoken(render) {
  return async (context) => {
    const { model, el } = context;
    const begin = async () => {
      const { ear, deaf } = listening(model);
      const end = await render({ ...context, model: ear });
      return () => {
        deaf();
        end?.();
      };
    };
    let end = await begin();
    let turn = Promise.resolve();
    const again = () => {
      turn = turn.then(async () => {
        end();
        el.replaceChildren();
        end = await begin();
      });
    };
    model.on("change:words", again);
    return () => {
      model.off("change:words", again);
      turn.then(() => end());
    };
  };
}

/** A model as one rendering hears it, until it is deaf. @param {any} model */
function listening(model) {
  /** @type {[string, Function][]} */
  const heard = [];
  const on = (/** @type {string} */ name, /** @type {Function} */ callback) => {
    heard.push([name, callback]);
    model.on(name, callback);
  };
  return {
    ear: Object.create(model, { on: { value: on } }),
    deaf: () => heard.forEach(([name, callback]) => model.off(name, callback)),
  };
}
