import { InvalidRequest } from '../http/problems.ts';
import { isRecord } from '../http/record.ts';

export interface OrderItem {
  readonly product: string;
  readonly quantity: number;
}

/** An order as the customer sends it. */
export interface NewOrder {
  readonly userId: string;
  readonly items: readonly OrderItem[];
  /** Card number: passed on to the payment provider, never stored or logged. */
  readonly card?: string;
}

/** An order as the orders service stores it. */
export interface Order extends Omit<NewOrder, 'card'> {
  readonly id: string;
  /** The total price in cents. */
  readonly cents: number;
  readonly currency: string;
  readonly status: 'placed' | 'paid' | 'unpaid' | 'fulfilled';
  readonly placedAt: string;
}

/** The number of pieces. */
export function basketSize(order: Pick<NewOrder, 'items'>): number {
  return order.items.reduce((sum, item) => sum + item.quantity, 0);
}

/** Parses the body of a request. @throws InvalidRequest with all problems */
export function parseOrder(body: unknown): NewOrder {
  const { userId, items, card } = isRecord(body) ? body : {};
  if (isName(userId) && isList(items) && items.every(isItem) && isCard(card)) {
    return {
      userId,
      items: items.map(({ product, quantity }) => ({ product, quantity })),
      ...(card !== undefined && { card }),
    };
  }
  const details = [
    ...(isName(userId) ? [] : [describeProblem('userId', aName, userId)]),
    ...(isList(items)
      ? items.flatMap(itemProblems)
      : [describeProblem('items', 'a list of 1 to 50', items)]),
    // Without the value, which may be a card number with a typo.
    ...(isCard(card) ? [] : ['card must be a string of 13 to 19 digits']),
  ];
  throw new InvalidRequest('the order is not valid', { details });
}

/** Parses a body with items only. @throws InvalidRequest with all problems */
export function parseItems(body: unknown): readonly OrderItem[] {
  const { items } = isRecord(body) ? body : {};
  if (isList(items) && items.every(isItem)) return items;
  const details = isList(items)
    ? items.flatMap(itemProblems)
    : [describeProblem('items', 'a list', items)];
  throw new InvalidRequest('the items are not valid', { details });
}

function itemProblems(item: unknown, index: number): string[] {
  const { product, quantity } = isRecord(item) ? item : {};
  const at = `items[${index}]`;
  return [
    ...(isName(product) ? [] : [describeProblem(`${at}.product`, aName, product)]),
    ...(isQuantity(quantity) ? [] : [describeProblem(`${at}.quantity`, aQuantity, quantity)]),
  ];
}

const aName = 'a string of 1 to 100 characters';
const aQuantity = 'a whole number from 1 to 100';

function isItem(value: unknown): value is OrderItem {
  return isRecord(value) && isName(value.product) && isQuantity(value.quantity);
}

function isCard(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && /^\d{13,19}$/.test(value));
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length >= 1 && value.length <= 50;
}

function isQuantity(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100;
}

export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 100;
}

function describeProblem(field: string, expected: string, value: unknown): string {
  const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
  return `${field} must be ${expected}, got ${got}`;
}
