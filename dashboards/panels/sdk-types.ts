/**
 * The Foundation SDK's types with its enums opened to their values, so that literals can be checked
 * against them while nothing of the SDK is loaded at run time.
 */
export type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? number
    : // biome-ignore lint/suspicious/noExplicitAny: matches every function, whatever it takes
      T extends (...args: any) => unknown
      ? never
      : T extends readonly (infer Item)[]
        ? readonly Plain<Item>[]
        : T extends object
          ? { readonly [Key in keyof T as Key extends `_${string}` ? never : Key]: Plain<T[Key]> }
          : T;
