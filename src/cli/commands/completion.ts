import { UsageError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { scripts, shells } from "../completion/scripts.ts";

export const completion: CommandSpec = command({
  name: "completion",
  summary: "Print a script that completes commands in a shell",
  arguments: "bash|zsh|fish",
  options: {},
  examples: [
    ['eval "$(tscompose completion bash)"', "in ~/.bashrc"],
    ["source <(tscompose completion zsh)", "in ~/.zshrc"],
    ["tscompose completion fish | source", "in ~/.config/fish/config.fish"],
  ],
  run: async (session, _options, [name = ""]) => {
    const shell = shells.find((each) => each === name);
    if (shell === undefined) throw new UsageError(`no completion for "${name}"`, `there is: ${shells.join(", ")}`);
    session.print(scripts[shell]);
  },
});
