// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IStablecoin} from "../coin/IStablecoin.sol";

/// @title What the member banks owe each other, netted in cycles
/// @notice A coin that goes to another bank's customer is theirs at once; the central-bank money behind it follows net, once a
/// cycle, by one instruction per member and currency.
///
///     Queued ── within the caps, alone or with others ──> Provisional ── close ──> Netted ── instruct ──> Instructed
///       │                                                                                                   │   │
///       └── cancel ──> Cancelled                                                  Cleared <── booked ───────┘   │
///                                                                                Rejected <── refused ──────────┘
///
/// A rejected member is suspended and its own collateral pays; no other member's position changes, and no payment is unwound.
interface IClearingHouse {
    enum State {
        Unknown,
        Queued,
        Cancelled,
        Provisional,
        Netted,
        Instructed,
        Cleared,
        Rejected
    }

    enum Priority {
        Urgent,
        High,
        Normal
    }

    /// @notice One bank owes another. Both may be the same: then nothing is owed.
    /// @param amount In millionths of the currency unit.
    struct Leg {
        uint16 debtor;
        uint16 creditor;
        bytes3 currency;
        uint96 amount;
    }

    /// @notice Where a member stands in a cycle and currency.
    /// @param net What it receives (positive) or pays (negative), in millionths, without what was carried.
    /// @param carried Owed to it from earlier cycles: what was too small to instruct, and pay-outs that the central ledger
    /// rejected, in millionths; never negative.
    /// @param instructed What the central ledger is told, in hundredths: `net + carried`, rounded down, so that pay-ins are
    /// never less than pay-outs.
    /// @param state Provisional while the cycle is open; Netted, Instructed, Cleared or Rejected after. With nothing to instruct
    /// it is Cleared at once. Unknown: the member has no position in this cycle.
    struct Position {
        int128 net;
        uint96 carried;
        int64 instructed;
        State state;
    }

    /// @param pending Positions of the cycle whose booking or rejection is still awaited.
    struct Cycle {
        uint40 openedAt;
        uint40 closedAt;
        uint32 pending;
        bytes32 root;
    }

    /// @param place Of a queued one: lower ones come first.
    /// @param legs Without those that owe nothing. What has been queued keeps its amounts; of the others {ObligationSettled} tells.
    struct ObligationView {
        State state;
        Priority priority;
        bool held;
        uint256 place;
        Leg[] legs;
    }

    event CurrencyListed(bytes3 indexed currency, IStablecoin indexed coin);
    event CapSet(uint16 indexed member, bytes3 indexed currency, uint256 cap);
    event SettlementAgentSet(uint16 indexed member);
    event ObligationQueued(uint64 indexed obligation, Priority priority, Leg[] legs);
    /// @notice Held by somebody now, or by nobody any more.
    event ObligationHeld(uint64 indexed obligation, bool held);
    event ObligationPrioritised(uint64 indexed obligation, Priority priority);
    event ObligationCancelled(uint64 indexed obligation);
    /// @notice Owed from now on, in this cycle, without having been queued.
    event ObligationSettled(uint64 indexed obligation, uint32 indexed cycle, Leg[] legs);
    /// @notice Queued obligations that are owed from now on, in this cycle, in the order of the queue. Their legs are those of
    /// {ObligationQueued}: said twice, they would cost a third of the resolution. None: a deadlock.
    event QueueResolved(uint32 indexed cycle, uint64[] settled, uint256 left);
    /// @param root Merkle root over {positionLeaf} of every member and currency.
    event CycleClosed(uint32 indexed cycle, bytes32 root, uint256 positions);
    event PositionInstructed(uint32 indexed cycle, uint16 indexed member, bytes3 indexed currency, int64 amount);
    event PositionCleared(uint32 indexed cycle, uint16 indexed member, bytes3 indexed currency, bytes32 booking);
    event PositionRejected(uint32 indexed cycle, uint16 indexed member, bytes3 indexed currency, bytes4 reason);
    /// @param missing What the collateral did not cover; zero as long as caps are covered.
    event DefaultCovered(
        uint32 indexed cycle,
        uint16 indexed member,
        bytes3 indexed currency,
        uint256 covered,
        uint256 missing
    );
    event CycleFinished(uint32 indexed cycle);
    event CycleAgesSet(uint32 minimum, uint32 maximum);

    error ClearingHouse_CurrencyNotListed(bytes3 currency);
    /// @dev Listed already, of another currency, without six decimals, or one too many.
    error ClearingHouse_CurrencyNotListable(bytes3 currency, IStablecoin coin);
    error ClearingHouse_AgentAlreadySet(uint16 member);
    /// @dev Caps are set when there is a settlement agent to pay in a member's place.
    error ClearingHouse_NoAgent();
    error ClearingHouse_InvalidAges(uint32 minimum, uint32 maximum);
    error ClearingHouse_UnknownMember(uint16 member);
    error ClearingHouse_MemberSuspended(uint16 member);
    /// @dev The member would owe more than its cap in this currency, over all cycles that are not cleared.
    error ClearingHouse_CapExceeded(uint16 member, bytes3 currency, uint256 exposure, uint256 cap);
    /// @dev The cap is above what the member has pledged.
    error ClearingHouse_CapNotCovered(uint16 member, bytes3 currency, uint256 cap, uint256 collateral);
    /// @dev Not whole hundredths, or that of the settlement agent, which has none.
    error ClearingHouse_InvalidCap(uint16 member, uint256 cap);
    /// @dev Not one or two legs, an amount of zero, or two legs that debit the same member in the same currency.
    error ClearingHouse_InvalidLegs();
    /// @dev An amount or a net position above 10^22 millionths.
    error ClearingHouse_AmountTooLarge();
    /// @dev The queue is as long as one resolution can be, or this first debtor has its share of it, over all currencies.
    /// `currency` is that of its leg.
    error ClearingHouse_QueueFull(uint16 member, bytes3 currency);
    /// @dev More contracts have queued than there are numbers for.
    error ClearingHouse_TooManyProducts();
    error ClearingHouse_WrongState(uint64 obligation, State state);
    error ClearingHouse_NotSubmitter(uint64 obligation, address caller);
    error ClearingHouse_NotDebtor(uint64 obligation, address caller);
    /// @dev The list given is not the whole queue in its order: `index` is where it first differs.
    error ClearingHouse_QueueMismatch(uint256 index);
    /// @dev Nothing justified this removal: the debtor could have paid.
    error ClearingHouse_RemovalNotJustified(uint64 obligation);
    /// @dev With these removals somebody would still be beyond its cap.
    error ClearingHouse_NotResolved(uint16 member, bytes3 currency);
    error ClearingHouse_CycleTooYoung(uint32 cycle, uint256 closableAt);
    error ClearingHouse_WrongPositionState(uint32 cycle, uint16 member, bytes3 currency, State state);

    // ------------------------------------------------------------------------------------------ products

    /// @notice Owes the legs, all or none, now; reverts with the cap that stands against it. Only products.
    function book(Leg[] calldata legs) external returns (uint64 obligation);

    /// @notice The same, but queues what cannot be owed now, or must wait for its own bank's earlier ones. Only products.
    /// @param legs One, or two that belong together (payment versus payment).
    function submit(Leg[] calldata legs, Priority priority) external returns (uint64 obligation, bool settled);

    /// @notice Takes back what is queued. Only the product that submitted it.
    function cancel(uint64 obligation) external;

    // ------------------------------------------------------------------------------------ the debtor's bank

    /// @notice Keeps a queued obligation from settling, or ends that. Only the owner of a leg's debtor; with two legs each holds
    /// for itself and ends only its own, and the obligation is held while one of them holds it. While a debtor is suspended,
    /// anyone may hold it for that debtor, and nobody ends a hold.
    function hold(uint64 obligation, bool held) external;

    /// @notice Moves a queued obligation to the end of another priority. Only the owner of the first leg's debtor.
    function prioritise(uint64 obligation, Priority priority) external;

    // ---------------------------------------------------------------------------------- the clearing agent

    /// @notice Settles the largest part of the queue that keeps every bank's order and every cap. Open to anyone: the result is
    /// checked and is the only one that passes. Where nothing can settle, the event says so and nothing changes.
    /// @param ordered Every queued obligation that is not held, by priority and age. Those with a suspended debtor are listed
    /// too, but stand in nobody's way and stay.
    /// @param removals Those that cannot settle, as indices of `ordered`, each when it was the last one left of a debtor beyond
    /// its cap, or came after one removed before.
    function resolve(uint64[] calldata ordered, uint64[] calldata removals) external;

    /// @notice Ends the open cycle, commits its positions and opens the next; the queue goes on. Only CLEARING_AGENT; anyone once
    /// the cycle is older than it may become.
    function close() external returns (uint32 cycle, bytes32 root);

    /// @notice Says that an instruction was handed to the central ledger. Only CLEARING_AGENT.
    function instruct(uint32 cycle, uint16 member, bytes3 currency) external;

    /// @notice Says that the central ledger has booked it. Only CLEARING_AGENT.
    /// @param booking Hash of the camt.054 that says so.
    function confirm(uint32 cycle, uint16 member, bytes3 currency, bytes32 booking) external;

    /// @notice Says that the central ledger refuses it. Of a pay-in: the member is suspended, and what it owes goes from its
    /// collateral to the settlement agent, which pays in its place; its cap falls by as much. A pay-out stays owed and is
    /// carried to the open cycle. The agent's own pay-in is reported as missing and suspends nobody: the pool account's
    /// liquidity is the agent's. Only CLEARING_AGENT.
    /// @param reason ISO 20022 external status reason code, four characters, say `AM04`.
    function reject(uint32 cycle, uint16 member, bytes3 currency, bytes4 reason) external;

    // --------------------------------------------------------------------------------------- administering

    /// @notice Lists a currency and the coin in which its collateral is pledged; for good, and at most four. Only OPERATOR.
    /// @param coin Of that currency, with six decimals.
    function listCurrency(bytes3 currency, IStablecoin coin) external;

    /// @notice Names the member that stands between escrows and banks, has no cap, and receives seized collateral. Once. Only
    /// OPERATOR.
    function setSettlementAgent(uint16 member) external;

    /// @notice Says how old a cycle must be before it is closed, and when anyone may close it, in seconds. Only OPERATOR.
    /// @param maximum Above `minimum`, and at most a week.
    function setCycleAges(uint32 minimum, uint32 maximum) external;

    /// @notice Sets a net debit cap: at most the collateral pledged, at least what the member owes already. Only RISK.
    /// @param cap In millionths, whole hundredths.
    function setCap(uint16 member, bytes3 currency, uint96 cap) external;

    // --------------------------------------------------------------------------------------------- reading

    function openCycle() external view returns (uint32);
    function cycle(uint32 number) external view returns (Cycle memory);
    /// @notice Seconds before which no cycle is closed, and after which anyone may close it.
    function cycleAges() external view returns (uint32 minimum, uint32 maximum);
    function position(uint32 cycle, uint16 member, bytes3 currency) external view returns (Position memory);
    /// @notice Leaf of a position in the cycle's root: a double hash, so that no inner node passes for one.
    /// `keccak256(keccak256(abi.encode(chain id, clearing house, cycle, member, currency, net, carried, instructed)))`.
    function positionLeaf(uint32 cycle, uint16 member, bytes3 currency) external view returns (bytes32);
    function obligation(uint64 id) external view returns (ObligationView memory);

    /// @notice Where an obligation stands: Cleared when the central ledger owes its debtors' positions no more; Rejected when a
    /// debtor's pay-in was. What owes nothing between banks is Cleared from the start.
    function stateOf(uint64 obligation) external view returns (State);
    function cycleOf(uint64 obligation) external view returns (uint32);
    function cap(uint16 member, bytes3 currency) external view returns (uint256);
    /// @notice What a member owes net over all cycles that are not finished.
    function exposure(uint16 member, bytes3 currency) external view returns (uint256);
    /// @notice How many obligations are queued and not held.
    function queueLength() external view returns (uint256);
    function currencies() external view returns (bytes3[] memory);
    /// @notice The coin of a listed currency; the zero address for others.
    function coinOf(bytes3 currency) external view returns (IStablecoin);
    function settlementAgent() external view returns (uint16 member);
}
