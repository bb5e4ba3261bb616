// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ProvenDocument} from "../../trade/ProvenDocument.sol";
import {IEvidenceLedger} from "./IEvidenceLedger.sol";

/// @notice `IEvidenceLedger.Evidence` in one word, so that a draw is one read and one write.
///
///     255    240 239    232 231          216 215      192 191    96 95      0
///     +---------+----------+----------------+------------+---------+---------+
///     |  uses   |  status  |  documentType  |  currency  |  drawn  |  amount |
///     +---------+----------+----------------+------------+---------+---------+
type EvidenceWord is uint256;

using EvidenceWords for EvidenceWord global;

/// @title Reading and changing the word of a document
library EvidenceWords {
    uint256 private constant DRAWN = 96;
    uint256 private constant CURRENCY = 192;
    uint256 private constant TYPE = 216;
    uint256 private constant STATUS = 232;
    uint256 private constant USES = 240;
    uint256 private constant ONE_USE = 1 << USES;
    uint256 private constant FIELDS_OF_VALUE = (((1 << (STATUS - CURRENCY)) - 1) << CURRENCY) | type(uint96).max;

    function amount(EvidenceWord self) internal pure returns (uint256) {
        return uint96(EvidenceWord.unwrap(self));
    }

    function left(EvidenceWord self) internal pure returns (uint256) {
        return amount(self) - uint96(EvidenceWord.unwrap(self) >> DRAWN); // never more is drawn
    }

    function currency(EvidenceWord self) internal pure returns (bytes3) {
        return bytes3(uint24(EvidenceWord.unwrap(self) >> CURRENCY));
    }

    function documentType(EvidenceWord self) internal pure returns (uint16) {
        return uint16(EvidenceWord.unwrap(self) >> TYPE);
    }

    function status(EvidenceWord self) internal pure returns (IEvidenceLedger.Status) {
        return IEvidenceLedger.Status(uint8(EvidenceWord.unwrap(self) >> STATUS));
    }

    function uses(EvidenceWord self) internal pure returns (uint256) {
        return EvidenceWord.unwrap(self) >> USES;
    }

    /// @dev Amount, currency and type of an entry that has none yet; its status stays.
    function withValue(EvidenceWord self, ProvenDocument memory proven) internal pure returns (EvidenceWord) {
        return
            EvidenceWord.wrap(
                EvidenceWord.unwrap(self) |
                    uint256(proven.amount) |
                    (uint256(uint24(proven.currency)) << CURRENCY) |
                    (uint256(proven.documentType) << TYPE)
            );
    }

    function hasValue(EvidenceWord self, ProvenDocument memory proven) internal pure returns (bool) {
        EvidenceWord expected = withValue(EvidenceWord.wrap(0), proven);
        return EvidenceWord.unwrap(self) & FIELDS_OF_VALUE == EvidenceWord.unwrap(expected);
    }

    function withStatus(EvidenceWord self, IEvidenceLedger.Status to) internal pure returns (EvidenceWord) {
        uint256 others = EvidenceWord.unwrap(self) & ~(uint256(type(uint8).max) << STATUS);
        return EvidenceWord.wrap(others | (uint256(to) << STATUS));
    }

    /// @dev `taken` must be no more than {left}.
    function draw(EvidenceWord self, uint256 taken) internal pure returns (EvidenceWord) {
        uint256 word = EvidenceWord.unwrap(self) + (taken << DRAWN);
        return EvidenceWord.wrap(word >> USES == type(uint16).max ? word : word + ONE_USE);
    }

    /// @dev `taken` must have been drawn.
    function giveBack(EvidenceWord self, uint256 taken) internal pure returns (EvidenceWord) {
        return EvidenceWord.wrap(EvidenceWord.unwrap(self) - (taken << DRAWN));
    }

    function unpack(EvidenceWord self) internal pure returns (IEvidenceLedger.Evidence memory) {
        uint256 word = EvidenceWord.unwrap(self);
        return
            IEvidenceLedger.Evidence({
                amount: uint96(word),
                drawn: uint96(word >> DRAWN),
                currency: currency(self),
                documentType: documentType(self),
                status: status(self),
                uses: uint16(word >> USES)
            });
    }
}
