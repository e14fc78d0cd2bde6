/**
 * The part of k6 that k6.ts uses. The package with all of its types is not worth a dependency for
 * one script. (A file k6.d.ts would be taken for the output of k6.ts and left out.)
 */
declare const __ENV: Readonly<Record<string, string>>;

declare module 'k6' {
  export function check<T>(value: T, checks: Record<string, (value: T) => boolean>): boolean;
  export function sleep(seconds: number): void;
}

declare module 'k6/http' {
  interface Params {
    readonly headers?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
    readonly timeout?: string;
    readonly responseCallback?: object;
  }
  interface Response {
    /** 0 if there was none. */
    readonly status: number;
    readonly body: string | null;
  }
  const http: {
    request(method: string, url: string, body?: string, params?: Params): Response;
    expectedStatuses(...statuses: number[]): object;
  };
  export default http;
}

declare module 'k6/metrics' {
  export class Counter {
    constructor(name: string);
    add(value: number, tags?: Readonly<Record<string, string>>): void;
  }
}
