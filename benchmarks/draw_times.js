// Put into a page before anything else runs: tells when the last drawing call on any canvas was done, and in how many
// frames there were any. A pixel is read back after each frame, so that what counts is drawn and not only asked for.
(() => {
  const drawn = { last: 0, frames: 0, back: true };
  const touched = new Set();
  const pixel = new Uint8Array(4);
  const recordFrame = () => {
    for (const context of touched) {
      if (!drawn.back) break;
      if (context.readPixels) context.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, pixel);
      else if (context.canvas.width && context.canvas.height) context.getImageData(0, 0, 1, 1);
    }
    touched.clear();
    drawn.frames += 1;
    drawn.last = performance.now();
  };
  const watchCalls = (kind, names) => {
    for (const name of names) {
      const own = kind.prototype[name];
      if (!own) continue;
      kind.prototype[name] = function (...given) {
        if (!touched.size) queueMicrotask(recordFrame);
        if (this.canvas.isConnected) touched.add(this);
        else if (!touched.size) touched.add({ readPixels: () => {} });
        return own.apply(this, given);
      };
    }
  };
  const batches = ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"];
  watchCalls(WebGLRenderingContext, batches);
  watchCalls(WebGL2RenderingContext, batches);
  watchCalls(CanvasRenderingContext2D, ["fill", "stroke", "fillText", "fillRect", "drawImage"]);
  window.drawn = drawn;
})();
