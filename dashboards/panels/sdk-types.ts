/**
 * A type of the Foundation SDK with every enum replaced by its values, so that object literals can
 * be checked against it without loading the SDK at run time.
 */
export type EnumsAsValues<T> = T extends string
  ? `${T}`
  : T extends number
    ? number
    : // biome-ignore lint/suspicious/noExplicitAny: matches every function, whatever it takes
      T extends (...args: any) => unknown
      ? never
      : T extends readonly (infer Item)[]
        ? readonly EnumsAsValues<Item>[]
        : T extends object
          ? {
              readonly [Key in keyof T as Key extends `_${string}` ? never : Key]: EnumsAsValues<
                T[Key]
              >;
            }
          : T;
