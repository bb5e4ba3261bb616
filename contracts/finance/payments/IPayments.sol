// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "../clearing/IClearingHouse.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IFxDesk} from "../fx/IFxDesk.sol";
import {ISuspense} from "./ISuspense.sol";

/// @title Payments between customers of the member banks
/// @notice In one transaction: the forex verdict on its documents, the conversion if the payee has another coin, the coins, and
/// what the banks owe each other. What a bank's cap does not allow yet waits in the clearing queue, its coins held here.
///
///     pay ──> made                                 (the banks may owe it at once)
///      └────> waits ── settles in the queue, complete ──> made
///               └───── cancel ──> cancelled
///
/// An order either passes all of its checks or moves nothing. Made payments are told of by events and not stored: {PaymentMade}
/// is emitted once for each, when its coins leave the payer or the custody for good.
interface IPayments is ISuspense {
    /// @param payerCoin What the payer gives; `payeeCoin` what the payee gets.
    /// @param amount What the payee gets, in the smallest unit of `payeeCoin`.
    /// @param maxDebit The most that the payer gives, in the smallest unit of `payerCoin`.
    /// @param endToEndId The payer's own; used once, also when the payment was cancelled.
    /// @param message keccak256 of the pacs.008 that travels beside a cross-border payment; zero for none.
    /// @param expiry Unix seconds until which it may be executed, inclusive.
    /// @param documents Hashes of the documents it is drawn on.
    struct Order {
        address payer;
        address payee;
        IStablecoin payerCoin;
        IStablecoin payeeCoin;
        uint96 amount;
        uint96 maxDebit;
        bytes32 endToEndId;
        bytes32 message;
        IClearingHouse.Priority priority;
        uint40 expiry;
        bytes32[] documents;
    }

    /// @notice A payment whose coins wait here until the queue settles it.
    /// @param cycle Which was open when it was queued.
    /// @param provider The member that converts it; zero when both coins are the same. Then only `payeeCoin` waits.
    /// @param debited In the smallest unit of `payerCoin`.
    struct WaitingPayment {
        address payer;
        uint64 obligation;
        uint32 cycle;
        address payee;
        uint96 amount;
        IStablecoin payerCoin;
        uint96 debited;
        IStablecoin payeeCoin;
        uint16 provider;
        bytes32 message;
        bytes32[] documents;
    }

    event CoinListed(IStablecoin indexed coin, bool listed);
    /// @notice The payee has it, or it waits for the payee in suspense.
    /// @param amount What the payee got, in the smallest unit of `payeeCoin`; `debited` what the payer gave, of `payerCoin`.
    event PaymentMade(
        bytes32 indexed paymentId,
        address indexed payer,
        address indexed payee,
        IStablecoin payerCoin,
        uint256 debited,
        IStablecoin payeeCoin,
        uint256 amount,
        uint64 obligation,
        bytes32 message
    );
    event PaymentQueued(bytes32 indexed paymentId, address indexed payer, address indexed payee, uint64 obligation);
    /// @notice A payment that waited was made.
    event PaymentCompleted(bytes32 indexed paymentId, bool inSuspense);
    event PaymentCancelled(bytes32 indexed paymentId);

    error Payments_AlreadyUsed(address payer, bytes32 endToEndId);
    error Payments_NotPayer(address payer, address caller);
    /// @dev Only the bank that serves the payer may hand in what the payer signed.
    error Payments_NotPayersBank(address payer, address caller);
    error Payments_InvalidSignature(address payer);
    error Payments_Expired(uint40 expiry);
    error Payments_InvalidAmount();
    error Payments_NoBank(address account);
    error Payments_CoinNotListed(IStablecoin coin);
    error Payments_AboveMaximum(uint256 debit, uint256 maximum);
    /// @dev The quote gives another amount than the order.
    error Payments_WrongQuote(uint256 expected, uint256 given);
    /// @dev The quote is for other coins than the order.
    error Payments_WrongQuoteCoins(IStablecoin sellCoin, IStablecoin buyCoin);
    /// @dev The provider's coins cannot move: they are paused.
    error Payments_NotDelivered(IStablecoin coin);
    error Payments_StillQueued(bytes32 paymentId);
    /// @dev It was made, was cancelled, or never was.
    error Payments_NotWaiting(bytes32 paymentId);
    /// @dev A conversion waits at the provider's price, so it can be cancelled only after a cycle in which it did not settle.
    error Payments_TooEarly(bytes32 paymentId, uint32 cycle);

    // -------------------------------------------------------------------------------------------------- paying

    /// @notice Pays, or queues, an order. Only the payer. `quote` and `signature` are left empty when both coins are the same.
    /// @dev Reverts with what the evidence ledger, the exchange desk, the clearing house or a coin has against it. A payee
    /// that may not take the coin does not stop it: then the coins wait in suspense, here or in the sub-accounts.
    function pay(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature
    ) external returns (bytes32 paymentId);

    /// @notice The same with an ERC-2612 permit over `maxDebit`. A permit that somebody else has submitted already does no harm.
    function payWithPermit(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (bytes32 paymentId);

    /// @notice The same, handed in by the payer's bank with the payer's EIP-712 signature over the order (name "Huangpu Payments",
    /// version "1"; ERC-1271 too).
    function payFor(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature,
        bytes calldata orderSignature
    ) external returns (bytes32 paymentId);

    // ------------------------------------------------------------------------------------------------- waiting

    /// @notice Hands the coins of payments that settled from the queue to their payees. Open to anyone. What does not
    /// wait is passed over; with one that is queued still, nothing happens.
    function complete(bytes32[] calldata paymentIds) external;

    /// @notice Takes back a queued payment; coins and evidence return. Only the payer; of a conversion also the provider, whose
    /// coins wait too.
    function cancel(bytes32 paymentId) external;

    // ------------------------------------------------------------------------------------------- administering

    /// @notice Says whether new payments may be made in a coin; those that wait stay as they are. Only OPERATOR.
    function listCoin(IStablecoin coin, bool listed) external;

    // ------------------------------------------------------------------------------------------------- reading

    /// @notice What a payment is called by: it commits to chain, this contract, payer and the payer's own id.
    function paymentIdOf(address payer, bytes32 endToEndId) external view returns (bytes32);

    /// @notice The EIP-712 digest that a payer signs for {payFor}.
    function orderDigest(Order calldata order) external view returns (bytes32);

    /// @notice Whether a payer has used an id. Ids that are numbers and count up cost the least.
    function isUsed(address payer, bytes32 endToEndId) external view returns (bool);

    /// @notice Where the banks stand with a payment that waits here; unknown for any other, of which {PaymentMade} tells.
    function stateOf(bytes32 paymentId) external view returns (IClearingHouse.State);

    /// @notice What waits here for a payment; empty when nothing does.
    function waiting(bytes32 paymentId) external view returns (WaitingPayment memory);

    /// @notice The currency of a coin in which payments may be made; zero for any other.
    function currencyOf(IStablecoin coin) external view returns (bytes3);
}
