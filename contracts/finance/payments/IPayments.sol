// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "../clearing/IClearingHouse.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IFxDesk} from "../fx/IFxDesk.sol";

/// @title Payments between customers of the member banks
/// @notice In one transaction: the forex verdict on its documents, the conversion if the payee has another coin, the coins, and
/// what the banks owe each other. What a bank's cap does not allow yet waits in the clearing queue, its coins held here.
interface IPayments {
    /// @param payerCoin What the payer gives; `payeeCoin` what the payee gets.
    /// @param amount What the payee gets, in the smallest unit of `payeeCoin`.
    /// @param maxDebit The most that the payer gives, in the smallest unit of `payerCoin`.
    /// @param endToEndId The payer's own; unique for the payer.
    /// @param message keccak256 of the pacs.008 that travels beside a cross-border payment; zero for none.
    /// @param expiry Unix seconds until which it may be executed.
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
    event PaymentCompleted(bytes32 indexed paymentId, bool inSuspense);
    event PaymentCancelled(bytes32 indexed paymentId);

    error Payments_AlreadyMade(bytes32 paymentId);
    error Payments_NotPayer(address payer, address caller);
    /// @dev Only the bank that serves the payer may hand in what the payer signed.
    error Payments_NotPayersBank(address payer, address caller);
    error Payments_InvalidSignature(address payer);
    error Payments_Expired(uint40 expiry);
    error Payments_NoBank(address account);
    error Payments_CoinNotListed(IStablecoin coin);
    error Payments_AboveMaximum(uint256 debit, uint256 maximum);
    /// @dev The quote gives another amount than the order.
    error Payments_WrongQuote(uint256 expected, uint256 given);
    error Payments_WrongState(bytes32 paymentId, IClearingHouse.State state);
    /// @dev A conversion waits at the provider's price, so it can be cancelled only after a cycle in which it did not settle.
    error Payments_TooEarly(bytes32 paymentId, uint32 cycle);

    /// @notice Pays, or queues, an order. Only the payer. `quote` and `signature` are left empty when both coins are the same.
    function pay(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature
    ) external returns (bytes32 paymentId);

    /// @notice The same, handed in by the payer's bank with the payer's EIP-712 signature over the order (name "Huangpu Payments",
    /// version "1"; ERC-1271 too).
    function payFor(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature,
        bytes calldata orderSignature
    ) external returns (bytes32 paymentId);

    /// @notice Hands the coins of payments that settled from the queue to their payees. Open to anyone.
    function complete(bytes32[] calldata paymentIds) external;

    /// @notice Takes back a queued payment; coins and evidence return. Only the payer.
    function cancel(bytes32 paymentId) external;

    function paymentIdOf(address payer, bytes32 endToEndId) external view returns (bytes32);
    function orderDigest(Order calldata order) external view returns (bytes32);
    function stateOf(bytes32 paymentId) external view returns (IClearingHouse.State);
    function obligationOf(bytes32 paymentId) external view returns (uint64);
}
