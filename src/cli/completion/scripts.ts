/**
 * What each shell asks us: everything typed up to the cursor, behind "--". The answer is a suggestion a line, with its
 * description behind a tab, and last a line ":" with what else the shell may offer.
 */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** "@{" is the shells' "${", which would mean something here, too. */
function script(text: TemplateStringsArray): string {
  return String.raw(text).replaceAll("@{", "${");
}

const bash = script`# bash completion for tscompose. In ~/.bashrc:  eval "$(tscompose completion bash)"
_tscompose() {
  local line also=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) also=@{line#:} ;;
      *) COMPREPLY+=("@{line%%$'\t'*}") ;;
    esac
  done < <("@{COMP_WORDS[0]/#\~/$HOME}" __complete bash -- "@{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null </dev/null)
  case $also in
    nospace) compopt -o nospace ;;
    files) if ((@{#COMPREPLY[@]})); then compopt -o nospace; else compopt -o default; fi ;;
    folders) compopt -o dirnames ;;
  esac
}
complete -F _tscompose tscompose
`;

const zsh = script`#compdef tscompose
# zsh completion for tscompose. In ~/.zshrc:  source <(tscompose completion zsh)
_tscompose() {
  local line also= value
  local -a found rest
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      also=@{line#:}
    else
      value=@{@{line%%$'\t'*}//:/\\:}
      if [[ $line == *$'\t'* ]]; then found+=("$value:@{line#*$'\t'}"); else found+=("$value"); fi
    fi
  done < <("@{(Q)words[1]/#\~/$HOME}" __complete zsh -- "@{(@Q)words[2,CURRENT]}" 2>/dev/null </dev/null)
  [[ $also == nospace || ( $also == files && @{#found} -gt 0 ) ]] && rest=(-S '')
  (( @{#found} )) && _describe tscompose found "@{rest[@]}"
  case $also in
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [[ $funcstack[1] == _tscompose ]]; then _tscompose "$@"; else compdef _tscompose tscompose; fi
`;

const fish = script`# fish completion for tscompose. In ~/.config/fish/config.fish:  tscompose completion fish | source
function __tscompose_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in ($words[1] __complete fish -- $words[2..-1] "$current" 2>/dev/null </dev/null)
    switch $line
      case ':files'
        __fish_complete_path "$current"
      case ':folders'
        __fish_complete_directories "$current"
      case ':*'
      case '*'
        echo $line
    end
  end
end
complete -c tscompose -f -a '(__tscompose_complete)'
`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
