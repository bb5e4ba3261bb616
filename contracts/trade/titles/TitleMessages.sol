// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice What the finance chain must know of an offer to take its payment.
/// @param amount In the coin's smallest unit.
/// @param payBy Unix seconds of the finance chain until which it may be paid, inclusive.
struct OfferTerms {
    bytes32 titleId;
    address seller;
    address buyer;
    bytes3 currency;
    address coin;
    uint96 amount;
    uint40 payBy;
}

/// @notice Why an offer ended without a payment. `Unpaid`: nobody paid in time. `Withdrawn`: the seller asked for it. The
/// others: the finance chain could not take the offer, because it came after its last second, or its coin, currency or amount
/// cannot be paid there, or no bank there serves one of the parties.
enum OfferEnd {
    Unpaid,
    Withdrawn,
    TooLate,
    CoinNotListed,
    WrongCurrency,
    InvalidAmount,
    NoBank
}

/// @title What the two chains say to each other about a title offered against payment
/// @notice Every payload is `abi.encode(uint8 kind, bytes32 offerId, …)`. From the offers to the payments: offered (terms),
/// withdraw. From the payments to the offers, of each offer one of the two, once: paid, expired (why).
library TitleMessages {
    uint8 internal constant OFFERED = 1;
    uint8 internal constant WITHDRAW = 2;
    uint8 internal constant PAID = 3;
    uint8 internal constant EXPIRED = 4;

    /// @dev The payload begins with a kind that its recipient does not know.
    error TitleMessages_UnknownKind(uint8 kind);

    /// @notice Kind and offer: the first two words of every payload.
    function header(bytes calldata payload) internal pure returns (uint8 kind, bytes32 offerId) {
        return abi.decode(payload, (uint8, bytes32));
    }

    function offered(bytes32 offerId, OfferTerms memory terms) internal pure returns (bytes memory) {
        return abi.encode(OFFERED, offerId, terms);
    }

    function readOffered(bytes calldata payload) internal pure returns (OfferTerms memory terms) {
        (, , terms) = abi.decode(payload, (uint8, bytes32, OfferTerms));
    }

    function withdraw(bytes32 offerId) internal pure returns (bytes memory) {
        return abi.encode(WITHDRAW, offerId);
    }

    function paid(bytes32 offerId) internal pure returns (bytes memory) {
        return abi.encode(PAID, offerId);
    }

    function expired(bytes32 offerId, OfferEnd end) internal pure returns (bytes memory) {
        return abi.encode(EXPIRED, offerId, end);
    }

    function readExpired(bytes calldata payload) internal pure returns (OfferEnd end) {
        (, , end) = abi.decode(payload, (uint8, bytes32, OfferEnd));
    }
}
