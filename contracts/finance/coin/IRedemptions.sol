// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBusinessCalendar} from "./IBusinessCalendar.sol";

/// @title Redemption at par
/// @notice One unit of currency for 1,000,000 units of the coin, within one business day after the day of the request. The
/// coins wait in the coin's own contract; nobody can move the deadline of a request that was made.
interface IRedemptions {
    enum RedemptionState {
        Unknown,
        Pending,
        Fulfilled,
        Cancelled
    }

    /// @param deadline The first of the Unix seconds in which the request is overdue.
    struct Redemption {
        address holder;
        uint40 requestedAt;
        uint40 deadline;
        RedemptionState state;
        uint128 amount;
    }

    event RedemptionRequested(uint256 indexed id, address indexed holder, uint256 amount, uint40 deadline);
    event RedemptionFulfilled(
        uint256 indexed id,
        address indexed holder,
        uint256 amount,
        bytes32 indexed bankReference,
        bool overdue
    );
    /// @param by The holder, or COMPLIANCE for a holder that is restrained.
    event RedemptionCancelled(uint256 indexed id, address indexed holder, uint256 amount, address by);

    error Stablecoin_WrongRedemptionState(uint256 id, RedemptionState state);
    error Stablecoin_NotHolder(uint256 id, address caller);
    error Stablecoin_NothingToRedeem();
    /// @dev None was given, or it paid for another request: one payment of the bank redeems once.
    error Stablecoin_InvalidBankReference(bytes32 bankReference);
    /// @dev Its holder can cancel the request itself.
    error Stablecoin_NotRestrained(address holder);

    /// @notice Hands coins in, in the smallest unit, to be paid out at par.
    /// @return id Counted from 1.
    function requestRedemption(uint256 amount) external returns (uint256 id);

    /// @notice Takes the coins back. Only the holder.
    function cancelRedemption(uint256 id) external;

    /// @notice Destroys the coins of a request that was paid out, in any order. What the holder may not send waits. Only ISSUER.
    /// @param bankReference Identifies the payment at the bank, such as the hash of its UETR.
    function fulfilRedemption(uint256 id, bytes32 bankReference) external;

    /// @notice Gives the coins back to a holder that is frozen, in part too, or no active participant, where an order can reach
    /// them. Only COMPLIANCE.
    function returnRedemption(uint256 id) external;

    function redemption(uint256 id) external view returns (Redemption memory);

    /// @notice How many requests were ever made; the last one's id.
    function redemptionCount() external view returns (uint256);

    /// @notice All coins that wait for redemption: what the coin's contract holds.
    function escrowed() external view returns (uint256);

    /// @notice The coins of a holder that wait for redemption.
    function escrowedOf(address holder) external view returns (uint256);

    /// @notice Whether a request waits for longer than one business day.
    function isOverdue(uint256 id) external view returns (bool);

    /// @notice The overdue ones among `limit` requests from `firstId` on.
    /// @return ids In the order of the requests.
    /// @return nextId Where the next page begins; above {redemptionCount} after the last.
    function overdueRedemptions(
        uint256 firstId,
        uint256 limit
    ) external view returns (uint256[] memory ids, uint256 nextId);

    function calendar() external view returns (IBusinessCalendar);
}
