import { once } from "node:events";
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { expect } from "chai";
import { durably, inTransaction, openDatabase, relax } from "../../../src/storage/database.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";

/** Makes a file, holds it for a moment as another process would, and says when it has it. */
const HOLDER = `
  const { DatabaseSync } = require("node:sqlite");
  const { parentPort, workerData } = require("node:worker_threads");
  const database = new DatabaseSync(workerData);
  database.exec("BEGIN EXCLUSIVE; CREATE TABLE held (name TEXT)");
  parentPort.postMessage("held");
  setTimeout(() => { database.exec("COMMIT"); database.close(); }, 50);
`;

const SCHEMA = "CREATE TABLE IF NOT EXISTS entry (name TEXT PRIMARY KEY) STRICT;";

describe("database", () => {
  const file = scratchFolder();
  const names = (database: ReturnType<typeof openDatabase>) =>
    database
      .prepare("SELECT name FROM entry ORDER BY name")
      .all()
      .map((row) => row["name"]);

  it("makes the folders that are missing", () => {
    openDatabase(file("a/b/c.sqlite"), SCHEMA).close();
    expect(existsSync(file("a/b/c.sqlite"))).to.equal(true);
  });

  it("has every commit on the disk before it returns", () => {
    const database = openDatabase(file("a.sqlite"), SCHEMA);
    expect(database.prepare("PRAGMA journal_mode").get()).to.deep.include({ journal_mode: "wal" });
    expect(database.prepare("PRAGMA synchronous").get()).to.deep.include({ synchronous: 2 });
    expect(database.prepare("PRAGMA busy_timeout").get()).to.deep.include({ timeout: 5_000 });
    database.close();
  });

  it("waits for the disk only where it is told to, once it is relaxed", () => {
    const database = openDatabase(file("a.sqlite"), SCHEMA);
    const mode = () => database.prepare("PRAGMA synchronous").get()?.["synchronous"];
    relax(database);
    expect(mode()).to.equal(1);
    const inside = durably(database, () => mode());
    expect([inside, mode()]).to.deep.equal([2, 1]);
    const failing = () =>
      durably(database, () => {
        throw new Error("half way");
      });
    expect(failing).to.throw("half way");
    expect(mode()).to.equal(1);
    database.close();
  });

  it("empties a file of another version, and no other", () => {
    const first = openDatabase(file("a.sqlite"), SCHEMA, 1);
    first.exec("INSERT INTO entry VALUES ('kept')");
    first.close();
    const second = openDatabase(file("a.sqlite"), SCHEMA, 1);
    expect(names(second)).to.deep.equal(["kept"]);
    second.close();
    const third = openDatabase(file("a.sqlite"), SCHEMA, 2);
    expect(names(third)).to.deep.equal([]);
    third.close();
  });

  it("keeps the tables that it is told to keep when it empties a file", () => {
    const schema = `${SCHEMA} CREATE TABLE IF NOT EXISTS other (name TEXT) STRICT;`;
    const first = openDatabase(file("a.sqlite"), schema, 1);
    first.exec("INSERT INTO entry VALUES ('kept'); INSERT INTO other VALUES ('gone')");
    first.close();
    for (let opened = 0; opened < 2; opened++) {
      const second = openDatabase(file("a.sqlite"), schema, 2, ["entry", "missing"]);
      expect(names(second)).to.deep.equal(["kept"]);
      expect(second.prepare("SELECT name FROM other").all()).to.deep.equal([]);
      second.close();
    }
  });

  it("keeps what is there when it is opened again", () => {
    const first = openDatabase(file("a.sqlite"), SCHEMA);
    first.exec("INSERT INTO entry VALUES ('kept')");
    first.close();
    const second = openDatabase(file("a.sqlite"), SCHEMA);
    expect(names(second)).to.deep.equal(["kept"]);
    second.close();
  });

  it("waits for another process that is opening the same file", async () => {
    const holder = new Worker(HOLDER, { eval: true, workerData: file("a.sqlite") });
    await once(holder, "message");
    openDatabase(file("a.sqlite"), SCHEMA).close();
    await once(holder, "exit");
  });

  it("opens nothing on the disk when the file is :memory:", () => {
    const database = openDatabase(":memory:", SCHEMA);
    database.exec("INSERT INTO entry VALUES ('a')");
    expect(names(database)).to.deep.equal(["a"]);
    database.close();
  });

  describe("inTransaction", () => {
    it("writes everything and returns what the work returns", () => {
      const database = openDatabase(":memory:", SCHEMA);
      const returned = inTransaction(database, () => {
        database.exec("INSERT INTO entry VALUES ('a'); INSERT INTO entry VALUES ('b')");
        return 7;
      });
      expect(returned).to.equal(7);
      expect(names(database)).to.deep.equal(["a", "b"]);
      database.close();
    });

    it("writes nothing when the work throws, and can be used again", () => {
      const database = openDatabase(":memory:", SCHEMA);
      const failure = new Error("half way");
      const work = () =>
        inTransaction(database, () => {
          database.exec("INSERT INTO entry VALUES ('a')");
          throw failure;
        });
      expect(work).to.throw(failure);
      expect(names(database)).to.deep.equal([]);
      inTransaction(database, () => database.exec("INSERT INTO entry VALUES ('b')"));
      expect(names(database)).to.deep.equal(["b"]);
      database.close();
    });
  });
});
