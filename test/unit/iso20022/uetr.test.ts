import { expect } from "chai";
import { uetr } from "../../../src/iso20022/rules.ts";
import { uetrOf } from "../../../src/iso20022/uetr.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

describe("uetrOf", () => {
  it("keeps the hash but for the version and the variant", () => {
    expect(uetrOf(`0x${"ff".repeat(32)}`)).to.equal("ffffffff-ffff-4fff-bfff-ffffffffffff");
    expect(uetrOf(`0x${"00".repeat(32)}`)).to.equal("00000000-0000-4000-8000-000000000000");
    expect(uetrOf("0x0123456789ABCDEF0123456789abcdef00000000000000000000000000000000")).to.equal(
      "01234567-89ab-4def-8123-456789abcdef",
    );
  });

  it("makes a UUID of version 4 of any hash, and another of another", () => {
    const random = new SeededRandom(7);
    const made = Array.from({ length: 500 }, () => uetrOf(random.hex(32)));
    for (const each of made) expect(uetr.safeParse(each).success).to.equal(true);
    expect(new Set(made).size).to.equal(500);
  });

  it("refuses what is not 32 bytes", () => {
    expect(() => uetrOf("0x12")).to.throw(RangeError);
    expect(() => uetrOf(`0x${"zz".repeat(32)}`)).to.throw(RangeError);
  });
});
