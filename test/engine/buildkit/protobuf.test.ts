import { Readable } from "node:stream";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { escapeMessage, failureOf, frameHead, messages } from "../../../src/engine/buildkit/grpc.ts";
import {
  bytesField,
  decodeMessage,
  encodeMessage,
  mapField,
  numberField,
  text,
  textField,
} from "../../../src/engine/buildkit/protobuf.ts";

describe("protobuf", () => {
  // The bytes of the format's own documentation.
  test("numbers, texts and messages are written as the format has them", () => {
    expect(encodeMessage([[1, 150]]).toString("hex")).toBe("089601");
    expect(encodeMessage([[2, "testing"]]).toString("hex")).toBe("120774657374696e67");
    expect(encodeMessage([[3, encodeMessage([[1, 150]])]]).toString("hex")).toBe("1a03089601");
    expect(encodeMessage([[16, true]]).toString("hex")).toBe("800101");
  });

  test("negative numbers take ten bytes, as 64 bits do", () => {
    expect(encodeMessage([[1, -1n]]).toString("hex")).toBe("08ffffffffffffffffff01");
  });

  test("what is absent, empty or zero is not written; what is repeated is", () => {
    const absent = [undefined, "", 0, 0n, false, [], new Map()] as const;
    expect(encodeMessage(absent.map((value, index) => [index + 1, value] as const))).toHaveLength(0);
    const read = decodeMessage(encodeMessage([[4, ["a", "b", Buffer.from("c")]]]));
    expect(read.map(({ number, bytes }) => `${number} ${text(bytes)}`)).toEqual(["4 a", "4 b", "4 c"]);
  });

  test("any fields come back as they went", () => {
    const fields = fc.tuple(fc.nat({ max: 2 ** 53 - 1 }), fc.string(), fc.dictionary(fc.string(), fc.string()));
    fc.assert(
      fc.property(fields, ([number, word, pairs]) => {
        const map = new Map(Object.entries(pairs));
        const read = decodeMessage(
          encodeMessage([
            [1, number],
            [2000, word],
            [3, map],
          ]),
        );
        expect(numberField(read, 1)).toBe(number);
        expect(textField(read, 2000)).toBe(Buffer.from(word).toString());
        const found = new Map([...mapField(read, 3)].map(([key, value]) => [key, text(value)]));
        expect(found).toEqual(
          new Map([...map].map(([key, value]) => [Buffer.from(key).toString(), Buffer.from(value).toString()])),
        );
      }),
    );
  });

  test("numbers of fixed width, which we have no use for, are stepped over", () => {
    const fixed = Buffer.from([0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 1, 2, 3, 4]);
    const read = decodeMessage(Buffer.concat([fixed, encodeMessage([[3, "after"]])]));
    expect(text(bytesField(read, 3))).toBe("after");
    expect(read).toHaveLength(1);
  });
});

describe("gRPC", () => {
  const framed = (words: readonly string[]): Buffer =>
    Buffer.concat(words.flatMap((word) => [frameHead(Buffer.byteLength(word)), Buffer.from(word)]));

  test("messages are found wherever the transport cuts", async () => {
    const words = ["one", "", "x".repeat(70_000), "last"];
    const whole = framed(words);
    for (const size of [1, 3, 7, 5000, whole.length]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
      const found: string[] = [];
      for await (const message of messages(Readable.from(chunks))) found.push(message.toString());
      expect(found).toEqual(words);
    }
  });

  test("a failure comes with its details; other alphabets are escaped on the way", () => {
    const status = encodeMessage([
      [1, 5],
      [2, "not found"],
      [
        3,
        encodeMessage([
          [1, "example/Detail"],
          [2, "content"],
        ]),
      ],
    ]);
    const failure = failureOf({
      "grpc-status": "5",
      "grpc-message": escapeMessage("nicht gefünden: 100 %"),
      "grpc-status-details-bin": status.toString("base64"),
    });
    expect(failure).toMatchObject({ code: 5, message: "nicht gefünden: 100 %" });
    expect(failure?.details.map(({ type, value }) => [type, text(value)])).toEqual([["example/Detail", "content"]]);
    expect(failureOf({ "grpc-status": "0" })).toBeUndefined();
    expect(failureOf({})?.message).toBe("the call ended without an answer");
  });
});
