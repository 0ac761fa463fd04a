// The same model, written for two other libraries by hand, decides as rolecall does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { casbin } from "./casbin.mjs";
import { casl } from "./casl.mjs";
import { agree, seed, worlds } from "./worlds.mjs";

for (const [name, oracle, share] of [
  ["CASL", casl, 1],
  // It looks at every policy line for every question.
  ["casbin", casbin, 0.2],
]) {
  test(`${name} answers as rolecall does (ORACLE_SEED=${seed})`, async (context) => {
    const wanted = Math.ceil(worlds * share);
    const { services, allowed, denied, owned } = await agree(oracle, wanted);
    context.diagnostic(`${services} services, ${allowed} times allowed, ${denied} times denied`);
    assert.equal(services, wanted);
    assert.ok(allowed > 5 * wanted && denied > 50 * wanted && owned > wanted, `${allowed}, ${denied}, ${owned}`);
  });
}
