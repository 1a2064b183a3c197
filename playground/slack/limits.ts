/**
 * Slack's limits, each named once. Characters are code points. Where Slack publishes nothing, the figure is a measured one and says so.
 * The app keeps its own copies beside its builders: what it sends is held against these only by sending it here.
 */
export const messageLimits = {
  blocks: 50,
  /** Longer texts are refused with `msg_too_long`. */
  text: 40_000,
  /** `chat.update` refuses much sooner than `chat.postMessage` (measured by others). */
  updateText: 4000,
  /** All texts of all blocks together; undocumented (measured by others): `msg_blocks_too_long`. */
  blockText: 13_200,
  /** `metadata_too_large`. */
  metadataBytes: 16_000,
  markdown: 12_000,
} as const;

export const viewLimits = {
  blocks: 100,
  /** `view_too_large`. */
  jsonBytes: 250_000,
  /** The opened view and two pushed ones: `push_limit_reached`. */
  stack: 3,
  title: 24,
  submit: 24,
  close: 24,
  privateMetadata: 3000,
} as const;

export const blockLimits = {
  id: 255,
  sectionText: 3000,
  fields: 10,
  fieldText: 2000,
  header: 150,
  contextElements: 10,
  contextText: 3000,
  actionsElements: 25,
  contextActionsElements: 5,
  label: 2000,
  hint: 2000,
  altText: 2000,
  imageTitle: 2000,
  url: 3000,
  alertText: 200,
  tableRows: 100,
  tableColumns: 20,
  dataTableRows: 101,
  tableText: 10_000,
  cardTitle: 150,
  cardBody: 200,
  cardButtons: 3,
  carouselCards: 10,
  containerTitle: 150,
  containerBlocks: 10,
  videoTitle: 200,
} as const;

export const elementLimits = {
  buttonText: 75,
  buttonValue: 2000,
  accessibilityLabel: 75,
  placeholder: 150,
  inputLength: 3000,
  options: 100,
  optionGroups: 100,
  groupLabel: 75,
  optionText: 75,
  optionValue: 150,
  optionDescription: 75,
  overflowOptions: 5,
  checkboxes: 10,
  /** What an external select may be answered with. */
  suggestions: 100,
  /** Typed characters before an external select asks, where the app does not say. */
  minQueryLength: 3,
  fileInputFiles: 10,
} as const;

export const confirmLimits = { title: 100, text: 300, button: 30 } as const;

export const interactionLimits = {
  /** From the interaction to the acknowledgement. */
  ackMs: 3000,
  triggerMs: 3000,
  responseUrlUses: 5,
  responseUrlMs: 30 * 60_000,
  /** Deliveries of an event after the first, counted from it. */
  eventRetriesMs: [0, 60_000, 300_000],
} as const;

export const socketLimits = {
  perApp: 10,
  /** From `warning` to `refresh_requested`. */
  warningMs: 10_000,
  /** An unused address of `apps.connections.open` dies. */
  ticketMs: 30_000,
  pingMs: 10_000,
} as const;

/** Calls a minute by Slack's tiers; special methods by their own rule. */
export const rateLimits = {
  tier1: { perMinute: 1, burst: 5 },
  tier2: { perMinute: 20, burst: 20 },
  tier3: { perMinute: 50, burst: 50 },
  tier4: { perMinute: 100, burst: 100 },
  /** `chat.postMessage`: about one a second and channel, short bursts tolerated. */
  posting: { perMinute: 60, burst: 20 },
} as const;
export type Tier = keyof typeof rateLimits | 'none';
