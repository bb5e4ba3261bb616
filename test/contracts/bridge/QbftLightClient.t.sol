// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ILightClient} from "../../../contracts/bridge/ILightClient.sol";
import {LightClient} from "../../../contracts/bridge/LightClient.sol";
import {QbftHeaders} from "../../../contracts/bridge/QbftHeaders.sol";
import {QbftChain} from "../../support/QbftChain.sol";
import {QbftTest} from "./QbftTest.sol";

/// @notice A light client of a QBFT chain: it holds what the chain itself calls a block.
contract QbftLightClientTest is QbftTest {
    using QbftChain for QbftChain.Spec;

    /// @dev One block sealed in two rounds is one block.
    function test_lightClient_sameBlockInTwoRounds_freezesNothing() public {
        LightClient follower = _newLightClient(qbft);
        QbftChain.Spec memory first = _block(NUMBER);
        QbftChain.Spec memory second = _block(NUMBER);
        second.round = 1;
        assertTrue(keccak256(first.signed()) != keccak256(second.signed()));

        follower.update(first.signed(), first.quorumSeal());
        assertEq(follower.update(second.signed(), second.quorumSeal()).blockHash, first.blockHash());
        assertEq(follower.update(second.signed(), "").stateRoot, first.stateRoot);
        _assertReverts(
            address(follower),
            abi.encodeCall(ILightClient.reportEquivocation, (second.signed(), second.quorumSeal())),
            abi.encodeWithSelector(
                ILightClient.LightClient_NoConflict.selector,
                NUMBER,
                first.blockHash(),
                first.blockHash()
            )
        );
        assertFalse(follower.frozen());
    }

    function test_lightClient_twoBlocksOfOneHeight_freezes() public {
        LightClient follower = _newLightClient(qbft);
        QbftChain.Spec memory one = _block(NUMBER);
        QbftChain.Spec memory other = _block(NUMBER);
        other.stateRoot = keccak256("another state");
        other.round = 1;
        follower.update(one.signed(), one.quorumSeal());
        _assertReverts(
            address(follower),
            abi.encodeCall(ILightClient.update, (other.signed(), other.quorumSeal())),
            abi.encodeWithSelector(
                ILightClient.LightClient_ConflictingHeader.selector,
                NUMBER,
                one.blockHash(),
                other.blockHash()
            )
        );
        follower.reportEquivocation(other.signed(), other.quorumSeal());
        assertTrue(follower.frozen());
    }

    /// @dev What was accepted under former validators stays of use, without a seal.
    function test_lightClient_heldHeaderAfterValidatorsChanged_succeeds() public {
        LightClient follower = _newLightClient(qbft);
        QbftChain.Spec memory held = _block(NUMBER);
        follower.update(held.signed(), held.quorumSeal());
        _afterDelay(address(qbft), abi.encodeCall(QbftHeaders.setValidators, (_addressesOf(9, 4))));
        assertEq(follower.update(held.signed(), "").blockHash, held.blockHash());
        (bool success, ) = address(follower).call(
            abi.encodeCall(ILightClient.update, (held.signed(), held.quorumSeal()))
        );
        assertFalse(success);
    }

    function _addressesOf(uint256 first, uint256 count) private pure returns (address[] memory) {
        return QbftChain.addresses(QbftChain.keys(first, count));
    }
}
