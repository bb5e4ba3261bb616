import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { DevelopmentAccount } from "../../../src/config/development.ts";
import type { Hex } from "../../../src/core/hex.ts";
import type { AnchoredFolder } from "../../../src/documents/anchor-folder.ts";
import { batchOf } from "../../../src/documents/batch.ts";
import { anchor, type RevokeOptions, revoke, supersede } from "../../../src/documents/commands/register.ts";
import { type VerifyCommandOptions, verifyFiles } from "../../../src/documents/commands/verify.ts";
import { jsonText } from "../../../src/documents/document-file.ts";
import type { KindName } from "../../../src/documents/kinds.ts";
import { applySetting, exampleOf } from "../../../src/documents/template.ts";
import { type WrappedDocument, wrap } from "../../../src/documents/wrapped-document.ts";
import type { Verification } from "../../../src/verification/fragment.ts";
import type { World } from "./world.ts";

/** Makes documents in files of a world's directory, and gives the commands on them. */
export class DocumentsDesk {
  readonly #world: World;
  /** A configuration of the world's registry. */
  readonly config: string;
  #made = 0;

  constructor(world: World) {
    this.#world = world;
    const { documentRegistry: registry, participants } = world.deployment.trade;
    const documents = { registry, participants, pollMs: 10, receiptTimeoutMs: 5_000 };
    this.config = this.path("config.json");
    writeFileSync(this.config, JSON.stringify({ chains: world.chains, documents }));
  }

  path(name: string): string {
    return join(this.#world.directory, name);
  }

  /** A wrapped document in a file of its own. */
  make(kind: KindName = "commercial-invoice", file = `document-${++this.#made}.json`, ...settings: string[]): string {
    const data = exampleOf(kind);
    for (const setting of settings) applySetting(data, setting);
    writeFileSync(this.path(file), jsonText(wrap(data, kind)));
    return this.path(file);
  }

  /** Wrapped invoices in a folder of their own: `0.json`, `1.json`, … */
  folder(count: number): string {
    const name = `batch-${++this.#made}`;
    mkdirSync(this.path(name));
    for (let index = 0; index < count; index++) {
      this.make("commercial-invoice", join(name, `${index}.json`), `remarks=["${index}"]`);
    }
    return this.path(name);
  }

  read(file: string): WrappedDocument {
    return JSON.parse(readFileSync(file, "utf8"));
  }

  /** Name and content of each file. */
  contents(folder: string): [string, string][] {
    return this.files(folder).map((file) => [file, readFileSync(file, "utf8")]);
  }

  files(folder: string): string[] {
    return readdirSync(folder)
      .sort()
      .map((file) => join(folder, file));
  }

  async batchOf(folder: string): Promise<{ root: Hex; size: number }> {
    return await batchOf(this.files(folder).map((file) => this.read(file).hash));
  }

  async anchor(source: string, as: DevelopmentAccount = "seller", trade?: string) {
    const options = { config: this.config, as, ...(trade === undefined ? {} : { trade }) };
    return await anchor(source, options, {}, () => undefined);
  }

  async anchorFolder(folder: string): Promise<AnchoredFolder> {
    return (await this.anchor(folder)).data as AnchoredFolder;
  }

  async revoke(files: readonly string[], options: RevokeOptions = {}) {
    return await revoke(files, { config: this.config, as: "seller", ...options }, {});
  }

  async supersede(file: string, other: string, as: DevelopmentAccount = "seller") {
    return await supersede(file, other, { config: this.config, as }, {});
  }

  /** Whether a file is valid, and the codes of its fragments in their order. */
  async verify(file: string, options: VerifyCommandOptions = {}): Promise<string> {
    const { data, fails } = await verifyFiles([file], { config: this.config, ...options }, {});
    const [{ valid, fragments }] = data as [Verification];
    expect(fails).to.equal(!valid);
    return [valid ? "valid" : "not valid", ...fragments.map(({ code }) => code)].join(" ");
  }
}
