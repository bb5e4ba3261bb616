// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {Gateway} from "../../../contracts/bridge/Gateway.sol";
import {HeadProof, IGateway} from "../../../contracts/bridge/IGateway.sol";
import {ILightClient} from "../../../contracts/bridge/ILightClient.sol";
import {Message} from "../../../contracts/bridge/MessageChain.sol";
import {Seals} from "../../../contracts/bridge/Seals.sol";
import {StateProof} from "../../../contracts/bridge/StateProof.sol";
import {TrieWalk} from "../../../contracts/bridge/TrieWalk.sol";
import {Inbox} from "../../support/Recipients.sol";
import {vm} from "../../support/Test.sol";
import {TrieNodes} from "../../support/TrieNodes.sol";
import {BridgeTest} from "./BridgeTest.sol";

contract GatewayDeliverTest is BridgeTest {
    // ------------------------------------------------------------------------------------------- what succeeds

    function test_deliver_oneMessage_succeeds() public {
        _send(1);
        HeadProof memory proof = remote.prove(tradeBook);
        vm.expectEmit(address(gateway));
        emit IGateway.MessagesDelivered(tradeBook, _headAfter(0), _headAfter(1), 1);
        bytes memory data = _deliverCall(0, 1, proof);
        vm.prank(stranger);
        (bool success, ) = address(gateway).call(data);

        assertTrue(success);
        assertEq(gateway.cursor(tradeBook), _headAfter(1));
        assertEq(inbox.count(), 1);
        Inbox.Received memory received = inbox.received(0);
        assertEq(received.gateway, address(gateway));
        assertEq(received.receiveId, _headAfter(1));
        assertEq(received.sender, InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, tradeBook));
        assertEq(received.payload, _messages(0, 1)[0].payload);
    }

    function testFuzz_deliver_batches_succeeds(uint8[4] calldata sizes) public {
        uint256 delivered;
        for (uint256 i = 0; i < sizes.length; ++i) {
            uint256 size = bound(sizes[i], 1, 12);
            _send(size);
            _deliverFrom(delivered);
            delivered += size;
        }
        assertEq(gateway.cursor(tradeBook), _headAfter(delivered));
        assertEq(inbox.count(), delivered);
        for (uint256 i = 0; i < delivered; ++i) {
            assertEq(inbox.received(i).receiveId, _headAfter(i + 1));
            assertEq(inbox.received(i).payload, remote.message(tradeBook, i).payload);
        }
    }

    function testFuzz_deliver_anyPayload_succeeds(bytes calldata payload) public {
        remote.send(tradeBook, address(inbox), payload);
        _deliverFrom(0);
        assertEq(inbox.received(0).payload, payload);
    }

    function test_deliver_manyMessages_succeeds() public {
        _send(100);
        _deliverFrom(0);
        assertEq(inbox.count(), 100);
        assertEq(inbox.received(99).receiveId, _headAfter(100));
    }

    function test_deliver_sendersApart_succeeds() public {
        _send(2);
        remote.send(registry, address(inbox), "from the registry");
        _deliverFrom(0);
        assertEq(gateway.cursor(registry), remote.headAfter(registry, 0));

        HeadProof memory proof = remote.prove(registry);
        gateway.deliver(registry, remote.headAfter(registry, 0), remote.messages(registry, 0, 1), proof);
        assertEq(inbox.received(2).sender, InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, registry));
        assertEq(gateway.cursor(tradeBook), _headAfter(2));
    }

    /// @dev A block held already proves what was sent up to it.
    function test_deliver_olderProof_succeeds() public {
        _send(1);
        HeadProof memory proof = remote.prove(tradeBook);
        _send(1);
        HeadProof memory later = remote.prove(tradeBook);
        client.update(later.header, later.seal);
        gateway.deliver(tradeBook, _headAfter(0), _messages(0, 1), proof);
        gateway.deliver(tradeBook, _headAfter(1), _messages(1, 2), later);
        assertEq(inbox.count(), 2);
    }

    // ------------------------------------------------------------------------------------- messages that differ

    function test_deliver_emptyBatch_reverts() public {
        _send(1);
        _assertNotDelivered(
            _deliverCall(0, 0, remote.prove(tradeBook)),
            abi.encodeWithSelector(IGateway.Gateway_NoMessages.selector)
        );
    }

    function test_deliver_nothingSent_reverts() public {
        _assertNotDelivered(
            _deliverCall(0, 0, remote.prove(tradeBook)),
            abi.encodeWithSelector(IGateway.Gateway_NoMessages.selector)
        );
    }

    function testFuzz_deliver_payloadBitFlipped_reverts(uint256 index, uint256 bit) public {
        _send(3);
        Message[] memory messages = _messages(0, 3);
        bytes memory payload = messages[bound(index, 0, 2)].payload;
        bit = bound(bit, 0, payload.length * 8 - 1);
        payload[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        _assertMismatch(messages);
    }

    function test_deliver_otherRecipient_reverts() public {
        _send(3);
        Message[] memory messages = _messages(0, 3);
        messages[1].recipient = stranger;
        _assertMismatch(messages);
    }

    function test_deliver_messageDropped_reverts() public {
        _send(3);
        for (uint256 dropped = 0; dropped < 3; ++dropped) {
            Message[] memory messages = new Message[](2);
            for (uint256 i = 0; i < 2; ++i) messages[i] = remote.message(tradeBook, i < dropped ? i : i + 1);
            _assertMismatch(messages);
        }
    }

    function test_deliver_messagesReordered_reverts() public {
        _send(3);
        Message[] memory messages = _messages(0, 3);
        (messages[0], messages[1]) = (messages[1], messages[0]);
        _assertMismatch(messages);
    }

    function test_deliver_messageRepeated_reverts() public {
        _send(2);
        Message[] memory messages = new Message[](3);
        messages[0] = remote.message(tradeBook, 0);
        messages[1] = remote.message(tradeBook, 0);
        messages[2] = remote.message(tradeBook, 1);
        _assertMismatch(messages);
    }

    function test_deliver_messageAdded_reverts() public {
        _send(2);
        Message[] memory messages = new Message[](3);
        messages[0] = remote.message(tradeBook, 0);
        messages[1] = remote.message(tradeBook, 1);
        messages[2] = Message(address(inbox), "pay me");
        _assertMismatch(messages);
    }

    function test_deliver_messageOfOtherSender_reverts() public {
        _send(1);
        remote.send(registry, address(inbox), "from the registry");
        bytes memory data = abi.encodeCall(
            Gateway.deliver,
            (tradeBook, _headAfter(0), remote.messages(registry, 0, 1), remote.prove(tradeBook))
        );
        bytes32 computed = _fold(_headAfter(0), remote.messageHashes(registry, 0, 1));
        _assertNotDelivered(data, _mismatch(computed, _headAfter(1)));
    }

    function test_deliver_proofOfOtherSender_reverts() public {
        _send(1);
        remote.send(registry, address(inbox), "from the registry");
        // The proof is a proof of the registry's slot, and it is the trade book's that is looked up in it.
        HeadProof memory proof = remote.prove(registry);
        bytes32 expected = keccak256(remote.proveAt(tradeBook, remote.height(), "").storageProof[1]);
        _assertNotDelivered(
            _deliverCall(0, 1, proof),
            abi.encodeWithSelector(
                TrieWalk.TrieWalk_HashMismatch.selector,
                1,
                expected,
                keccak256(proof.storageProof[1])
            )
        );
    }

    function test_deliver_sameMessagesForOtherSender_reverts() public {
        _send(1);
        remote.send(registry, address(inbox), _messages(0, 1)[0].payload);
        bytes32 from = remote.headAfter(registry, 0);
        _assertNotDelivered(
            abi.encodeCall(Gateway.deliver, (tradeBook, from, _messages(0, 1), remote.prove(tradeBook))),
            abi.encodeWithSelector(IGateway.Gateway_NotAtCursor.selector, _headAfter(0), from)
        );
    }

    /// @dev The same sender's messages at another gateway of the same chain are another chain of messages.
    function test_deliver_messageOfOtherGateway_reverts() public {
        _send(1);
        // In the block proven there is no account where the linked gateway should be: its branch is empty.
        HeadProof memory proof = remote.proveOf(stranger, tradeBook, 1);
        _assertNotDelivered(
            _deliverCall(0, 1, proof),
            abi.encodeWithSelector(TrieWalk.TrieWalk_NodesUnused.selector, 1, proof.accountProof.length)
        );
        proof.accountProof = TrieNodes.one(proof.accountProof[0]);
        _assertNotDelivered(
            _deliverCall(0, 1, proof),
            abi.encodeWithSelector(StateProof.StateProof_AccountAbsent.selector, remoteGateway)
        );
    }

    /// @dev As if the light client's validators served a chain on which the head is another one.
    function test_deliver_otherHeadProven_reverts() public {
        _send(1);
        bytes32 forged = keccak256("forged");
        _assertNotDelivered(_deliverCall(0, 1, remote.forge(tradeBook, forged, 1)), _mismatch(_headAfter(1), forged));
    }

    function test_deliver_proofOfEarlierHead_reverts() public {
        _send(1);
        HeadProof memory proof = remote.prove(tradeBook);
        _send(1);
        _assertNotDelivered(_deliverCall(0, 2, proof), _mismatch(_headAfter(2), _headAfter(1)));
    }

    function test_deliver_proofOfLaterHead_reverts() public {
        _send(2);
        _assertNotDelivered(_deliverCall(0, 1, remote.prove(tradeBook)), _mismatch(_headAfter(1), _headAfter(2)));
    }

    // --------------------------------------------------------------------------------------------- where it stands

    function test_deliver_twice_reverts() public {
        _send(2);
        HeadProof memory proof = remote.prove(tradeBook);
        bytes memory data = _deliverCall(0, 2, proof);
        gateway.deliver(tradeBook, _headAfter(0), _messages(0, 2), proof);
        _assertReverts(
            address(gateway),
            data,
            abi.encodeWithSelector(IGateway.Gateway_NotAtCursor.selector, _headAfter(2), _headAfter(0))
        );
        assertEq(inbox.count(), 2);
    }

    function test_deliver_deliveredFromCursorAgain_reverts() public {
        _send(2);
        HeadProof memory proof = remote.prove(tradeBook);
        gateway.deliver(tradeBook, _headAfter(0), _messages(0, 2), proof);
        Message[] memory messages = _messages(0, 2);
        bytes32 computed = _fold(_headAfter(2), remote.messageHashes(tradeBook, 0, 2));
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.deliver, (tradeBook, _headAfter(2), messages, proof)),
            _mismatch(computed, _headAfter(2))
        );
        assertEq(inbox.count(), 2);
    }

    function test_deliver_ahead_reverts() public {
        _send(2);
        _assertNotDelivered(
            _deliverCall(1, 2, remote.prove(tradeBook)),
            abi.encodeWithSelector(IGateway.Gateway_NotAtCursor.selector, _headAfter(0), _headAfter(1))
        );
    }

    function testFuzz_deliver_wrongFrom_reverts(bytes32 from) public {
        vm.assume(from != _headAfter(0));
        _send(1);
        _assertNotDelivered(
            abi.encodeCall(Gateway.deliver, (tradeBook, from, _messages(0, 1), remote.prove(tradeBook))),
            abi.encodeWithSelector(IGateway.Gateway_NotAtCursor.selector, _headAfter(0), from)
        );
    }

    // ----------------------------------------------------------------------------------------------------- proofs

    function test_deliver_noQuorum_reverts() public {
        _send(1);
        HeadProof memory proof = remote.prove(tradeBook);
        proof.seal = remote.seal(remote.height(), keccak256(proof.header), 2);
        _assertNotDelivered(_deliverCall(0, 1, proof), abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 2, 3));
    }

    function test_deliver_conflictingHeader_reverts() public {
        _send(1);
        HeadProof memory one = remote.proveAt(tradeBook, 5, "one");
        HeadProof memory other = remote.proveAt(tradeBook, 5, "other");
        client.update(one.header, one.seal);
        _assertNotDelivered(
            _deliverCall(0, 1, other),
            abi.encodeWithSelector(
                ILightClient.LightClient_ConflictingHeader.selector,
                5,
                keccak256(one.header),
                keccak256(other.header)
            )
        );
        gateway.deliver(tradeBook, _headAfter(0), _messages(0, 1), one);
        assertEq(inbox.count(), 1);
    }

    function testFuzz_deliver_proofBitFlipped_reverts(uint256 node, uint256 bit, bool inAccount) public {
        _send(1);
        HeadProof memory proof = remote.prove(tradeBook);
        bytes[] memory nodes = inAccount ? proof.accountProof : proof.storageProof;
        node = bound(node, 0, nodes.length - 1);
        bit = bound(bit, 0, nodes[node].length * 8 - 1);
        bytes32 expected = keccak256(nodes[node]);
        nodes[node][bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        _assertNotDelivered(
            _deliverCall(0, 1, proof),
            abi.encodeWithSelector(TrieWalk.TrieWalk_HashMismatch.selector, node, expected, keccak256(nodes[node]))
        );
    }

    // -------------------------------------------------------------------------------------------- when it is off

    function test_deliver_notLinked_reverts() public {
        gateway = _deployGateway();
        _send(1);
        _assertReverts(
            address(gateway),
            _deliverCall(0, 1, remote.prove(tradeBook)),
            abi.encodeWithSelector(IGateway.Gateway_NotLinked.selector)
        );
    }

    function test_deliver_paused_reverts() public {
        _send(1);
        bytes memory data = _deliverCall(0, 1, remote.prove(tradeBook));
        vm.prank(guardian);
        gateway.pause();
        _assertNotDelivered(data, abi.encodeWithSelector(IGateway.Gateway_Paused.selector, true));

        vm.prank(operator);
        gateway.unpause();
        (bool success, ) = address(gateway).call(data);
        assertTrue(success);
        assertEq(inbox.count(), 1);
    }

    function test_deliver_frozen_reverts() public {
        _send(1);
        bytes memory data = _deliverCall(0, 1, remote.prove(tradeBook));
        _freeze();
        _assertNotDelivered(data, abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
    }

    function test_deliver_throughNewLightClient_succeeds() public {
        _send(2);
        HeadProof memory proof = remote.prove(tradeBook);
        _freeze();
        _replaceLightClient();
        gateway.deliver(tradeBook, _headAfter(0), _messages(0, 2), proof);
        assertEq(inbox.count(), 2);
    }

    // -------------------------------------------------------------------------------------------------- internal

    function _fold(bytes32 head, bytes32[] memory hashes) private pure returns (bytes32) {
        for (uint256 i = 0; i < hashes.length; ++i) head = keccak256(abi.encode(head, hashes[i]));
        return head;
    }

    function _mismatch(bytes32 computed, bytes32 proven) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IGateway.Gateway_HeadMismatch.selector, computed, proven);
    }

    /// @dev These messages in place of all that the trade book has sent are refused for what they hash to.
    function _assertMismatch(Message[] memory messages) private {
        bytes32 computed = _headAfter(0);
        for (uint256 i = 0; i < messages.length; ++i) {
            computed = keccak256(
                abi.encode(computed, keccak256(abi.encodePacked(messages[i].recipient, messages[i].payload)))
            );
        }
        bytes memory data = abi.encodeCall(
            Gateway.deliver,
            (tradeBook, _headAfter(0), messages, remote.prove(tradeBook))
        );
        _assertNotDelivered(data, _mismatch(computed, remote.head(tradeBook)));
    }

    function _assertNotDelivered(bytes memory data, bytes memory expected) private {
        _assertReverts(address(gateway), data, expected);
        _assertNothingDelivered();
    }

    function _assertNothingDelivered() private view {
        assertEq(gateway.cursor(tradeBook), _headAfter(0));
        assertEq(inbox.count(), 0);
    }
}
