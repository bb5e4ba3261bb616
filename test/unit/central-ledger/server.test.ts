import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import type { Behaviours } from "../../../central-ledger/config.ts";
import { createAdminServer, createLedgerServer } from "../../../central-ledger/server.ts";
import { parseMessage, parseStatement } from "../../../src/iso20022/business-message.ts";
import { MAX_MESSAGE_BYTES } from "../../../src/iso20022/xml.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";
import { BANK_A, BANK_B, paymentXml, transfer } from "../../support/fakes/iso-messages.ts";
import { LedgerWorld } from "../../support/fakes/ledger.ts";

describe("central ledger server", () => {
  const logger = createLogger("error", { write: () => undefined });
  let world: LedgerWorld;
  let server: FastifyInstance;
  let admin: FastifyInstance;

  beforeEach(() => {
    world = new LedgerWorld(":memory:");
    server = createLedgerServer(world.operator, logger);
    admin = createAdminServer(world.operator, (changed: Behaviours) => world.behave(changed), logger);
  });
  afterEach(async () => {
    await server.close();
    await admin.close();
    world.operator.close();
  });

  const post = async (payload: string | Buffer, type = "application/xml") =>
    await server.inject({ method: "POST", url: "/messages", headers: { "content-type": type }, payload });

  it("answers that it is alive", async () => {
    expect((await server.inject("/live")).json()).to.deep.equal({ live: true });
  });

  it("answers a payment, tells the bookings, and states the account", async () => {
    const answer = await post(paymentXml());
    expect(answer.statusCode).to.equal(200);
    expect(answer.headers["content-type"]).to.equal("application/xml; charset=utf-8");
    expect(parseMessage(answer.body).document).to.deep.include({ type: "PaymentStatusReport", status: "ACSC" });
    expect((await post(paymentXml(), "application/xml; charset=utf-8")).body).to.equal(answer.body);

    const page = (await server.inject("/messages")).json();
    expect(page.cursor).to.equal("3");
    expect(page.messages).to.have.length(3);
    expect((await server.inject("/messages?after=2")).json().messages).to.deep.equal(page.messages.slice(2));
    expect((await server.inject("/messages?after=3")).json()).to.deep.equal({ cursor: "3", messages: [] });

    const statement = await server.inject(`/statements/${BANK_B}-CNY/2026-11-22`);
    expect(parseStatement(statement.body).document.closing.cents).to.equal(1_250_050n);
  });

  const REFUSED: readonly (readonly [string, () => Promise<unknown>, number, string])[] = [
    ["no XML", async () => await post("pay me"), 400, "ISO_MALFORMED"],
    ["nothing", async () => await post(""), 400, "ISO_MALFORMED"],
    ["bytes that are no text", async () => await post(Buffer.from([0xff, 0xfe, 0x3c])), 400, "ISO_MALFORMED"],
    ["a spoilt field", async () => await post(paymentXml().replace("12500.50", " 1")), 422, "ISO_VALUE"],
    ["more than a message has", async () => await post(" ".repeat(MAX_MESSAGE_BYTES + 1)), 413, "REQUEST_INVALID"],
    ["JSON", async () => await post("{}", "application/json"), 415, "REQUEST_INVALID"],
    ["a cursor that is none", async () => await server.inject("/messages?after=x"), 409, "LEDGER_REFUSED"],
    ["two cursors", async () => await server.inject("/messages?after=1&after=2"), 409, "LEDGER_REFUSED"],
    [
      "an account that is none",
      async () => await server.inject(`/statements/${BANK_A}/2026-11-22`),
      409,
      "LEDGER_REFUSED",
    ],
  ];
  for (const [name, ask, status, code] of REFUSED) {
    it(`refuses ${name} with ${status} ${code}`, async () => {
      const response = (await ask()) as Awaited<ReturnType<typeof post>>;
      expect([response.statusCode, response.json().code]).to.deep.equal([status, code]);
      expect(response.json().message).not.to.equal("");
    });
  }

  it("lets members reach nothing of the operator's", async () => {
    const asked = await Promise.all([
      server.inject({ method: "PUT", url: "/behaviours", payload: {} }),
      server.inject({ method: "POST", url: `/reversals/${transfer.uetr}` }),
    ]);
    for (const { statusCode } of asked) expect(statusCode).to.be.oneOf([404, 415]);
  });

  it("lets the operator change what it does, and take a booking back", async () => {
    const put = async (payload: object) => await admin.inject({ method: "PUT", url: "/behaviours", payload });
    expect((await put({ delayMs: -1 })).json().code).to.equal("CONFIG_INVALID");
    expect((await put({ copies: 2 })).statusCode).to.equal(200);
    await post(paymentXml());
    expect(world.told()).to.have.length(5);
    const reverse = async () => await admin.inject({ method: "POST", url: `/reversals/${transfer.uetr}` });
    expect((await reverse()).json()).to.deep.equal({ reversed: transfer.uetr });
    expect([(await reverse()).statusCode, world.balance(BANK_B)]).to.deep.equal([409, 0n]);
  });

  it("says nothing of a defect but that there is one", async () => {
    world.operator.close();
    const response = await post(paymentXml());
    expect([response.statusCode, response.body]).to.deep.equal([500, '{"code":"REQUEST_INVALID","message":""}']);
    world = new LedgerWorld(":memory:");
  });
});
