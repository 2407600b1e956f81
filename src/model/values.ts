export type StringMap = ReadonlyMap<string, string>;
/** A value of `null` means: named, but without a value (the container must not have it, whatever the image says). */
export type NullableMap = ReadonlyMap<string, string | null>;
/** Plain data that we carry but do not read: `x-*` and open objects. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json };
