/**
 * The flags of docker compose 2.40.3, verb by verb, as its help pages list them ("-n|tail=" takes a value), and those
 * that it takes without listing them, behind "hidden". `--dry-run`, which all have, is left out.
 */
export const peerFlags: Readonly<Record<string, { readonly shown: string; readonly hidden?: string }>> = {
  attach: { shown: "detach-keys= index= no-stdin sig-proxy" },
  build: {
    shown:
      "build-arg= builder= check m|memory= no-cache print provenance= pull push q|quiet sbom= ssh= with-dependencies",
    hidden: "compress force-rm no-rm parallel progress=",
  },
  commit: { shown: "a|author= c|change= index= m|message= p|pause" },
  config: {
    shown:
      "environment format= hash= images lock-image-digests models networks no-consistency no-env-resolution " +
      "no-interpolate no-normalize no-path-resolution o|output= profiles q|quiet resolve-image-digests services " +
      "variables volumes",
  },
  cp: { shown: "all a|archive L|follow-link index=" },
  create: { shown: "build force-recreate no-build no-recreate pull= quiet-pull remove-orphans scale= y|yes" },
  down: { shown: "remove-orphans rmi= t|timeout= v|volumes" },
  events: { shown: "json since= until=" },
  exec: {
    shown: "d|detach e|env= index= T|no-tty privileged u|user= w|workdir=",
    hidden: "i|interactive t|tty no-TTY",
  },
  export: { shown: "index= o|output=" },
  images: { shown: "format= q|quiet" },
  kill: { shown: "remove-orphans s|signal=" },
  logs: { shown: "f|follow index= no-color no-log-prefix since= n|tail= t|timestamps until=" },
  ls: { shown: "a|all filter= format= q|quiet" },
  pause: { shown: "" },
  port: { shown: "index= protocol=" },
  ps: { shown: "a|all filter= format= no-trunc orphans q|quiet services status=" },
  publish: { shown: "app oci-version= resolve-image-digests with-env y|yes" },
  pull: {
    shown: "ignore-buildable ignore-pull-failures include-deps policy= q|quiet",
    hidden: "parallel no-parallel",
  },
  push: { shown: "ignore-push-failures include-deps q|quiet" },
  restart: { shown: "no-deps t|timeout=" },
  rm: { shown: "f|force s|stop v|volumes", hidden: "a|all" },
  run: {
    shown:
      "build cap-add= cap-drop= d|detach entrypoint= e|env= env-from-file= i|interactive l|label= name= T|no-tty " +
      "no-deps p|publish= pull= q|quiet quiet-build quiet-pull remove-orphans rm P|service-ports use-aliases u|user= " +
      "v|volume= w|workdir=",
    hidden: "t|tty no-TTY",
  },
  scale: { shown: "no-deps" },
  start: { shown: "" },
  stats: { shown: "a|all format= no-stream no-trunc" },
  stop: { shown: "t|timeout=" },
  top: { shown: "" },
  unpause: { shown: "" },
  up: {
    shown:
      "abort-on-container-exit abort-on-container-failure always-recreate-deps attach= attach-dependencies build " +
      "d|detach exit-code-from= force-recreate menu no-attach= no-build no-color no-deps no-log-prefix no-recreate " +
      "no-start pull= quiet-build quiet-pull remove-orphans V|renew-anon-volumes scale= t|timeout= timestamps wait " +
      "wait-timeout= w|watch y|yes",
  },
  version: { shown: "f|format= short" },
  volumes: { shown: "format= q|quiet" },
  wait: { shown: "down-project" },
  watch: { shown: "no-up prune quiet" },
};

export const peerGlobals: string =
  "all-resources ansi= compatibility dry-run env-file= f|file= parallel= profile= progress= project-directory= " +
  "p|project-name=";
