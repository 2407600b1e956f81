import { Readable } from "node:stream";

import { expect, test } from "vitest";

import { ask } from "../../src/render/prompt.ts";

test("each question takes one line, however the lines come", async () => {
  let asked = "";
  const stream = { write: (text: string) => void (asked += text) };
  const options = { colour: false, isInteractive: () => false, stream } as unknown as Parameters<typeof ask>[1];
  const answers = Readable.from([Buffer.from("y"), Buffer.from("es\nn\n1\n"), Buffer.from("true")]);
  const agreed: boolean[] = [];
  for (const question of ["A?", "B?", "C?", "D?", "E?"]) agreed.push(await ask(question, options, answers));
  expect(agreed).toEqual([true, false, true, true, false]);
  expect(asked).toBe("A? yes\nB? no\nC? yes\nD? yes\nE? no: nobody is there to answer\n");
});
