// The portable chart. What comes from the data is written with textContent and fillText only, never as markup.
"use strict";
(() => {
  /** @type {Portable.Data} */
  const data = JSON.parse(document.getElementById("data").textContent);
  const { facts } = data;
  const root = document.documentElement;
  const box = document.getElementById("chart");
  const panel = document.getElementById("details");
  const status = document.getElementById("status");
  const tip = document.getElementById("tip");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {{ kinds: Set<string>, relations: Set<string> }} */
  const hidden = { kinds: new Set(), relations: new Set() };
  const FONT = getComputedStyle(document.body).fontFamily;
  const LIST = 60; // links and passages shown at first
  /** @type {Portable.Chosen | null} */
  let chosen = null;
  /** @type {Set<number>} */
  let near = new Set();
  /** @type {Record<string, string>} */
  let ink = {};
  let grown = 1;
  const {
    say,
    createElement,
    createButton,
    createPicture,
    createText,
    createName,
    createPair,
    createFacts,
    isRightToLeft,
    createSample,
  } = createElements(facts);
  /** @param {Portable.Entity} node */
  const getKind = (node) => facts.labels[node.schema];
  /** @param {string} id */
  const parseLineId = (id) => Number(String(id).slice(1));
  /** @param {number} number of a link */
  const listEnds = (number) => [data.edges[number].from, data.edges[number].to];

  // The network: places are given, nothing moves by itself ------------------------------------------------------------

  /** @param {number} number */
  const isNodeVisible = (number) => !hidden.kinds.has(facts.nodes[number].schema);
  /** @param {number} number */
  const isLineVisible = (number) =>
    !hidden.relations.has(facts.lines[number].key) && listEnds(number).every(isNodeVisible);
  const nodes = new vis.DataSet(data.nodes.map((node, i) => ({ ...node, image: createPicture(facts.nodes[i]).src })));
  const edges = new vis.DataSet(data.edges.map((edge) => ({ ...edge })));
  const shownNodes = new vis.DataView(nodes, { filter: (node) => isNodeVisible(node.id) });
  const shownEdges = new vis.DataView(edges, { filter: (edge) => isLineVisible(parseLineId(edge.id)) });
  ink = readColours();
  edges.update(data.edges.map((edge, i) => ({ id: edge.id, color: computeLineColour(i) })));
  const network = new vis.Network(box, { nodes: shownNodes, edges: shownEdges }, data.options);
  /** @type {[number, number][][]} of each entity: others, and by which links */
  const neighbours = facts.nodes.map(() => []);
  facts.lines.forEach((line, i) => {
    const [a, b] = listEnds(i);
    neighbours[a].push([b, i]);
    neighbours[b].push([a, i]);
  });
  const byRank = facts.nodes.map((_, i) => i).sort((a, b) => facts.nodes[a].rank - facts.nodes[b].rank);
  const byCount = facts.lines
    .map((_, i) => i)
    .sort((a, b) => facts.lines[b].there + facts.lines[b].back - facts.lines[a].there - facts.lines[a].back || a - b);

  function readColours() {
    const style = getComputedStyle(root);
    return Object.fromEntries(
      ["paper", "ink", "quiet", "line", "tentative", "accent"].map((name) => [
        name,
        style.getPropertyValue(`--${name}`).trim(),
      ]),
    );
  }
  /** @param {number} number */
  function computeLineColour(number) {
    const line = facts.lines[number],
      plain = line.suggested ? ink.tentative : ink.line;
    return { color: plain, highlight: ink.accent, hover: plain, opacity: line.service ? 0.5 : 0.95, inherit: false };
  }
  const updateTheme = () => {
    ink = readColours();
    edges.update(data.edges.map((edge, i) => ({ id: edge.id, color: computeLineColour(i) })));
    network.redraw();
  };

  // Labels: drawn over the chart at a readable size, the most linked first, none over another -------------------------

  /** @type {Map<string, number>} */
  const widths = new Map();
  /** @param {CanvasRenderingContext2D} ctx @param {string} words @param {boolean} bold */
  const measureWidth = (ctx, words, bold) => {
    const key = (bold ? "b" : "n") + words;
    if (!widths.has(key)) {
      ctx.font = `${bold ? 600 : 400} 100px ${FONT}`;
      widths.set(key, ctx.measureText(words).width / 100);
    }
    return /** @type {number} */ (widths.get(key));
  };
  /**
   * Whether a line of an entity runs through its label under the icon (side 1) or above it (-1).
   * @param {number} id
   * @param {Record<number, Portable.Spot>} spots
   * @param {number} half
   * @param {number} reach
   * @param {number} side
   */
  const isCrossed = (id, spots, half, reach, side) =>
    neighbours[id].some(([other, line]) => {
      if (!spots[other] || !isLineVisible(line)) return false;
      const across = spots[other].x - spots[id].x,
        down = spots[other].y - spots[id].y;
      return side * down > 0 && Math.abs(across) * reach <= half * Math.abs(down);
    });

  network.on("afterDrawing", (ctx) => {
    const scale = network.getScale(),
      size = Math.min(Math.max(12 * scale, 11.5), 17) / scale,
      step = size * 1.25;
    const spots = network.getPositions(shownNodes.getIds()),
      taken = new Taken(160 / scale);
    const low = network.DOMtoCanvas({ x: -60, y: -40 }),
      high = network.DOMtoCanvas({ x: box.clientWidth + 60, y: box.clientHeight + 40 });
    const isInView = (/** @type {Portable.Spot} */ at) =>
      at && at.x > low.x && at.x < high.x && at.y > low.y && at.y < high.y;
    ctx.save();
    Object.assign(ctx, { textAlign: "center", lineJoin: "round", textBaseline: "alphabetic" });
    for (const id of shownNodes.getIds())
      if (isInView(spots[id]))
        taken.addBox({
          left: spots[id].x - 17 * grown,
          right: spots[id].x + 17 * grown,
          top: spots[id].y - 17 * grown,
          bottom: spots[id].y + 17 * grown,
          owner: id,
          icon: true,
        });
    /**
     * @param {string} words
     * @param {number} x
     * @param {number} y
     * @param {number} high
     * @param {boolean} bold
     * @param {string} colour
     */
    const drawText = (words, x, y, high, bold, colour) => {
      Object.assign(ctx, {
        font: `${bold ? 600 : 400} ${high}px ${FONT}`,
        direction: isRightToLeft(words) ? "rtl" : "ltr",
        lineWidth: high / 3,
        strokeStyle: ink.paper,
        fillStyle: colour,
      });
      ctx.strokeText(words, x, y);
      ctx.fillText(words, x, y);
    };
    /** @param {number} id @param {boolean} force */
    const drawLabel = (id, force) => {
      const node = facts.nodes[id],
        at = spots[id],
        bold = node.how.includes("c") || chosen?.node === id;
      const own = node.rows.length,
        rows = [...node.rows, ...node.below];
      const half = (Math.max(...rows.map((row, i) => measureWidth(ctx, row, bold && i < own))) * size) / 2,
        tall = rows.length * step;
      const reach = (node.how.includes("c") ? 23 : 20) * grown;
      const tops = [at.y + reach, at.y - reach - tall];
      if (isCrossed(id, spots, half, reach, 1) && !isCrossed(id, spots, half, reach, -1)) tops.reverse();
      for (const top of tops) {
        const room = { left: at.x - half, right: at.x + half, top, bottom: top + tall, owner: id };
        if (!taken.isFree(room, id, !force)) continue;
        taken.addBox(room);
        rows.forEach((row, i) =>
          drawText(row, at.x, top + size * 0.95 + i * step, size, bold && i < own, i < own ? ink.ink : ink.quiet),
        );
        return;
      }
    };
    const first = byRank.filter((id) => near.has(id)),
      rest = byRank.filter((id) => !near.has(id));
    [...first, ...rest].forEach((id, i) => {
      if (isInView(spots[id])) drawLabel(id, i < first.length || facts.nodes[id].rank < 12);
    });
    const small = size * 0.88,
      isLinked = (/** @type {number} */ number) =>
        chosen?.line === number || (chosen?.node !== undefined && listEnds(number).includes(chosen.node));
    for (const number of [...byCount.filter(isLinked), ...byCount.filter((n) => !isLinked(n))]) {
      const words = facts.lines[number].label,
        count = facts.lines[number].there + facts.lines[number].back;
      if (!words || !isLineVisible(number) || (scale < 0.55 && count < 10 && !isLinked(number))) continue;
      const drawn = network.body.edges[data.edges[number].id];
      if (!drawn?.connected) continue;
      const half = (measureWidth(ctx, words, false) * small) / 2 + 2 / scale;
      for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
        const at = drawn.edgeType.getPoint(share),
          room = { left: at.x - half, right: at.x + half, top: at.y - small * 0.62, bottom: at.y + small * 0.62 };
        if (!isInView(at) || !taken.isFree(room)) continue;
        taken.addBox(room);
        Object.assign(ctx, { globalAlpha: 0.9, fillStyle: ink.paper });
        ctx.fillRect(room.left, room.top, 2 * half, room.bottom - room.top);
        ctx.globalAlpha = 1;
        drawText(
          words,
          at.x,
          at.y + small * 0.35,
          small,
          false,
          facts.lines[number].suggested ? ink.tentative : ink.quiet,
        );
        break;
      }
    }
    ctx.restore();
  });
  network.on("beforeDrawing", (ctx) => {
    if (chosen?.node === undefined) return;
    const at = network.getPositions([chosen.node])[chosen.node];
    if (!at) return;
    ctx.save();
    ctx.beginPath();
    ctx.arc(at.x, at.y, 29 * grown, 0, 2 * Math.PI);
    Object.assign(ctx, { globalAlpha: 0.3, fillStyle: ink.accent, lineWidth: 2.5, strokeStyle: ink.accent });
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.stroke();
    ctx.restore();
  });

  // Details -----------------------------------------------------------------------------------------------------------

  /** @param {Portable.Line} line */
  const formatPeriod = (line) => (line.first && line.first !== line.last ? `${line.first} – ${line.last}` : line.first);
  /** @param {Portable.Line} line @param {boolean} forward */
  const formatArrow = (line, forward) =>
    !line.directed ? "–" : line.there && line.back ? "↔" : line.there > 0 === forward ? "→" : "←";
  /** Passages with their marks, and where each lies. @param {number[]} numbers @param {boolean} suggested */
  const buildCards = (numbers, suggested) =>
    buildList(numbers, (number) => {
      const card = facts.cards[number],
        made = createElement("article", "", suggested ? "card suggested" : "card");
      if (card.at || card.who) made.append(createFacts(card.at, card.who));
      const quote = createElement("blockquote");
      quote.dir = "auto";
      let from = 0;
      for (const [start, end] of card.marks) {
        quote.append(card.text.slice(from, start), createElement("mark", card.text.slice(start, end)));
        from = end;
      }
      quote.append(card.text.slice(from));
      made.append(quote);
      made.append(
        createFacts(
          card.source,
          card.exhibit && say("exhibit {exhibit}", { exhibit: card.exhibit }),
          card.place,
          card.traces.length && say("trace numbers: {traces}", { traces: card.traces.join(", ") }),
        ),
      );
      return made;
    });
  /**
   * The first of a long row of things, and a button for the others.
   * @template Thing
   * @param {Thing[]} things
   * @param {(thing: Thing) => Node} createItem
   */
  const buildList = (things, createItem) => {
    const made = createElement("div", "", "", ...things.slice(0, LIST).map(createItem));
    if (things.length > LIST) {
      const rest = createButton(
        "tie",
        () => {
          rest.remove();
          made.append(...things.slice(LIST).map(createItem));
        },
        say("Show {count} more", { count: things.length - LIST }),
      );
      made.append(rest);
    }
    return made;
  };
  /** @param {Node} heading @param {Node} [image] */
  const showHead = (heading, image) => {
    const close = createButton("close", () => selectItem(null), "×");
    close.setAttribute("aria-label", say("Close details"));
    const words = createElement("h2", "", "", heading);
    panel.replaceChildren(createElement("div", "", "title", ...(image ? [image] : []), words, close));
  };
  /** @param {number} number */
  const showNode = (number) => {
    const node = facts.nodes[number];
    showHead(createText(node.caption), createPicture(node));
    if (node.latin) panel.append(createElement("p", node.latin, "latin"));
    panel.append(
      createElement(
        "p",
        `${getKind(node)} · ${say("linked entities: {count}", { count: node.degree })} · ` +
          `${say("mentions: {count}", { count: node.mentions })}`,
        "quiet",
      ),
    );
    if (node.how.includes("c"))
      panel.append(
        createElement(
          "p",
          say(`Phone examined: the data of this entity was collected. For other entities, this chart shows only
            contacts with examined phones.`),
        ),
      );
    if (node.how.includes("s"))
      panel.append(createElement("p", say("Service: a sender that is not a person. It does not count as a contact.")));
    if (node.how.includes("t"))
      panel.append(
        createElement(
          "p",
          say("A program read this in a text. No officer has confirmed it. It is a lead, not evidence."),
          "warn",
        ),
      );
    if (node.accounts.length)
      panel.append(
        createElement(
          "p",
          "",
          "",
          `${say.word("Numbers and accounts:", "verb")} `,
          createText(node.accounts.join(", ")),
        ),
      );
    panel.append(createElement("p", "", "quiet", `${say.word("ID", "noun")} `, createText(node.id)));
    if (node.more)
      panel.append(
        createElement("p", say("Linked entities that are not on this chart: {count}.", { count: node.more }), "warn"),
      );
    const ties = neighbours[number]
      .filter(([, line]) => isLineVisible(line))
      .sort((a, b) => facts.nodes[a[0]].rank - facts.nodes[b[0]].rank);
    panel.append(
      createElement("h3", say("Links ({count})", { count: ties.length })),
      buildList(ties, ([other, line]) => {
        const fact = facts.lines[line],
          often = fact.there + fact.back,
          words = ` ${fact.relation}${often > 1 ? ` ×${often}` : ""}`;
        return createButton(
          fact.suggested ? "tie suggested" : "tie",
          () => selectItem({ line }),
          formatArrow(fact, listEnds(line)[0] === number),
          " ",
          ...createName(facts.nodes[other]),
          createElement("span", words, "quiet"),
        );
      }),
    );
    if (node.cards.length)
      panel.append(createElement("h3", say("In the sources")), buildCards(node.cards, node.how.includes("t")));
  };
  /** @param {number} number */
  const showLine = (number) => {
    const line = facts.lines[number],
      [a, b] = listEnds(number).map((id) => facts.nodes[id].caption);
    showHead(createPair(a, formatArrow(line, true), b));
    const often = line.there + line.back;
    panel.append(
      createElement(
        "p",
        [line.relation, say.count("once", "{n} times", often), ...(line.service ? [say("from a service")] : [])].join(
          " · ",
        ),
        "quiet",
      ),
    );
    if (line.directed && line.there && line.back)
      panel.append(createElement("p", "", "", createText(a), ` → ${line.there}, `, createText(b), ` → ${line.back}`));
    if (line.first) panel.append(createElement("p", formatPeriod(line)));
    panel.append(
      line.suggested
        ? createElement("p", say("A program suggested this. No officer has confirmed it."), "warn")
        : createElement("p", say("A source stated this, or an officer decided it.")),
    );
    for (const id of listEnds(number))
      panel.append(createButton("tie", () => selectItem({ node: id }), ...createName(facts.nodes[id])));
    panel.append(
      createElement(
        "h3",
        line.cards.length < often
          ? say("Passages ({count} of {all})", { count: line.cards.length, all: often })
          : say("Passages ({count})", { count: line.cards.length }),
      ),
      buildCards(line.cards, line.suggested),
    );
    if (!line.cards.length)
      panel.append(createElement("p", say("This file contains no passages for this link."), "quiet"));
  };
  /** Select an entity or a link, or nothing. @param {Portable.Chosen | null} what @param {boolean} focus */
  const selectItem = (what, focus = false) => {
    chosen = what;
    near = new Set();
    network.unselectAll();
    if (!what) {
      panel.replaceChildren();
      status.textContent = say("Nothing selected");
      network.redraw();
      return;
    }
    const nodeIds = what.node === undefined ? [] : [what.node],
      lineIds = what.line === undefined ? [] : [data.edges[what.line].id];
    const known = nodeIds.every(isNodeVisible) && (what.line === undefined || isLineVisible(what.line));
    if (known) network.setSelection({ nodes: nodeIds, edges: lineIds }, { highlightEdges: true });
    near = new Set(
      what.node === undefined ? listEnds(what.line) : [what.node, ...neighbours[what.node].map(([other]) => other)],
    );
    if (what.node === undefined) showLine(what.line);
    else showNode(what.node);
    panel.parentElement.scrollTop = 0;
    status.textContent = /** @type {HTMLElement} */ (panel.querySelector("h2")).textContent;
    if (focus && what.node !== undefined && known)
      network.focus(what.node, {
        scale: Math.max(network.getScale(), 0.9),
        animation: still.matches ? false : { duration: 350 },
      });
    network.redraw();
  };
  network.on("click", (event) => {
    if (event.nodes.length) selectItem({ node: event.nodes[0] });
    else if (event.edges.length) selectItem({ line: parseLineId(event.edges[0]) });
    else selectItem(null);
  });
  network.on("dragStart", (event) => {
    if (event.nodes.length && chosen?.node !== event.nodes[0]) selectItem({ node: event.nodes[0] });
  });

  // Tool tip ----------------------------------------------------------------------------------------------------------

  let asked = 0;
  box.addEventListener("pointermove", (event) => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      const rect = box.getBoundingClientRect(),
        at = { x: event.clientX - rect.x, y: event.clientY - rect.y };
      const node = event.buttons ? undefined : network.getNodeAt(at),
        edge = event.buttons || node !== undefined ? undefined : network.getEdgeAt(at);
      tip.hidden = node === undefined && edge === undefined;
      box.style.cursor = tip.hidden ? "default" : "pointer";
      if (tip.hidden) return;
      if (node !== undefined)
        tip.replaceChildren(
          ...createName(facts.nodes[node]),
          createElement("div", getKind(facts.nodes[node]), "quiet"),
        );
      else {
        const line = facts.lines[parseLineId(/** @type {string} */ (edge))],
          [a, b] = listEnds(parseLineId(/** @type {string} */ (edge))).map((id) => facts.nodes[id].caption);
        tip.replaceChildren(
          createPair(a, formatArrow(line, true), b),
          createElement(
            "div",
            `${line.relation} ×${line.there + line.back}` +
              (line.suggested ? ", " + say.word("suggested", "state") : ""),
            "quiet",
          ),
          createElement("div", formatPeriod(line), "quiet"),
        );
      }
      tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 6)}px`;
      tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 6)}px`;
    });
  });
  box.addEventListener("pointerleave", () => {
    cancelAnimationFrame(asked);
    tip.hidden = true;
  });

  // Legend, list, search ----------------------------------------------------------------------------------------------

  /**
   * How many things there are of each key.
   * @template Thing
   * @param {Thing[]} things
   * @param {(thing: Thing) => string} getKey
   * @returns {Map<string, number>}
   */
  const countKeys = (things, getKey) => {
    const found = new Map();
    for (const thing of things) found.set(getKey(thing), (found.get(getKey(thing)) ?? 0) + 1);
    return found;
  };
  /** @param {Set<string>} set @param {string} key @param {...(Node | string)} children */
  const createToggle = (set, key, ...children) => {
    const made = createButton(
      "key",
      () => {
        set.has(key) ? set.delete(key) : set.add(key);
        made.setAttribute("aria-pressed", String(!set.has(key)));
        savePlaces();
        shownNodes.refresh();
        shownEdges.refresh();
        status.textContent = say("Entities shown: {entities}. Links shown: {links}", {
          entities: shownNodes.length,
          links: shownEdges.length,
        });
      },
      ...children,
    );
    made.setAttribute("aria-pressed", "true");
    return made;
  };
  const kinds = countKeys(facts.nodes, (node) => node.schema);
  for (const [schema, number] of [...kinds].sort((a, b) =>
    facts.labels[a[0]].localeCompare(facts.labels[b[0]], facts.language),
  )) {
    const like = facts.nodes.filter((node) => node.schema === schema).sort((a, b) => a.how.length - b.how.length)[0];
    document
      .getElementById("kinds")
      .append(
        createToggle(
          hidden.kinds,
          schema,
          createPicture(like),
          facts.labels[schema],
          createElement("span", String(number), "count"),
        ),
      );
  }
  for (const [key, number] of [...countKeys(facts.lines, (line) => line.key)].sort(
    (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  )) {
    const line = /** @type {Portable.Line} */ (facts.lines.find((one) => one.key === key));
    document
      .getElementById("relations")
      .append(
        createToggle(
          hidden.relations,
          key,
          createSample(line.strength),
          line.strength === "confirmed"
            ? line.relation
            : `${line.relation} (${say.term("strength_marks", line.strength)})`,
          createElement("span", String(number), "count"),
        ),
      );
  }
  /** @param {boolean} wanted @param {Node} drawn @param {string} words */
  const addSign = (wanted, drawn, words) => {
    if (wanted) document.getElementById("signs").append(createElement("li", "", "", drawn, words));
  };
  /** @param {string} letter */
  const hasVariant = (letter) => facts.nodes.some((node) => node.how.includes(letter));
  /** @param {string} strength */
  const hasStrength = (strength) => facts.lines.some((line) => line.strength === strength);
  addSign(hasStrength("confirmed"), createSample("confirmed"), say.term("strength_lines", "confirmed"));
  addSign(hasStrength("unconfirmed"), createSample("unconfirmed"), say("Suggested by a program, not confirmed"));
  addSign(hasStrength("tentative"), createSample("tentative"), say("Tentative: suggested, not confirmed"));
  addSign(hasVariant("c"), createSample("confirmed", "ring"), say.term("signs", "c"));
  addSign(hasVariant("s"), createSample("confirmed", "service"), say.term("signs", "s"));
  addSign(hasVariant("t"), createSample("unconfirmed", "dot"), say.term("signs", "t"));
  addSign(
    facts.lines.some((line) => line.there + line.back > 1),
    createElement("span", "×n", "quiet"),
    facts.commonest
      ? say("{said}. Lines without a label mean: {relation}", {
          said: say("Number of times"),
          relation: facts.commonest,
        })
      : say("Number of times"),
  );

  document.getElementById("list").addEventListener("toggle", (event) => {
    const list = document.getElementById("entities");
    if (/** @type {HTMLDetailsElement} */ (event.target).open && !list.childElementCount)
      list.append(
        ...byRank.map((id) =>
          createElement(
            "li",
            "",
            "",
            createButton(
              "tie",
              () => selectItem({ node: id }, true),
              ...createName(facts.nodes[id]),
              createElement(
                "span",
                ` ${getKind(facts.nodes[id])}, ${say("linked entities: {count}", { count: facts.nodes[id].degree })}`,
                "quiet",
              ),
            ),
          ),
        ),
      );
  });
  const names = document.getElementById("names"),
    same = countKeys(facts.nodes, (node) => node.caption),
    read = countKeys(facts.nodes, (node) => node.latin),
    named = new Map();
  /**
   * Offer a name to be found by; one that several have with the id.
   * @param {string} words
   * @param {boolean} shared
   * @param {number} id
   */
  const addName = (words, shared, id) => {
    const option = createElement("option");
    option.value = shared ? `${words} (${facts.nodes[id].id})` : words;
    named.set(option.value.toLocaleLowerCase(), id);
    names.append(option);
  };
  for (const id of byRank) {
    const node = facts.nodes[id];
    addName(node.caption, /** @type {number} */ (same.get(node.caption)) > 1, id);
    if (node.latin) addName(node.latin, /** @type {number} */ (read.get(node.latin)) > 1 || same.has(node.latin), id);
  }
  const find = document.getElementById("find");
  const runSearch = () => {
    const wanted = find.value.trim().toLocaleLowerCase();
    if (!wanted) return;
    const isMatch = (/** @type {number} */ id) =>
      [facts.nodes[id].caption, facts.nodes[id].latin, facts.nodes[id].id, ...facts.nodes[id].accounts].some((words) =>
        words.toLocaleLowerCase().includes(wanted),
      );
    const found = named.get(wanted) ?? byRank.find((id) => isNodeVisible(id) && isMatch(id));
    if (found === undefined) {
      status.textContent = say("No entity that is shown matches '{name}'.", { name: find.value });
      find.setCustomValidity(say("No entity that is shown matches this text."));
      find.reportValidity();
      return;
    }
    find.setCustomValidity("");
    selectItem({ node: found }, true);
  };
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    runSearch();
  });
  find.addEventListener("input", () => {
    find.setCustomValidity("");
    if (named.has(find.value.trim().toLocaleLowerCase()) && find.value.length > 2) runSearch();
  });

  // View and keys -----------------------------------------------------------------------------------------------------

  /** Keep where entities were dragged, before they are taken off the sheet and put back. */
  function savePlaces() {
    const spots = network.getPositions(shownNodes.getIds());
    nodes.update(Object.entries(spots).map(([id, at]) => ({ id: Number(id), ...at })));
  }
  /** Icons grow a little where the whole is far away, so that they can still be told apart. */
  const scaleIcons = () => {
    const wanted = network.getScale() < 0.45 ? 1.6 : 1;
    if (wanted === grown) return;
    grown = wanted;
    savePlaces();
    nodes.update(data.nodes.map((node) => ({ id: node.id, size: node.size * grown })));
  };
  const fitChart = () => {
    network.fit({ animation: false, maxZoomLevel: 1.3 });
    network.moveTo({ scale: network.getScale() * 0.96 });
    scaleIcons();
  };
  /** @param {number} by */
  const zoomChart = (by) => {
    network.moveTo({ scale: Math.min(Math.max(network.getScale() * by, 0.02), 8) });
    scaleIcons();
  };
  network.on("zoom", scaleIcons);
  network.on("animationFinished", scaleIcons);
  /** @param {number} x @param {number} y */
  const panChart = (x, y) => {
    const at = network.getViewPosition(),
      scale = network.getScale();
    network.moveTo({ position: { x: at.x + x / scale, y: at.y + y / scale } });
  };
  /**
   * The nearest entity in a direction, and a better one where it lies straighter.
   * @param {number} x
   * @param {number} y
   */
  const selectNext = (x, y) => {
    const spots = network.getPositions(shownNodes.getIds());
    const here = chosen?.node !== undefined && spots[chosen.node] ? spots[chosen.node] : network.getViewPosition();
    let best,
      least = Infinity;
    for (const id of shownNodes.getIds()) {
      const dx = spots[id].x - here.x,
        dy = spots[id].y - here.y,
        ahead = dx * x + dy * y,
        aside = Math.abs(dx * y) + Math.abs(dy * x);
      if (ahead > 1 && ahead + 2 * aside < least) {
        least = ahead + 2 * aside;
        best = id;
      }
    }
    if (best !== undefined) selectItem({ node: best }, true);
  };
  /** @type {Record<string, [number, number]>} */
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  /** @type {Record<string, () => void>} */
  const acts = {
    "+": () => zoomChart(1.25),
    "=": () => zoomChart(1.25),
    "-": () => zoomChart(0.8),
    0: fitChart,
    Escape: () => selectItem(null),
    Enter: () => panel.focus(),
  };
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ways[event.key],
      act = way ? () => (event.shiftKey ? panChart(way[0] * 90, way[1] * 90) : selectNext(...way)) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      selectItem(null);
      box.focus();
    }
  });
  document.getElementById("fit").addEventListener("click", fitChart);
  document.getElementById("in").addEventListener("click", () => zoomChart(1.25));
  document.getElementById("out").addEventListener("click", () => zoomChart(0.8));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  document.getElementById("theme").addEventListener("click", () => {
    const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    updateTheme();
  });
  dark.addEventListener("change", updateTheme);

  let sized = false;
  new ResizeObserver(() => {
    if (!box.clientWidth || !box.clientHeight) return;
    network.setSize(`${box.clientWidth}px`, `${box.clientHeight}px`);
    if (!sized) fitChart();
    sized = true;
    network.redraw();
  }).observe(box);
  box.chart = {
    network,
    selectItem,
    get selection() {
      return chosen;
    },
    shownNodes,
    shownEdges,
  };
})();
