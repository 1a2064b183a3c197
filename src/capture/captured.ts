/** What was read of one service before its patch: text parts, and in words what could not be read. */
export interface CapturedPart {
  /** A ConfigMap key: "summary.txt", "logs-auth-service-7c9-app.txt". */
  name: string;
  /** Redacted. */
  text: string;
}

export interface Captured {
  service: string;
  /** Most important first. */
  parts: CapturedPart[];
  /** "logs of pod auth-service-7c9 (timed out)". */
  missing: string[];
}
