// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Gateway} from "../../../contracts/bridge/Gateway.sol";
import {HeadProof, IGateway} from "../../../contracts/bridge/IGateway.sol";
import {ILightClient} from "../../../contracts/bridge/ILightClient.sol";
import {Message} from "../../../contracts/bridge/MessageChain.sol";
import {Seals} from "../../../contracts/bridge/Seals.sol";
import {StateProof} from "../../../contracts/bridge/StateProof.sol";
import {vm} from "../../support/Test.sol";
import {TrieNodes} from "../../support/TrieNodes.sol";
import {BridgeTest} from "./BridgeTest.sol";

/// @notice Heads shown first and delivered to afterwards, in parts.
contract GatewayProvenTest is BridgeTest {
    // ----------------------------------------------------------------------------------------------- proveHead

    function test_proveHead_anyone_succeeds() public {
        _send(3);
        HeadProof memory proof = remote.prove(tradeBook);
        bytes32 head = _headAfter(3);
        vm.expectEmit(address(gateway));
        emit IGateway.HeadProven(tradeBook, head);
        vm.prank(stranger);
        assertEq(gateway.proveHead(tradeBook, proof), head);
        assertTrue(gateway.isProven(tradeBook, head));
        assertFalse(gateway.isProven(tradeBook, _headAfter(2)));
        assertEq(gateway.cursor(tradeBook), _headAfter(0));
    }

    function test_proveHead_openedLogWithoutMessages_succeeds() public {
        assertEq(gateway.proveHead(tradeBook, remote.prove(tradeBook)), _headAfter(0));
    }

    /// @dev Else anybody could keep a backlog from being delivered, by showing a newer head each time.
    function test_proveHead_formerStillWaits_bothProven_succeeds() public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        _send(1);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        assertTrue(gateway.isProven(tradeBook, _headAfter(2)));
        assertTrue(gateway.isProven(tradeBook, _headAfter(3)));
        _deliverProven(0, 2);
        _deliverProven(2, 3);
        assertEq(inbox.count(), 3);
    }

    function test_proveHead_formerDelivered_takesItsPlace_succeeds() public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        _deliverProven(0, 2);
        _send(1);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        assertFalse(gateway.isProven(tradeBook, _headAfter(2)));
        assertTrue(gateway.isProven(tradeBook, _headAfter(3)));
    }

    function test_proveHead_again_succeeds() public {
        _send(2);
        HeadProof memory proof = remote.prove(tradeBook);
        gateway.proveHead(tradeBook, proof);
        gateway.proveHead(tradeBook, proof);
        _deliverProven(0, 2);
        assertEq(inbox.count(), 2);
    }

    function test_isProven_otherSenderOrNoHead_succeeds() public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        assertFalse(gateway.isProven(stranger, _headAfter(2)));
        assertFalse(gateway.isProven(stranger, 0));
    }

    /// @dev The head that a sender without a log has.
    function test_proveEarlierHead_noHeadFromNone_reverts() public {
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.proveEarlierHead, (stranger, 0, new bytes32[](0))),
            abi.encodeWithSelector(IGateway.Gateway_HeadNotProven.selector, bytes32(0))
        );
    }

    function test_proveHead_unknownSender_reverts() public {
        // A proof that there is no head proves none.
        _assertNoHead(
            stranger,
            remote.proveAt(stranger, 1, ""),
            abi.encodeWithSelector(StateProof.StateProof_SlotAbsent.selector, remote.headSlot(stranger))
        );
    }

    /// @dev No chain stores a zero. If validators colluded to show one, it would be nobody's head.
    function test_proveHead_zeroStored_reverts() public {
        _assertNoHead(
            tradeBook,
            remote.forge(tradeBook, 0, 1),
            abi.encodeWithSelector(StateProof.StateProof_ZeroStored.selector, remote.headSlot(tradeBook))
        );
    }

    function test_proveHead_absentGateway_reverts() public {
        HeadProof memory proof = remote.proveOf(stranger, tradeBook, 1);
        (proof.accountProof, proof.storageProof) = (TrieNodes.one(proof.accountProof[0]), new bytes[](0));
        _assertNoHead(
            tradeBook,
            proof,
            abi.encodeWithSelector(StateProof.StateProof_AccountAbsent.selector, remoteGateway)
        );
    }

    function test_proveHead_noQuorum_reverts() public {
        _send(1);
        HeadProof memory proof = remote.prove(tradeBook);
        proof.seal = remote.seal(remote.height(), keccak256(proof.header), 2);
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.proveHead, (tradeBook, proof)),
            abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 2, 3)
        );
    }

    // ---------------------------------------------------------------------------------------- proveEarlierHead

    function test_proveEarlierHead_backlog_succeeds() public {
        _send(50);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        // Backwards in steps: what was proven earlier proves what is earlier still.
        for (uint256 end = 50; end > 0; end -= 10) {
            bytes32[] memory hashes = remote.messageHashes(tradeBook, end - 10, end);
            bytes32 earlier = _headAfter(end - 10);
            vm.expectEmit(address(gateway));
            emit IGateway.HeadProven(tradeBook, earlier);
            vm.prank(stranger);
            gateway.proveEarlierHead(tradeBook, earlier, hashes);
            assertTrue(gateway.isProven(tradeBook, earlier));
        }
        for (uint256 first = 0; first < 50; first += 10) _deliverProven(first, first + 10);
        assertEq(inbox.count(), 50);
        for (uint256 i = 0; i < 50; ++i) assertEq(inbox.received(i).receiveId, _headAfter(i + 1));
    }

    function testFuzz_proveEarlierHead_cuts_succeeds(uint256 count, uint256 cut) public {
        count = bound(count, 2, 30);
        cut = bound(cut, 1, count - 1);
        _send(count);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        gateway.proveEarlierHead(tradeBook, _headAfter(cut), remote.messageHashes(tradeBook, cut, count));
        _deliverProven(0, cut);
        _deliverProven(cut, count);
        assertEq(inbox.count(), count);
    }

    function test_proveEarlierHead_nothingProven_reverts() public {
        _send(2);
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.proveEarlierHead, (tradeBook, _headAfter(1), remote.messageHashes(tradeBook, 1, 2))),
            abi.encodeWithSelector(IGateway.Gateway_HeadNotProven.selector, _headAfter(2))
        );
    }

    function testFuzz_proveEarlierHead_invented_reverts(bytes32 earlier, bytes32[] calldata hashes) public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        bytes32 later = earlier;
        for (uint256 i = 0; i < hashes.length; ++i) later = keccak256(abi.encode(later, hashes[i]));
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.proveEarlierHead, (tradeBook, earlier, hashes)),
            abi.encodeWithSelector(IGateway.Gateway_HeadNotProven.selector, later)
        );
    }

    function test_proveEarlierHead_hashMissing_reverts() public {
        _send(3);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.proveEarlierHead, (tradeBook, _headAfter(1), remote.messageHashes(tradeBook, 1, 2))),
            abi.encodeWithSelector(IGateway.Gateway_HeadNotProven.selector, _headAfter(2))
        );
    }

    // ------------------------------------------------------------------------------------------- deliverProven

    function test_deliverProven_toProvenHead_succeeds() public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        bytes32 from = _headAfter(0);
        bytes32 to = _headAfter(2);
        Message[] memory messages = _messages(0, 2);
        vm.expectEmit(address(gateway));
        emit IGateway.MessagesDelivered(tradeBook, from, to, 2);
        vm.prank(stranger);
        gateway.deliverProven(tradeBook, from, messages);
        assertEq(inbox.count(), 2);
        assertEq(gateway.cursor(tradeBook), to);
    }

    function test_deliverProven_notProven_reverts() public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        _assertReverts(
            address(gateway),
            _deliverProvenCall(0, 1),
            abi.encodeWithSelector(IGateway.Gateway_HeadNotProven.selector, _headAfter(1))
        );
    }

    function test_deliverProven_deliveredOnlyDoesNotProve_reverts() public {
        _send(1);
        _deliverFrom(0);
        assertFalse(gateway.isProven(tradeBook, _headAfter(1)));
    }

    function test_deliverProven_altered_reverts() public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        Message[] memory messages = _messages(0, 2);
        messages[1].payload = "pay me";
        bytes32 computed = keccak256(abi.encode(_headAfter(1), keccak256(abi.encodePacked(address(inbox), "pay me"))));
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.deliverProven, (tradeBook, _headAfter(0), messages)),
            abi.encodeWithSelector(IGateway.Gateway_HeadNotProven.selector, computed)
        );
    }

    function test_deliverProven_empty_reverts() public {
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        _assertReverts(
            address(gateway),
            _deliverProvenCall(0, 0),
            abi.encodeWithSelector(IGateway.Gateway_NoMessages.selector)
        );
    }

    function test_deliverProven_twice_reverts() public {
        _send(1);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        _deliverProven(0, 1);
        _assertReverts(
            address(gateway),
            _deliverProvenCall(0, 1),
            abi.encodeWithSelector(IGateway.Gateway_NotAtCursor.selector, _headAfter(1), _headAfter(0))
        );
        assertEq(inbox.count(), 1);
    }

    /// @dev The proven head is one of another sender: the same message there does not count here.
    function test_deliverProven_headOfOtherSender_reverts() public {
        remote.send(registry, address(inbox), "from the registry");
        gateway.proveHead(registry, remote.prove(registry));
        bytes32 from = remote.headAfter(registry, 0);
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.deliverProven, (tradeBook, from, remote.messages(registry, 0, 1))),
            abi.encodeWithSelector(IGateway.Gateway_NotAtCursor.selector, _headAfter(0), from)
        );
    }

    // ------------------------------------------------------------------------------------------ when it is off

    function test_proven_notLinked_reverts() public {
        _send(2);
        bytes[3] memory calls = _calls();
        gateway = _deployGateway();
        _assertAllRevert(calls, abi.encodeWithSelector(IGateway.Gateway_NotLinked.selector));
    }

    function test_proven_paused_reverts() public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        vm.prank(guardian);
        gateway.pause();
        _assertAllRevert(_calls(), abi.encodeWithSelector(IGateway.Gateway_Paused.selector, true));
    }

    function test_proven_frozen_reverts() public {
        _send(2);
        gateway.proveHead(tradeBook, remote.prove(tradeBook));
        _freeze();
        _assertAllRevert(_calls(), abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
    }

    /// @dev Heads shown under a client that was replaced show nothing, until the new one has shown them again.
    function test_proven_lightClientReplaced_succeeds() public {
        _send(2);
        HeadProof memory proof = remote.prove(tradeBook);
        gateway.proveHead(tradeBook, proof);
        _freeze();
        _replaceLightClient();

        assertFalse(gateway.isProven(tradeBook, _headAfter(2)));
        bytes memory notProven = abi.encodeWithSelector(IGateway.Gateway_HeadNotProven.selector, _headAfter(2));
        _assertReverts(address(gateway), _deliverProvenCall(0, 2), notProven);
        _assertReverts(
            address(gateway),
            abi.encodeCall(Gateway.proveEarlierHead, (tradeBook, _headAfter(1), remote.messageHashes(tradeBook, 1, 2))),
            notProven
        );

        gateway.proveHead(tradeBook, proof);
        _deliverProven(0, 2);
        assertEq(inbox.count(), 2);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _deliverProven(uint256 first, uint256 end) private {
        gateway.deliverProven(tradeBook, _headAfter(first), _messages(first, end));
    }

    /// @dev Every call that is open to anyone, valid while the lane is on and two messages are sent and proven.
    function _calls() private returns (bytes[3] memory) {
        return
            [
                abi.encodeCall(Gateway.proveHead, (tradeBook, remote.prove(tradeBook))),
                abi.encodeCall(
                    Gateway.proveEarlierHead,
                    (tradeBook, _headAfter(1), remote.messageHashes(tradeBook, 1, 2))
                ),
                _deliverProvenCall(0, 2)
            ];
    }

    function _assertAllRevert(bytes[3] memory calls, bytes memory expected) private {
        for (uint256 i = 0; i < calls.length; ++i) _assertReverts(address(gateway), calls[i], expected);
        assertEq(inbox.count(), 0);
    }

    /// @dev Neither remembered nor delivered to.
    function _assertNoHead(address sender, HeadProof memory proof, bytes memory expected) private {
        _assertReverts(address(gateway), abi.encodeCall(Gateway.proveHead, (sender, proof)), expected);
        bytes32 from = gateway.cursor(sender);
        Message[] memory messages = new Message[](1);
        messages[0] = Message(address(inbox), "");
        _assertReverts(address(gateway), abi.encodeCall(Gateway.deliver, (sender, from, messages, proof)), expected);
        assertFalse(gateway.isProven(tradeBook, 0));
        assertEq(gateway.cursor(sender), from);
        assertEq(inbox.count(), 0);
    }
}
