// What the scripts of a portable chart find on their page: the facts that page.py writes, the elements of template.html,
// and of vis-network what they use.

declare namespace Portable {
  interface Entity {
    id: string;
    caption: string;
    latin: string;
    rows: string[];
    below: string[];
    schema: string;
    how: string;
    mentions: number;
    degree: number;
    more: number;
    rank: number;
    accounts: string[];
    cards: number[];
  }
  interface Line {
    relation: string;
    suggested: boolean;
    strength: string;
    directed: boolean;
    service: boolean;
    there: number;
    back: number;
    first: string;
    last: string;
    label: string;
    key: string;
    cards: number[];
  }
  interface Card {
    at: string;
    who: string;
    text: string;
    source: string;
    exhibit: string;
    place: string;
    traces: string[];
    marks: [number, number][];
  }
  interface Facts {
    nodes: Entity[];
    lines: Line[];
    cards: Card[];
    icons: Record<string, string>;
    labels: Record<string, string>;
    language: string;
    words: Record<string, string | Record<string, string>>;
    lists: Record<string, Record<string, string>>;
    commonest: string;
    ring: string;
    grey: string;
  }
  interface Spot {
    x: number;
    y: number;
  }
  interface Drawn extends Spot {
    id: number;
    size: number;
  }
  interface Edge {
    id: string;
    from: number;
    to: number;
    color?: object;
  }
  interface Data {
    nodes: Drawn[];
    edges: Edge[];
    options: object;
    facts: Facts;
  }
  /** A number of an entity or of a link. */
  type Chosen = { node: number; line?: undefined } | { line: number; node?: undefined };
  /** A rectangle on the chart: whose, and whether an icon stands there. */
  interface Room {
    left: number;
    right: number;
    top: number;
    bottom: number;
    owner?: number;
    icon?: boolean;
  }
  interface Elements {
    chart: HTMLElement & { chart: object };
    data: HTMLElement & { textContent: string };
    details: HTMLElement & { parentElement: HTMLElement };
    entities: HTMLElement;
    find: HTMLInputElement;
    fit: HTMLElement;
    in: HTMLElement;
    kinds: HTMLElement;
    list: HTMLDetailsElement;
    names: HTMLElement;
    out: HTMLElement;
    relations: HTMLElement;
    search: HTMLElement;
    signs: HTMLElement;
    status: HTMLElement;
    theme: HTMLElement;
    tip: HTMLElement;
  }
}

/** Other pages have no elements of these ids. */
interface Document {
  getElementById<Name extends keyof Portable.Elements>(id: Name): Portable.Elements[Name];
}

declare namespace vis {
  class DataSet<Item> {
    constructor(items: Item[]);
    update(items: Partial<Item>[]): void;
  }
  class DataView<Item> {
    constructor(of: DataSet<Item>, options: { filter: (item: Item) => boolean });
    length: number;
    getIds(): number[];
    refresh(): void;
  }
  class Network {
    constructor(root: HTMLElement, data: object, options: object);
    body: { edges: Record<string, { connected: boolean; edgeType: { getPoint(share: number): Portable.Spot } }> };
    on(name: "afterDrawing" | "beforeDrawing", act: (pen: CanvasRenderingContext2D) => void): void;
    on(name: "click" | "dragStart", act: (event: { nodes: number[]; edges: string[] }) => void): void;
    on(name: "zoom" | "animationFinished", act: () => void): void;
    fit(options: object): void;
    focus(node: number, options: object): void;
    moveTo(options: object): void;
    redraw(): void;
    setSelection(chosen: object, options: object): void;
    setSize(width: string, height: string): void;
    unselectAll(): void;
    getEdgeAt(at: Portable.Spot): string | undefined;
    getNodeAt(at: Portable.Spot): number | undefined;
    getPositions(nodes: number[]): Record<number, Portable.Spot>;
    getScale(): number;
    getViewPosition(): Portable.Spot;
    DOMtoCanvas(at: Portable.Spot): Portable.Spot;
  }
}
