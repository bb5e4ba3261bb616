// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {Gateway} from "../../../contracts/bridge/Gateway.sol";
import {IGateway} from "../../../contracts/bridge/IGateway.sol";
import {ILightClient} from "../../../contracts/bridge/ILightClient.sol";
import {Message} from "../../../contracts/bridge/MessageChain.sol";
import {FaultyInbox, GasMeter, Reentrant} from "../../support/Recipients.sol";
import {vm} from "../../support/Test.sol";
import {BridgeTest} from "./BridgeTest.sol";

contract GatewayRetryTest is BridgeTest {
    FaultyInbox internal faulty;
    Message internal failure;
    bytes32 internal id;

    function setUp() public override {
        super.setUp();
        faulty = new FaultyInbox();
        failure = Message(address(faulty), "to be retried");
        remote.send(tradeBook, failure.recipient, failure.payload);
        _deliverFrom(0);
        id = _headAfter(1);
    }

    function test_retry_byStranger_succeeds() public {
        faulty.setFault("");
        Message memory message = failure;
        vm.expectEmit(address(gateway));
        emit IGateway.MessageRetried(id);
        vm.prank(stranger);
        gateway.retry(id, tradeBook, message);

        assertEq(gateway.failed(id), 0);
        assertEq(faulty.count(), 1);
        assertEq(faulty.received(0).receiveId, id);
        assertEq(faulty.received(0).gateway, address(gateway));
        assertEq(faulty.received(0).sender, InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, tradeBook));
        assertEq(faulty.received(0).payload, "to be retried");
    }

    /// @dev The gas limit of a message holds for deliveries, where it protects the deliverer.
    function test_retry_withMoreGasThanTheLimit_succeeds() public {
        GasMeter hungry = new GasMeter(MESSAGE_GAS + 100_000);
        remote.send(tradeBook, address(hungry), "");
        _deliverFrom(1);
        assertNotEq(gateway.failed(_headAfter(2)), 0);
        gateway.retry(_headAfter(2), tradeBook, _messages(1, 2)[0]);
        assertEq(hungry.executions(), 1);
        assertEq(gateway.failed(_headAfter(2)), 0);
    }

    function test_retry_stillFailing_reverts() public {
        bytes32 commitment = gateway.failed(id);
        _assertRefused(
            _call(id, tradeBook, failure),
            abi.encodeWithSelector(IGateway.Gateway_RetryFailed.selector, id, bytes("out of order"))
        );
        assertEq(gateway.failed(id), commitment);
        faulty.setFault("");
        gateway.retry(id, tradeBook, failure);
        assertEq(faulty.count(), 1);
    }

    function test_retry_longReason_reverts() public {
        bytes memory reason = new bytes(1_000);
        for (uint256 i = 0; i < 1_000; ++i) reason[i] = bytes1(uint8(i));
        faulty.setFault(reason);
        bytes memory cut = new bytes(256);
        for (uint256 i = 0; i < 256; ++i) cut[i] = reason[i];
        _assertRefused(
            _call(id, tradeBook, failure),
            abi.encodeWithSelector(IGateway.Gateway_RetryFailed.selector, id, cut)
        );
    }

    /// @dev For every gas limit the retry succeeds, or the message stays stored.
    function testFuzz_retry_anyGasLimit_succeeds(uint256 gasLimit) public {
        faulty.setFault("");
        (bool success, ) = address(gateway).call{gas: bound(gasLimit, 0, 400_000)}(_call(id, tradeBook, failure));
        assertEq(faulty.count(), success ? 1 : 0);
        assertEq(gateway.failed(id) == 0, success);
    }

    function test_retry_twice_reverts() public {
        faulty.setFault("");
        gateway.retry(id, tradeBook, failure);
        _assertNotFailed(id, tradeBook, failure);
        assertEq(faulty.count(), 1);
    }

    function test_retry_executedMessage_reverts() public {
        _send(1);
        _deliverFrom(1);
        _assertNotFailed(_headAfter(2), tradeBook, _messages(1, 2)[0]);
        assertEq(inbox.count(), 1);
    }

    function test_retry_undeliveredMessage_reverts() public {
        _send(1);
        _assertNotFailed(_headAfter(2), tradeBook, _messages(1, 2)[0]);
    }

    function testFuzz_retry_otherId_reverts(bytes32 otherId) public {
        vm.assume(otherId != id);
        _assertNotFailed(otherId, tradeBook, failure);
    }

    function testFuzz_retry_otherSender_reverts(address sender) public {
        vm.assume(sender != tradeBook);
        _assertNotFailed(id, sender, failure);
    }

    function testFuzz_retry_otherMessage_reverts(address recipient, bytes calldata payload) public {
        _assertNotFailed(id, tradeBook, Message(recipient, failure.payload));
        _assertNotFailed(id, tradeBook, Message(failure.recipient, payload));
    }

    function test_retry_reentersRetry_reverts() public {
        Reentrant reentrant = new Reentrant();
        reentrant.setCall(address(gateway), _call(id, tradeBook, failure), true);
        remote.send(tradeBook, address(reentrant), "");
        _deliverFrom(1);
        _assertRefused(
            _call(_headAfter(2), tradeBook, _messages(1, 2)[0]),
            abi.encodeWithSelector(
                IGateway.Gateway_RetryFailed.selector,
                _headAfter(2),
                abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
            )
        );
    }

    function test_retry_reentersDeliver_reverts() public {
        Reentrant reentrant = new Reentrant();
        remote.send(tradeBook, address(reentrant), "");
        reentrant.setCall(address(gateway), "no function", true);
        _deliverFrom(1);
        _send(1);
        reentrant.setCall(address(gateway), _deliverCall(2, 3, remote.prove(tradeBook)), false);
        gateway.retry(_headAfter(2), tradeBook, _messages(1, 2)[0]);
        assertEq(
            reentrant.outcome(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
        assertEq(gateway.cursor(tradeBook), _headAfter(2));
    }

    function test_retry_notLinked_reverts() public {
        gateway = _deployGateway();
        _assertRefused(
            _call(id, tradeBook, failure),
            abi.encodeWithSelector(IGateway.Gateway_NotLinked.selector)
        );
    }

    function test_retry_paused_reverts() public {
        faulty.setFault("");
        vm.prank(guardian);
        gateway.pause();
        _assertRefused(
            _call(id, tradeBook, failure),
            abi.encodeWithSelector(IGateway.Gateway_Paused.selector, true)
        );
    }

    function test_retry_frozen_reverts() public {
        faulty.setFault("");
        _freeze();
        _assertRefused(
            _call(id, tradeBook, failure),
            abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector)
        );
    }

    function _call(bytes32 receiveId, address sender, Message memory message) private pure returns (bytes memory) {
        return abi.encodeCall(Gateway.retry, (receiveId, sender, message));
    }

    function _assertRefused(bytes memory data, bytes memory expected) private {
        _assertReverts(address(gateway), data, expected);
        assertEq(faulty.count(), 0);
    }

    function _assertNotFailed(bytes32 receiveId, address sender, Message memory message) private {
        bytes32 commitment = keccak256(
            abi.encode(sender, keccak256(abi.encodePacked(message.recipient, message.payload)))
        );
        vm.assume(commitment != gateway.failed(receiveId));
        _assertReverts(
            address(gateway),
            _call(receiveId, sender, message),
            abi.encodeWithSelector(IGateway.Gateway_NotFailed.selector, receiveId)
        );
    }
}
