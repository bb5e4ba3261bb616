import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { encryptKeystoreJson, type Wallet } from "ethers";
import { DEVELOPMENT_MNEMONIC, developmentWallet } from "../../../src/config/development.ts";
import { loadKey } from "../../../src/config/keys.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { wallets } from "../../support/fakes/two-chains.ts";

const LOCAL = [7101, 7102];
const OTHERS = [[1], [7101, 1], [1, 7102], [7103]];
const own = wallets("member", 1)[0] as Wallet;
const published = developmentWallet("attestor1");

describe("loadKey", () => {
  const file = scratchFolder();

  /** A keystore that takes no time to open, and so would be no good elsewhere. */
  async function keystore(wallet: { address: string; privateKey: string }, password = "right"): Promise<string> {
    const { address, privateKey } = wallet;
    const json = await encryptKeystoreJson({ address, privateKey }, password, { scrypt: { N: 2, r: 1, p: 1 } });
    writeFileSync(file("key.json"), json);
    return file("key.json");
  }

  describe("from the environment", () => {
    it("takes a private key", async () => {
      const wallet = await loadKey({ env: "KEY" }, OTHERS[0] ?? [], { KEY: own.privateKey });
      expect(wallet.address).to.equal(own.address);
    });

    const refused: Record<string, string | undefined> = {
      nothing: undefined,
      "an empty text": "",
      "no 0x": own.privateKey.slice(2),
      "too few digits": own.privateKey.slice(0, -1),
      "too many digits": `${own.privateKey}0`,
      "no hexadecimal": `0x${"zz".repeat(32)}`,
      zero: `0x${"00".repeat(32)}`,
      "more than the order of the curve": `0x${"ff".repeat(32)}`,
      "a mnemonic": DEVELOPMENT_MNEMONIC,
    };
    for (const [what, KEY] of Object.entries(refused)) {
      it(`fails with KEY_REFUSED for ${what}, and does not repeat it`, async () => {
        const error = await thrown("KEY_REFUSED", loadKey({ env: "KEY" }, LOCAL, { KEY }));
        expect(error.message).to.include("KEY");
        if (KEY) expect(error.message).not.to.include(KEY);
      });
    }
  });

  describe("from a keystore", () => {
    const source = (path: string) => ({ keystore: path, passwordEnv: "PASSWORD" });

    it("opens it with its password", async () => {
      const wallet = await loadKey(source(await keystore(own)), [1], { PASSWORD: "right" });
      expect(wallet.address).to.equal(own.address);
    });

    it("fails with KEY_REFUSED when the password is wrong", async () => {
      const path = await keystore(own);
      const error = await thrown("KEY_REFUSED", loadKey(source(path), LOCAL, { PASSWORD: "wrong" }));
      expect(error.message).to.include(path);
      expect(error.cause).to.be.instanceOf(Error);
    });

    it("fails with KEY_REFUSED when there is no password", async () => {
      const error = await thrown("KEY_REFUSED", loadKey(source(await keystore(own)), LOCAL, {}));
      expect(error.message).to.include("PASSWORD");
    });

    it("fails with KEY_REFUSED when there is no file", async () => {
      const error = await thrown("KEY_REFUSED", loadKey(source(file("absent.json")), LOCAL, { PASSWORD: "right" }));
      expect(error.cause).to.have.property("code", "ENOENT");
    });

    it("fails with KEY_REFUSED when the file is no keystore", async () => {
      for (const content of ["", "{}", own.privateKey]) {
        writeFileSync(file("key.json"), content);
        await thrown("KEY_REFUSED", loadKey(source(file("key.json")), LOCAL, { PASSWORD: "right" }));
      }
    });
  });

  describe("of the development mnemonic", () => {
    const sources = {
      "by its name": async () => ({ source: { development: "attestor1" } as const, environment: {} }),
      "from the environment": async () => ({ source: { env: "KEY" }, environment: { KEY: published.privateKey } }),
      "from a keystore": async () => ({
        source: { keystore: await keystore(published), passwordEnv: "PASSWORD" },
        environment: { PASSWORD: "right" },
      }),
    };
    for (const [how, prepare] of Object.entries(sources)) {
      it(`is taken ${how} on the local chains`, async () => {
        const { source, environment } = await prepare();
        expect((await loadKey(source, LOCAL, environment)).address).to.equal(published.address);
      });

      it(`fails with KEY_REFUSED ${how} when any chain is another`, async () => {
        const { source, environment } = await prepare();
        for (const chainIds of OTHERS) {
          const error = await thrown("KEY_REFUSED", loadKey(source, chainIds, environment));
          expect(error.fields).to.deep.equal({ address: published.address, chainIds });
        }
      });
    }
  });
});
