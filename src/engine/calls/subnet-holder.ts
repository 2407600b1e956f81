import { EngineError } from "../../model/error.ts";
import type { Network } from "../../model/project.ts";

/** A network of the engine, as far as its addresses go. */
export interface Addressed {
  readonly Name: string;
  readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string }[] | null } | null;
}

/** "Overlaps with another network" helps nobody: says with which. */
export async function nameSubnetHolder(
  failure: unknown,
  network: Network,
  list: () => Promise<readonly Addressed[]>,
): Promise<unknown> {
  const cause = failure instanceof EngineError && failure.cause instanceof Error ? failure.cause.message : "";
  if (!(failure instanceof EngineError) || !/Pool overlaps/.test(cause)) return failure;
  const wanted = (network.ipam?.config ?? []).flatMap(({ subnet }) => subnet ?? []);
  // Looking for the holder is a courtesy: if that fails, too, the first failure is the one to report.
  const others = await list().catch(() => []);
  for (const subnet of wanted) {
    const holder = others.find((other) => subnetsOf(other).some((taken) => overlap(subnet, taken)));
    if (holder === undefined) continue;
    const message = `the subnet ${subnet} overlaps with ${subnetsOf(holder).join(", ")} of the network ${holder.Name}`;
    const { status, operation, resource, hint } = failure;
    return new EngineError(message, { status, operation, resource, hint, cause: failure });
  }
  return failure;
}

function subnetsOf({ IPAM: ipam }: Addressed): string[] {
  return (ipam?.Config ?? []).flatMap(({ Subnet: subnet }) => subnet ?? []);
}

/** Two subnets overlap when the shorter prefix contains the other's address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [parseSubnet(one), parseSubnet(other)];
  if (a === undefined || b === undefined || a.bits.length !== b.bits.length) return false;
  const shared = Math.min(a.prefix, b.prefix);
  return a.bits.slice(0, shared) === b.bits.slice(0, shared);
}

function parseSubnet(text: string): { readonly bits: string; readonly prefix: number } | undefined {
  const [address = "", prefix] = text.split("/", 2);
  const bits = address.includes(":") ? bitsOf6(address) : bitsOf4(address);
  return bits === undefined || prefix === undefined ? undefined : { bits, prefix: Number(prefix) };
}

function bitsOf4(address: string): string | undefined {
  const parts = address.split(".");
  return parts.length === 4 ? parts.map((part) => Number(part).toString(2).padStart(8, "0")).join("") : undefined;
}

/** "fd00::1" → 128 digits; "::" stands for as many zeros as are missing. */
function bitsOf6(address: string): string | undefined {
  const [head = "", tail] = address.split("::", 2);
  const words = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [words(head), words(tail ?? "")];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  if (missing < 0 || before.length + missing + after.length !== 8) return undefined;
  const all = [...before, ...Array.from({ length: missing }, () => "0"), ...after];
  return all.map((word) => Number.parseInt(word, 16).toString(2).padStart(16, "0")).join("");
}
