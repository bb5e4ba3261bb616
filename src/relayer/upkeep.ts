import { encodeReportEquivocation, type Gateway } from "../chains/gateway.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { Direction, Observer, UpkeepPurpose } from "./events.ts";
import type { Outbox, PlannedCall } from "./outbox.ts";

export interface UpkeepDependencies {
  destination: Gateway;
  outbox: Outbox;
  observer: Observer;
}

/** A header and a seal of thirty validators, generously. */
const REPORT_GAS = 1_000_000n;
/** Confirmations of validators in a row that may be paid for and refused. */
const MOST_REFUSED = 5;

/** Transactions that keep the destination's light client right: no deliveries, but paid for like those. */
export class Upkeep {
  readonly #direction: Direction;
  readonly #dependencies: UpkeepDependencies;
  #reportRefused = false;
  #confirmationsRefused = 0;

  constructor(direction: Direction, dependencies: UpkeepDependencies) {
    this.#direction = direction;
    this.#dependencies = dependencies;
  }

  /**
   * Shows the light client a sealed header that conflicts with one which it holds. A report that was paid for and refused is
   * the last one: whoever said that there is a conflict, and that the report would be taken, lied.
   * @throws HuangpuError RPC_INCONSISTENT when the report would be refused; nothing is sent then.
   */
  async reportEquivocation(lightClient: Hex, header: Hex, seal: Hex, signal: AbortSignal): Promise<void> {
    if (this.#reportRefused) return;
    const data = encodeReportEquivocation(header, seal);
    try {
      await this.#dependencies.destination.chain.call(lightClient, data);
    } catch (cause) {
      if (!(cause instanceof HuangpuError && cause.code === "RPC_REJECTED")) throw cause;
      throw new HuangpuError(
        "RPC_INCONSISTENT",
        "The destination tells of an equivocation and refuses the report of it",
        {
          fields: { direction: this.#direction, ...cause.fields },
          cause,
        },
      );
    }
    const refused = await this.#send("equivocationReport", { to: lightClient, data, gasLimit: REPORT_GAS }, signal);
    if (refused === undefined) return;
    this.#reportRefused = true;
    this.#alarm(refused);
  }

  /**
   * Lets `renew` send what confirms validators. One that reverts is no trouble when `renew` finds that another relayer was first.
   * @throws HuangpuError VALIDATORS_NOT_FOLLOWED when one reverts, or too many did before; nothing is sent then.
   */
  async renewing(
    renew: (send: (call: PlannedCall) => Promise<void>) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    let refused: Refused | undefined;
    const send = async (call: PlannedCall) => {
      if (this.#confirmationsRefused < MOST_REFUSED) {
        refused = await this.#send("validators", call, signal);
        if (refused === undefined) return;
        this.#confirmationsRefused++;
      }
      throw new HuangpuError(
        "VALIDATORS_NOT_FOLLOWED",
        "The destination refused validators that it had said it would take",
        {
          fields: { direction: this.#direction, refused: this.#confirmationsRefused, ...refused },
        },
      );
    };
    try {
      await renew(send);
      this.#confirmationsRefused = 0;
    } catch (error) {
      if (refused !== undefined) this.#alarm(refused);
      throw error;
    }
  }

  /** What a transaction that reverted cost; undefined when it did not. */
  async #send(purpose: UpkeepPurpose, call: PlannedCall, signal: AbortSignal): Promise<Refused | undefined> {
    const { outbox, observer } = this.#dependencies;
    const [receipt] = await outbox.send([call], signal);
    if (receipt === undefined) return undefined;
    const { transactionHash: hash } = receipt;
    const gasUsed = BigInt(receipt.gasUsed);
    const succeeded = receipt.status === "0x1";
    observer({ type: "upkept", direction: this.#direction, purpose, hash, gasUsed, succeeded });
    return succeeded ? undefined : { purpose, hash, gasUsed: gasUsed.toString() };
  }

  #alarm(refused: Refused): void {
    const fields = { ...refused };
    this.#dependencies.observer({ type: "alarm", direction: this.#direction, reason: "upkeepRefused", fields });
  }
}

interface Refused {
  purpose: UpkeepPurpose;
  hash: Hex;
  /** In decimal digits, as logs have it. */
  gasUsed: string;
}
