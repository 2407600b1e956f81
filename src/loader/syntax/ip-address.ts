/** Whether a text is an address. node:net knows, too, but takes longer to load than a small project takes to check. */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** Without a zone: "fe80::1%eth0" means something on one machine only. */
export function isIpv6(text: string): boolean {
  return /^[\da-fA-F:.]+$/.test(text) && text.includes(":") && URL.canParse(`http://[${text}]`);
}
