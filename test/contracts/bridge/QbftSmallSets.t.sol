// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IQbftHeaders} from "../../../contracts/bridge/IQbftHeaders.sol";
import {QbftHeaders} from "../../../contracts/bridge/QbftHeaders.sol";
import {QbftChain} from "../../support/QbftChain.sol";
import {QbftTest} from "./QbftTest.sol";

/// @notice Fewer than four validators tolerate nobody who cheats, so a change needs a quorum of those before.
contract QbftSmallSetsTest is QbftTest {
    using QbftChain for QbftChain.Spec;

    function test_confirmValidators_oneOfTwoDropsTheOther_reverts() public {
        QbftHeaders two = _newVerifier(QbftChain.keys(0, 2));
        QbftChain.Spec memory forged = QbftChain.spec(NUMBER, QbftChain.keys(0, 1));
        _assertReverts(address(two), _confirmCall(forged), _tooFew());
    }

    function test_confirmValidators_oneOfTwoBringsAFriend_reverts() public {
        uint256[] memory three = QbftChain.keys(0, 3);
        QbftHeaders two = _newVerifier(_firstTwo(three));
        QbftChain.Spec memory forged = QbftChain.spec(NUMBER, three);
        bytes memory call = abi.encodeCall(QbftHeaders.confirmValidators, (forged.signed(), forged.seal(1, 3)));
        _assertReverts(address(two), call, _tooFew());
    }

    function test_confirmValidators_bothOfTwoBringAThird_succeeds() public {
        uint256[] memory three = QbftChain.keys(0, 3);
        QbftHeaders two = _newVerifier(_firstTwo(three));
        QbftChain.Spec memory grown = QbftChain.spec(NUMBER, three);
        two.confirmValidators(grown.signed(), grown.seal(0, 2));
        assertEq(two.validators().length, 3);
    }

    function test_confirmValidators_twoOfThreeDropTheOther_succeeds() public {
        uint256[] memory three = QbftChain.keys(0, 3);
        QbftHeaders verifier = _newVerifier(three);
        QbftChain.Spec memory shrunk = QbftChain.spec(NUMBER, _firstTwo(three));
        verifier.confirmValidators(shrunk.signed(), shrunk.seal(0, 2));
        assertEq(verifier.validators().length, 2);
    }

    function _firstTwo(uint256[] memory three) private pure returns (uint256[] memory two) {
        two = new uint256[](2);
        (two[0], two[1]) = (three[0], three[1]);
    }

    function _tooFew() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IQbftHeaders.QbftHeaders_TooFewTrusted.selector, 1, 2);
    }
}
