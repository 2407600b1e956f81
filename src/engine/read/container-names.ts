/** Names of the containers that were seen, so that a message says "container web-1" where the call knows only an id. */
export interface ContainerNames {
  remember(id: string, name: string): void;
  /** "container web-1" */
  resource(id: string): string;
}

export function containerNames(): ContainerNames {
  const names = new Map<string, string>();
  return {
    remember: (id, name) => void names.set(id, name),
    resource: (id) => `container ${names.get(id) ?? (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id)}`,
  };
}
