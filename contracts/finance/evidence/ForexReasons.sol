// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Why a payment is refused: one bit each, so that a verdict names all of them at once.
library ForexReasons {
    /// @dev Not a participant, or suspended.
    uint256 internal constant PAYER_NOT_ACTIVE = 1 << 0;
    uint256 internal constant PAYEE_NOT_ACTIVE = 1 << 1;
    uint256 internal constant CORRIDOR_CLOSED = 1 << 2;
    uint256 internal constant ABOVE_TRANSACTION_LIMIT = 1 << 3;
    uint256 internal constant ABOVE_ENTITY_LIMIT = 1 << 4;
    uint256 internal constant ABOVE_CORRIDOR_LIMIT = 1 << 5;
    /// @dev No document with an amount was presented.
    uint256 internal constant NO_EVIDENCE = 1 << 6;
    /// @dev A document type that the corridor requires is missing.
    uint256 internal constant TYPE_MISSING = 1 << 7;
    uint256 internal constant EVIDENCE_UNKNOWN = 1 << 8;
    /// @dev Revoked or superseded on the trade chain.
    uint256 internal constant EVIDENCE_WITHDRAWN = 1 << 9;
    uint256 internal constant EVIDENCE_EXHAUSTED = 1 << 10;
    /// @dev In another currency than the payee is paid in.
    uint256 internal constant EVIDENCE_CURRENCY = 1 << 11;
    /// @dev Of a sale between other entities.
    uint256 internal constant EVIDENCE_PARTIES = 1 << 12;
    /// @dev One document was presented twice.
    uint256 internal constant EVIDENCE_REPEATED = 1 << 13;

    /// @dev Nothing is to be paid: there is no verdict on that.
    uint256 internal constant NO_AMOUNT = 1 << 14;

    /// @dev What a corridor's approver can let pass.
    uint256 internal constant EXCEPTABLE =
        ABOVE_TRANSACTION_LIMIT | ABOVE_ENTITY_LIMIT | ABOVE_CORRIDOR_LIMIT | TYPE_MISSING;
}
