import { describe, expect, test } from "vitest";

import { UsageError } from "../../src/model/error.ts";
import { executeTemplate } from "../../src/render/go-template/execute.ts";
import { parseTemplate } from "../../src/render/go-template/parse.ts";

const row = {
  Name: "demo-web-1",
  State: "running",
  ExitCode: 0,
  Health: "",
  Publishers: [
    { URL: "127.0.0.1", TargetPort: 80, PublishedPort: 8080, Protocol: "tcp" },
    { URL: "", TargetPort: 443, PublishedPort: 0, Protocol: "tcp" },
  ],
  Labels: new Map([
    ["b", "2"],
    ["a", "1"],
  ]),
  Label: (key: unknown) => (key === "team" ? "blue" : ""),
};

function run(template: string): string {
  return executeTemplate(parseTemplate(template), row);
}

describe("a Go template gives what Go gives", () => {
  test.each([
    ["plain", "plain"],
    ["{{.Name}}", "demo-web-1"],
    ["{{ .Name }}\t{{ .State }}", "demo-web-1\trunning"],
    ["a {{- .Name -}} b", "ademo-web-1b"],
    ["a {{/* not shown */}}b", "a b"],
    ["{{- /* nor this */ -}} b", "b"],
    ['{{"{{"}}x', "{{x"],
    ["{{`a}}b`}}", "a}}b"],
    ['{{"a\\tb"}}', "a\tb"],
    ["{{.ExitCode}}", "0"],
    ["{{json .Name}}", '"demo-web-1"'],
    ["{{json (index .Publishers 1)}}", '{"URL":"","TargetPort":443,"PublishedPort":0,"Protocol":"tcp"}'],
    ["{{(index .Publishers 0).PublishedPort}}", "8080"],
    ['{{printf "%s|%s" (upper .Name) .State}}', "DEMO-WEB-1|running"],
    ['{{.Name | upper | printf "%q"}}', '"DEMO-WEB-1"'],
    ['{{printf "%-12s|%5d|%05d|%.3s|%%" .State 42 42 .Name}}', "running     |   42|00042|dem|%"],
    ['{{.Label "team"}}', "blue"],
    ["{{if .Health}}{{.Health}}{{else}}none{{end}}", "none"],
    ['{{if eq .State "exited"}}x{{else if eq .State "running" "paused"}}up{{else}}?{{end}}', "up"],
    ["{{if and .Name (not .Health)}}yes{{end}}", "yes"],
    ["{{if gt .ExitCode 0}}bad{{else}}good{{end}}", "good"],
    ["{{range .Publishers}}{{.TargetPort}} {{end}}", "80 443 "],
    ["{{range $i, $p := .Publishers}}{{if $i}}, {{end}}{{$p.TargetPort}}{{end}}", "80, 443"],
    ["{{range .Publishers}}{{$.Name}} {{end}}", "demo-web-1 demo-web-1 "],
    ["{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}", "a=1;b=2;"],
    ["{{with .State}}<{{.}}>{{end}}{{with .Health}}{{.}}{{else}}-{{end}}", "<running>-"],
    ["{{$x := .Name}}{{$x}}{{len $x}}", "demo-web-110"],
    ['{{join (split .Name "-") "/"}}', "demo/web/1"],
    ["{{slice .Name 0 4}}", "demo"],
    ["{{truncate .Name 4}}", "demo"],
    ["{{len .Publishers}}", "2"],
    ["{{range .Publishers}}{{if eq .TargetPort 443}}{{break}}{{end}}{{.TargetPort}} {{end}}", "80 "],
    ["{{range .Publishers}}{{if eq .TargetPort 80}}{{continue}}{{end}}{{.TargetPort}} {{end}}", "443 "],
    [
      "{{$some := false}}{{range .Publishers}}{{if $some}},{{end}}{{$some = true}}{{.TargetPort}}{{end}} {{$some}}",
      "80,443 true",
    ],
    ['{{define "p"}}<{{.TargetPort}}>{{end}}{{range .Publishers}}{{template "p" .}}{{end}}', "<80><443>"],
    ['{{block "n" .Name}}[{{.}}]{{end}}', "[demo-web-1]"],
    ['{{printf "%T %T" .ExitCode .Name}}', "int string"],
    [
      "{{html `<a b=\"c\">`}} {{js `a='b'`}} {{urlquery `a b&c`}}",
      String.raw`&lt;a b=&#34;c&#34;&gt; a\u003D\'b\' a+b%26c`,
    ],
    ['{{json "<&>"}} {{json nil}}', '"<&>" null'],
    ["{{range 3}}{{.}}{{end}}", "012"],
    ['{{print 1 2 "a" "b" 3}}', "1 2ab3"],
    ['{{or .Name .Nope}} {{and "" .Nope}}|{{.Health | or "" | or ""}}|', "demo-web-1 ||"],
    ['{{pad "" 1 1}}|{{pad "x" 1 2}}|', "| x  |"],
    ["{{not true}} {{true}} {{3.5}}", "false true 3.5"],
    ["{{.Publishers}}", "[{127.0.0.1 80 8080 tcp} { 443 0 tcp}]"],
    ["{{.Labels.a}}", "1"],
    ["ä…\u{1F600}{{.State}}", "ä…\u{1F600}running"],
  ])("%s", (template, expected) => {
    expect(run(template)).toBe(expected);
  });
});

describe("a wrong template is the person's mistake, and is named", () => {
  test.each([
    ["{{.Nam}}", /no field \.Nam/],
    ["{{nosuch .Name}}", /function "nosuch" not defined/],
    ["{{.Name", /has no end/],
    ["{{if .Name}}x", /no \{\{end\}\}/],
    ["x{{end}}", /unexpected \{\{end\}\}/],
    ["{{.Name | }}", /missing value/],
    ["{{(.Name}}", /missing "\)"/],
    ["{{.Name)}}", /unexpected "\)"/],
    ["{{.Name #}}", /unexpected "#"/],
    ["{{index .Publishers 7}}", /out of range/],
    ["{{$nope}}", /no variable \$nope/],
    ["{{range .State}}{{end}}", /cannot go through/],
    ["{{len 3}}", /3 has no length/],
    ['{{eq .ExitCode "0"}}', /a number cannot be compared with a text/],
    ["{{if lt .State 3}}x{{end}}", /a text cannot be compared with a number/],
    ["{{eq 1}}", /wrong number of arguments for eq: at least 2, not 1/],
    ["{{not}}", /wrong number of arguments for not: 1, not 0/],
    ["{{and}}", /wrong number of arguments for and/],
    ["{{upper}}", /wrong number of arguments for upper/],
    ["{{.Label}}", /wrong number of arguments for Label/],
    ['{{.Label "a" "b"}}', /wrong number of arguments for Label: 1, not 2/],
    ["{{break}}", /\{\{break\}\} outside \{\{range\}\}/],
    ["{{range .Publishers}}{{end}}{{continue}}", /\{\{continue\}\} outside/],
  ])("%s", (template, message) => {
    expect(() => run(template)).toThrow(UsageError);
    expect(() => run(template)).toThrow(message);
  });
});
