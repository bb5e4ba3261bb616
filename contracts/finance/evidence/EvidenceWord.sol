// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ProvenDocument} from "../../trade/documents/ProvenDocument.sol";
import {IEvidenceLedger} from "./IEvidenceLedger.sol";

/// @notice What a document says, for good, and whether it stands: a draw only reads it.
///
///     255       128 127    120 119      96 95      0
///     +-----------+----------+------------+---------+
///     |  parties  |  status  |  currency  |  amount |
///     +-----------+----------+------------+---------+
///
/// Parties is the first half of keccak256(debtor ‖ creditor); zero until the document is registered.
type EvidenceWord is uint256;

/// @notice What has become of it: a draw reads and writes this one word of each document. Its type says that it is not zero
/// before the first draw, which would cost a new slot.
///
///     255         128 127  112 111          96 95      0
///     +-------------+---------+----------------+---------+
///     |  first user |  uses   |  documentType  |  drawn  |
///     +-------------+---------+----------------+---------+
type EvidenceUse is uint256;

using EvidenceWords for EvidenceWord global;
using EvidenceUses for EvidenceUse global;

/// @title Reading and changing the word of a document
library EvidenceWords {
    uint256 private constant CURRENCY = 96;
    uint256 private constant STATUS = 120;
    uint256 private constant STATUS_MASK = uint256(type(uint8).max) << STATUS;

    function amount(EvidenceWord self) internal pure returns (uint256) {
        return uint96(EvidenceWord.unwrap(self));
    }

    function currency(EvidenceWord self) internal pure returns (bytes3) {
        return bytes3(uint24(EvidenceWord.unwrap(self) >> CURRENCY));
    }

    function status(EvidenceWord self) internal pure returns (IEvidenceLedger.Status) {
        return IEvidenceLedger.Status(uint8(EvidenceWord.unwrap(self) >> STATUS));
    }

    function parties(EvidenceWord self) internal pure returns (bytes16) {
        return bytes16(bytes32(EvidenceWord.unwrap(self)));
    }

    /// @dev Amount, currency and parties of an entry that has none yet; its status stays.
    function withValue(
        EvidenceWord self,
        ProvenDocument memory proven,
        bytes16 between
    ) internal pure returns (EvidenceWord) {
        return
            EvidenceWord.wrap(
                EvidenceWord.unwrap(self) |
                    uint256(proven.amount) |
                    (uint256(uint24(proven.currency)) << CURRENCY) |
                    uint256(bytes32(between))
            );
    }

    function hasValue(EvidenceWord self, ProvenDocument memory proven, bytes16 between) internal pure returns (bool) {
        EvidenceWord expected = withValue(EvidenceWord.wrap(0), proven, between);
        return EvidenceWord.unwrap(self) & ~STATUS_MASK == EvidenceWord.unwrap(expected);
    }

    function withStatus(EvidenceWord self, IEvidenceLedger.Status to) internal pure returns (EvidenceWord) {
        return EvidenceWord.wrap((EvidenceWord.unwrap(self) & ~STATUS_MASK) | (uint256(to) << STATUS));
    }
}

/// @title Reading and changing the use of a document
library EvidenceUses {
    uint256 private constant TYPE = 96;
    uint256 private constant USES = 112;

    function drawn(EvidenceUse self) internal pure returns (uint256) {
        return uint96(EvidenceUse.unwrap(self));
    }

    function documentType(EvidenceUse self) internal pure returns (uint16) {
        return uint16(EvidenceUse.unwrap(self) >> TYPE);
    }

    function uses(EvidenceUse self) internal pure returns (uint16) {
        return uint16(EvidenceUse.unwrap(self) >> USES);
    }

    function firstUser(EvidenceUse self) internal pure returns (bytes16) {
        return bytes16(bytes32(EvidenceUse.unwrap(self)));
    }

    function ofType(uint16 code) internal pure returns (EvidenceUse) {
        return EvidenceUse.wrap(uint256(code) << TYPE);
    }

    /// @dev With `taken`, no more than the amount may be drawn.
    function draw(EvidenceUse self, uint256 taken, bytes32 claimId) internal pure returns (EvidenceUse) {
        uint256 word = EvidenceUse.unwrap(self) + taken;
        uint256 before = uses(self);
        if (before == 0) word |= uint256(bytes32(bytes16(claimId)));
        return EvidenceUse.wrap(before == type(uint16).max ? word : word + (1 << USES));
    }

    /// @dev `taken` must have been drawn.
    function giveBack(EvidenceUse self, uint256 taken) internal pure returns (EvidenceUse) {
        return EvidenceUse.wrap(EvidenceUse.unwrap(self) - taken);
    }
}
