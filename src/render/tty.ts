import { plainRenderer } from "./plain.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";

export function ttyRenderer(options: RendererOptions): Renderer {
  return plainRenderer(options);
}
