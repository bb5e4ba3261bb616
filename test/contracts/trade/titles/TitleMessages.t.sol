// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {OfferEnd, OfferTerms, TitleMessages} from "../../../../contracts/trade/titles/TitleMessages.sol";
import {Test} from "../../../support/Test.sol";

/// @notice The bytes that docs/titles-dvp.md says.
contract TitleMessagesTest is Test {
    bytes32 internal constant OFFER = "an offer";

    function testFuzz_offered_isNineWords(OfferTerms memory terms) public view {
        bytes memory payload = TitleMessages.offered(OFFER, terms);
        assertEq(payload.length, 288);
        bytes memory expected = bytes.concat(
            bytes32(uint256(1)),
            OFFER,
            terms.titleId,
            bytes32(uint256(uint160(terms.seller))),
            bytes32(uint256(uint160(terms.buyer))),
            bytes32(terms.currency),
            bytes32(uint256(uint160(terms.coin))),
            bytes32(uint256(terms.amount)),
            bytes32(uint256(terms.payBy))
        );
        assertEq(payload, expected);
        assertEq(abi.encode(this.readOffered(payload)), abi.encode(terms));
    }

    function test_others_areTwoOrThreeWords() public view {
        assertEq(TitleMessages.withdraw(OFFER), bytes.concat(bytes32(uint256(2)), OFFER));
        assertEq(TitleMessages.paid(OFFER), bytes.concat(bytes32(uint256(3)), OFFER));
        for (uint256 i = 0; i <= uint256(OfferEnd.NoBank); ++i) {
            bytes memory payload = TitleMessages.expired(OFFER, OfferEnd(i));
            assertEq(payload, bytes.concat(bytes32(uint256(4)), OFFER, bytes32(i)));
            assertEq(uint256(this.readExpired(payload)), i);
        }
    }

    function test_readExpired_ofAnUnknownReason_reverts() public {
        (bool success, ) = address(this).call(
            abi.encodeCall(this.readExpired, (abi.encode(uint8(4), OFFER, uint256(OfferEnd.NoBank) + 1)))
        );
        assertFalse(success);
    }

    function readOffered(bytes calldata payload) external pure returns (OfferTerms memory) {
        return TitleMessages.readOffered(payload);
    }

    function readExpired(bytes calldata payload) external pure returns (OfferEnd) {
        return TitleMessages.readExpired(payload);
    }
}
