// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Gateway} from "../../../contracts/bridge/Gateway.sol";
import {HeadProof, IGateway} from "../../../contracts/bridge/IGateway.sol";
import {Message} from "../../../contracts/bridge/MessageChain.sol";
import {Answerer, FaultyInbox, GasBurner, GasMeter, Reentrant, ReturnBomb} from "../../support/Recipients.sol";
import {vm} from "../../support/Test.sol";
import {BridgeTest} from "./BridgeTest.sol";

/// @notice What a recipient may do, and what little gas may not do.
contract GatewayExecutionTest is BridgeTest {
    uint256 internal constant REQUIRED_GAS = MESSAGE_GAS + MESSAGE_GAS / 63 + 60_000;
    /// @dev From the call's gas limit to the first line of a recipient.
    uint256 internal constant DISPATCH = 2_000;

    // -------------------------------------------------------------------------------------- recipients that fail

    function test_deliver_recipientReverts_succeeds() public {
        _deliverBetween(address(new FaultyInbox()), "out of order");
    }

    function test_deliver_recipientRevertsEmpty_succeeds() public {
        _deliverBetween(address(authority), "");
    }

    function testFuzz_deliver_reasonCut_succeeds(bytes calldata reason) public {
        vm.assume(reason.length > 0);
        _deliverReason(reason);
    }

    function test_deliver_reasonLengths_succeeds() public {
        uint16[8] memory lengths = [1, 31, 32, 255, 256, 257, 1_000, 5_000];
        for (uint256 i = 0; i < lengths.length; ++i) {
            _deliverReason(_noise(lengths[i]));
            setUp();
        }
    }

    function test_deliver_recipientBurnsGas_succeeds() public {
        _deliverBetween(address(new GasBurner()), "");
        remote.send(tradeBook, address(new GasBurner()), "");
        uint256 used = _gasOfDelivery(3);
        assertGt(used, MESSAGE_GAS);
        assertLt(used, MESSAGE_GAS + 500_000);
    }

    function test_deliver_noCode_succeeds() public {
        _deliverBetween(stranger, "");
    }

    function test_deliver_toGateway_succeeds() public {
        _deliverBetween(address(gateway), "");
    }

    /// @dev The identity precompile answers with what it is asked, which begins with the selector that means success.
    function test_deliver_identityPrecompile_succeeds() public {
        remote.send(tradeBook, address(4), "");
        bytes memory echo = abi.encodeCall(
            IERC7786Recipient.receiveMessage,
            (_headAfter(1), hex"00010000027a6a14", "")
        );
        _deliverFrom(0);
        assertNotEq(gateway.failed(_headAfter(1)), 0);
        assertEq(bytes4(echo), IERC7786Recipient.receiveMessage.selector);
    }

    function test_deliver_wrongAnswer_succeeds() public {
        Answerer answerer = new Answerer();
        bytes32 right = bytes32(IERC7786Recipient.receiveMessage.selector);
        bytes32[5] memory answers = [bytes32(0), bytes32(uint256(1)), ~right, right | bytes32(uint256(1)), right];
        uint8[5] memory lengths = [32, 32, 32, 32, 31];
        for (uint256 i = 0; i < answers.length; ++i) {
            answerer.setAnswer(answers[i], lengths[i]);
            remote.send(tradeBook, address(answerer), "");
            _deliverFrom(i);
            bytes32 id = _headAfter(i + 1);
            assertEq(gateway.failed(id), _commitment(remote.message(tradeBook, i)));
        }
        answerer.setAnswer(right, 32);
        remote.send(tradeBook, address(answerer), "");
        _deliverFrom(answers.length);
        assertEq(gateway.failed(_headAfter(answers.length + 1)), 0);
    }

    /// @dev What an earlier call left in scratch memory is not taken for an answer.
    function test_deliver_noAnswerAfterGoodAnswer_succeeds() public {
        remote.send(tradeBook, address(inbox), "");
        remote.send(tradeBook, stranger, "");
        _deliverFrom(0);
        assertEq(gateway.failed(_headAfter(1)), 0);
        assertNotEq(gateway.failed(_headAfter(2)), 0);
    }

    /// @dev 300,000 gas of the recipient buy it about 300 kB of memory; nothing of that is copied.
    function test_deliver_returnBomb_succeeds() public {
        uint256 size = 250_000;
        remote.send(tradeBook, address(new ReturnBomb(32, false)), "");
        uint256 small = _gasOfDelivery(0);
        remote.send(tradeBook, address(new ReturnBomb(size, false)), "");
        uint256 large = _gasOfDelivery(1);
        assertEq(gateway.failed(_headAfter(2)), 0);
        assertGt(large - small, (size / 32) * 3);
        assertLt(large - small, MESSAGE_GAS);
    }

    function test_deliver_revertBomb_succeeds() public {
        remote.send(tradeBook, address(new ReturnBomb(250_000, true)), "");
        remote.send(tradeBook, address(inbox), "after it");
        HeadProof memory proof = remote.prove(tradeBook);
        bytes memory reason = new bytes(256);
        (reason[0], reason[1], reason[2], reason[3]) = _selectorBytes();
        bytes32 id = _headAfter(1);
        address recipient = remote.message(tradeBook, 0).recipient;
        Message[] memory messages = _messages(0, 2);
        bytes32 from = _headAfter(0);
        vm.expectEmit(address(gateway));
        emit IGateway.MessageFailed(id, tradeBook, recipient, reason);
        gateway.deliver(tradeBook, from, messages, proof);
        assertEq(inbox.count(), 1);
    }

    /// @dev A hundred messages that each burn all gas cost their limits and a little; memory does not add up.
    function test_deliver_manyFailures_succeeds() public {
        address burner = address(new GasBurner());
        for (uint256 i = 0; i < 100; ++i) remote.send(tradeBook, burner, new bytes(1_000));
        uint256 used = _gasOfDelivery(0);
        assertLt(used, 100 * (MESSAGE_GAS + 60_000));
        assertEq(gateway.cursor(tradeBook), _headAfter(100));
    }

    // --------------------------------------------------------------------------------------------- re-entrance

    function test_deliver_reentersDeliver_succeeds() public {
        remote.send(registry, address(inbox), "from the registry");
        bytes memory data = abi.encodeCall(
            Gateway.deliver,
            (registry, remote.headAfter(registry, 0), remote.messages(registry, 0, 1), remote.prove(registry))
        );
        _assertReentranceRefused(data);
    }

    function test_deliver_reentersDeliverProven_succeeds() public {
        remote.send(registry, address(inbox), "from the registry");
        gateway.proveHead(registry, remote.prove(registry));
        _assertReentranceRefused(
            abi.encodeCall(
                Gateway.deliverProven,
                (registry, remote.headAfter(registry, 0), remote.messages(registry, 0, 1))
            )
        );
    }

    function test_deliver_reentersRetry_succeeds() public {
        remote.send(registry, address(new FaultyInbox()), "");
        HeadProof memory proof = remote.prove(registry);
        gateway.deliver(registry, remote.headAfter(registry, 0), remote.messages(registry, 0, 1), proof);
        bytes32 id = remote.headAfter(registry, 1);
        assertNotEq(gateway.failed(id), 0);
        _assertReentranceRefused(abi.encodeCall(Gateway.retry, (id, registry, remote.message(registry, 0))));
    }

    // -------------------------------------------------------------------------------------------------- little gas

    function test_deliver_insufficientGas_reverts() public {
        _send(1);
        bytes memory data = _deliverCall(0, 1, remote.prove(tradeBook));
        (bool success, bytes memory returned) = address(gateway).call{gas: REQUIRED_GAS}(data);
        assertFalse(success);
        _assertInsufficientGas(returned);
        _assertUntouched();
    }

    /// @dev The first message burns what was left for the second: then neither counts.
    function test_deliver_insufficientGasForLater_reverts() public {
        remote.send(tradeBook, address(new GasBurner()), "");
        _send(1);
        bytes memory data = _deliverCall(0, 2, remote.prove(tradeBook));
        (bool success, bytes memory returned) = address(gateway).call{gas: (REQUIRED_GAS * 3) / 2}(data);
        assertFalse(success);
        _assertInsufficientGas(returned);
        _assertUntouched();
    }

    /// @dev For every gas limit, a message that needs nearly all gas promised to it is executed, or nothing happens.
    function testFuzz_deliver_anyGasLimit_succeeds(uint256 gasLimit, uint16 payloadLength) public {
        GasMeter meter = new GasMeter(MESSAGE_GAS - DISPATCH - uint256(payloadLength) / 8);
        remote.send(tradeBook, address(meter), new bytes(payloadLength));
        remote.send(tradeBook, address(meter), new bytes(payloadLength));
        bytes memory data = _deliverCall(0, 2, remote.prove(tradeBook));
        _assertAllOrNothing(meter, data, bound(gasLimit, 0, 3_000_000), 2);
    }

    function testFuzz_deliverProven_anyGasLimit_succeeds(uint256 gasLimit, uint16 payloadLength) public {
        GasMeter meter = new GasMeter(MESSAGE_GAS - DISPATCH - uint256(payloadLength) / 8);
        remote.send(tradeBook, address(meter), new bytes(payloadLength));
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        _assertAllOrNothing(meter, _deliverProvenCall(0, 1), bound(gasLimit, 0, 2_000_000), 1);
    }

    /// @dev Copying a payload of this length costs more than what is reserved beside the message. The failure before it
    /// has paid for the memory, so what copying leaves would do to store another one.
    function test_deliver_hugePayloadLittleGas_succeeds() public {
        GasMeter meter = new GasMeter(MESSAGE_GAS - DISPATCH);
        remote.send(tradeBook, stranger, new bytes(700_000));
        remote.send(tradeBook, address(meter), new bytes(700_000));
        bytes memory data = _deliverCall(0, 2, remote.prove(tradeBook));
        uint256 enough = _leastGas(data);
        for (uint256 i = 0; i < 60; ++i) {
            uint256 snapshot = vm.snapshotState();
            (bool success, ) = address(gateway).call{gas: enough + 30_000 - i * 1_000}(data);
            assertEq(meter.executions(), success ? 1 : 0);
            assertEq(gateway.failed(_headAfter(2)), 0);
            vm.revertToState(snapshot);
        }
    }

    // ---------------------------------------------------------------------------------------------------- internal

    /// @dev Between two good messages lies one to `recipient`, which fails with `reason` and stops neither.
    function _deliverBetween(address recipient, bytes memory reason) private {
        uint256 first = remote.sent(tradeBook);
        uint256 before = inbox.count();
        _send(1);
        remote.send(tradeBook, recipient, "to be refused");
        _send(1);
        bytes32 id = _headAfter(first + 2);
        bytes32 from = _headAfter(first);
        HeadProof memory proof = remote.prove(tradeBook);
        Message[] memory messages = _messages(first, first + 3);

        vm.expectEmit(address(gateway));
        emit IGateway.MessageFailed(id, tradeBook, recipient, reason);
        gateway.deliver(tradeBook, from, messages, proof);

        assertEq(gateway.failed(id), _commitment(messages[1]));
        assertEq(inbox.count(), before + 2);
        assertEq(inbox.received(before).receiveId, _headAfter(first + 1));
        assertEq(inbox.received(before + 1).receiveId, _headAfter(first + 3));
        assertEq(gateway.failed(_headAfter(first + 1)), 0);
        assertEq(gateway.failed(_headAfter(first + 3)), 0);
        assertEq(gateway.cursor(tradeBook), _headAfter(first + 3));
    }

    function _deliverReason(bytes memory reason) private {
        FaultyInbox faulty = new FaultyInbox();
        faulty.setFault(reason);
        bytes memory cut = new bytes(reason.length < 256 ? reason.length : 256);
        for (uint256 i = 0; i < cut.length; ++i) cut[i] = reason[i];
        _deliverBetween(address(faulty), cut);
    }

    function _assertReentranceRefused(bytes memory data) private {
        bytes memory refusal = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        bytes32 cursor = gateway.cursor(registry);
        Reentrant bubbling = new Reentrant();
        bubbling.setCall(address(gateway), data, true);
        _deliverBetween(address(bubbling), refusal);

        Reentrant swallowing = new Reentrant();
        swallowing.setCall(address(gateway), data, false);
        uint256 first = remote.sent(tradeBook);
        remote.send(tradeBook, address(swallowing), "");
        _deliverFrom(first);
        assertTrue(swallowing.called());
        assertEq(gateway.cursor(registry), cursor);
        assertEq(swallowing.outcome(), refusal);
        assertEq(gateway.failed(_headAfter(first + 1)), 0);
    }

    function _assertAllOrNothing(GasMeter meter, bytes memory data, uint256 gasLimit, uint256 count) private {
        uint256 snapshot = vm.snapshotState();
        (bool success, ) = address(gateway).call{gas: gasLimit}(data);
        assertEq(meter.executions(), success ? count : 0);
        assertEq(gateway.cursor(tradeBook), _headAfter(success ? count : 0));
        for (uint256 i = 1; i <= count; ++i) assertEq(gateway.failed(_headAfter(i)), 0);
        vm.revertToState(snapshot);
    }

    /// @dev The least gas, to a few thousand, with which the delivery does not revert.
    function _leastGas(bytes memory data) private returns (uint256 enough) {
        uint256 little = 0;
        enough = 100_000_000;
        while (enough - little > 5_000) {
            uint256 middle = (enough + little) / 2;
            uint256 snapshot = vm.snapshotState();
            (bool success, ) = address(gateway).call{gas: middle}(data);
            vm.revertToState(snapshot);
            if (success) enough = middle;
            else little = middle;
        }
    }

    function _assertInsufficientGas(bytes memory returned) private pure {
        assertEq(returned.length, 68);
        bytes4 selector;
        uint256 left;
        uint256 required;
        assembly ("memory-safe") {
            selector := mload(add(returned, 0x20))
            left := mload(add(returned, 0x24))
            required := mload(add(returned, 0x44))
        }
        assertTrue(selector == IGateway.Gateway_InsufficientGas.selector);
        assertEq(required, REQUIRED_GAS);
        assertLt(left, required);
    }

    function _assertUntouched() private view {
        assertEq(gateway.cursor(tradeBook), _headAfter(0));
        assertEq(gateway.failed(_headAfter(1)), 0);
        assertEq(inbox.count(), 0);
    }

    function _gasOfDelivery(uint256 first) private returns (uint256 used) {
        bytes memory data = _deliverCall(first, remote.sent(tradeBook), remote.prove(tradeBook));
        uint256 gasBefore = gasleft();
        (bool success, ) = address(gateway).call(data);
        used = gasBefore - gasleft();
        assertTrue(success);
    }

    function _commitment(Message memory message) private view returns (bytes32) {
        return keccak256(abi.encode(tradeBook, keccak256(abi.encodePacked(message.recipient, message.payload))));
    }

    function _selectorBytes() private pure returns (bytes1, bytes1, bytes1, bytes1) {
        bytes4 selector = IERC7786Recipient.receiveMessage.selector;
        return (selector[0], selector[1], selector[2], selector[3]);
    }

    function _noise(uint256 length) private pure returns (bytes memory noise) {
        noise = new bytes(length);
        for (uint256 i = 0; i < length; ++i) noise[i] = bytes1(uint8(1 + (i % 255)));
    }
}
