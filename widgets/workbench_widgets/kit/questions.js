// Questions of a view to its Python half, each with one answer.

import { Words } from "./words.js";

const PATIENCE = 60_000; // milliseconds until a question counts as unanswered

/**
 * @param {any} model the view as the page has it
 * @returns {(question: string, ...given: any[]) => Promise<{ found: any, data: DataView[] }>}
 */
export function createQuestionSender(model) {
  /** @type {Map<string, { resolve: (answer: any) => void, reject: (problem: Error) => void }>} */
  const open = new Map();
  model.on("msg:custom", (/** @type {any} */ message, /** @type {DataView[]} */ data) => {
    const waiting = open.get(message?.answer);
    if (!waiting) return;
    open.delete(message.answer);
    if ("problem" in message) waiting.reject(new Error(message.problem));
    else waiting.resolve({ found: message.found, data: data ?? [] });
  });
  return (question, ...given) =>
    new Promise((resolve, reject) => {
      const number = `${Math.random().toString(36).slice(2)}${open.size}`;
      open.set(number, { resolve, reject });
      setTimeout(() => {
        if (open.delete(number))
          reject(
            new Error(
              Words.read(model).say(`The notebook kernel is not responding. It may be busy, or it may have
                stopped. Wait and try again, or restart the kernel and run the
                cell again.`),
            ),
          );
      }, PATIENCE);
      model.send({ ask: question, given, number });
    });
}
