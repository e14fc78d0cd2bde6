import type { Component, EndpointName } from '../../../lib/model/topology.ts';
import { datasourceApi, type Grafana } from '../../stores/grafana.ts';
import type { Base, HttpBase } from '../../stores/http.ts';

/** What is asked: each component's own health page, and the endpoints of the pipeline. */
export type Place = Component | (typeof asked)[number];

/** Endpoints that are not the health page of their component. */
export const asked = [
  'otlpGrpc',
  'otlpHttp',
  'collectorMetrics',
] as const satisfies readonly EndpointName[];

/** A URL, why there is none, or why none is wanted. */
export type Connection =
  | { readonly url: string }
  | { readonly error: string }
  | { readonly notAsked: string };

/** By port-forward from a machine beside the cluster, or as a pod of the cluster sees it. */
export type Viewpoint = 'outside' | 'inside';

/** How everything is reached from where the doctor runs. */
export interface Reach {
  readonly from: Viewpoint;
  readonly connections: Partial<Readonly<Record<Place, Connection>>>;
  /** Grafana's login, or why it is not known. */
  readonly login: Grafana['login'] | { readonly error: string };
  /** How long each hop may take. */
  readonly timeoutSeconds: number;
  /** How long one answer may take, so that a hop can be asked again. */
  readonly answerSeconds: number;
}

/** @throws Error with the reason where there is no connection */
export function urlOf({ connections }: Pick<Reach, 'connections'>, place: Place): string {
  const connection = connections[place] ?? { error: `${place} is not deployed` };
  if ('url' in connection) return connection.url;
  throw new Error('error' in connection ? connection.error : connection.notAsked);
}

/** The API of a place, with a limit for each answer. */
export function apiOf(reach: Reach, place: Place): HttpBase {
  return { url: urlOf(reach, place), timeoutMs: answerMs(reach) };
}

export function answerMs({ answerSeconds }: Pick<Reach, 'answerSeconds'>): number {
  return answerSeconds * 1000;
}

/** @throws Error with the reason where Grafana cannot be asked */
export function grafanaOf(reach: Reach): Grafana {
  const { login } = reach;
  if ('error' in login) throw new Error(login.error);
  return { url: urlOf(reach, 'grafana'), login, timeoutMs: answerMs(reach) };
}

/** The API of a store as Grafana's panels see it. */
export function throughGrafana(reach: Reach, uid: string): Base {
  return datasourceApi(grafanaOf(reach), uid);
}
