import path from "node:path";

export interface WatchFolders {
  /** Folders in which watching starts; it goes on below them, as far as `leads` lets it. */
  readonly from: readonly string[];
  readonly leads: (folder: string) => boolean;
  /** Something happened in this folder. */
  readonly onHint: (folder: string) => void;
  readonly onError: (error: unknown) => void;
}

export interface FolderWatcher extends AsyncDisposable {
  /** Makes sure that a folder is watched which the watcher may have missed. */
  include(folder: string): void;
}

/**
 * The one place that knows the watcher library. It is asked for folders only: the system reports what happens to files
 * by the folder they are in, so a watch for each of them would be thousands for nothing. Where CHOKIDAR_USEPOLLING says
 * that the system reports nothing (some shared folders), files are watched one by one.
 */
export async function watchFolders(options: WatchFolders): Promise<FolderWatcher> {
  const { default: chokidar } = await import("chokidar");
  const polling = !["", "0", "false"].includes(process.env["CHOKIDAR_USEPOLLING"] ?? "");
  const known = new Set<string>();
  const watcher = chokidar.watch([...options.from], {
    followSymlinks: false,
    ignored: (file, stats) => !options.leads(file) || (!polling && stats !== undefined && !stats.isDirectory()),
  });
  watcher.on("raw", (_event, _name, details: unknown) => {
    const { watchedPath } = details as { readonly watchedPath?: string };
    if (watchedPath !== undefined) options.onHint(watchedPath);
  });
  watcher.on("all", (event, file) => {
    if (event === "addDir") known.add(file);
    if (event === "unlinkDir") known.delete(file);
    options.onHint(event === "addDir" ? file : path.dirname(file));
  });
  watcher.on("error", options.onError);
  await new Promise<void>((settle) => watcher.once("ready", settle));
  return {
    include(folder) {
      if (!known.has(folder)) watcher.add(folder);
    },
    [Symbol.asyncDispose]: () => watcher.close(),
  };
}
