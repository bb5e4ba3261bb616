// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Gateway} from "../../contracts/bridge/Gateway.sol";
import {HeadProof, IGateway} from "../../contracts/bridge/IGateway.sol";
import {ILightClient} from "../../contracts/bridge/ILightClient.sol";
import {LightClient} from "../../contracts/bridge/LightClient.sol";
import {Message} from "../../contracts/bridge/MessageChain.sol";
import {RemoteChain} from "../support/RemoteChain.sol";
import {Test, vm} from "../support/Test.sol";

/// @notice Executes messages unless it is told to fail, and reports to the handler what it executed.
contract ReportingRecipient is IERC7786Recipient {
    DeliveryHandler private immutable _handler;
    bool public faulty;

    constructor(bool faulty_) {
        _handler = DeliveryHandler(msg.sender);
        faulty = faulty_;
    }

    function setFaulty(bool faulty_) external {
        faulty = faulty_;
    }

    function receiveMessage(bytes32 receiveId, bytes calldata, bytes calldata) external payable returns (bytes4) {
        require(!faulty, "faulty");
        _handler.report(receiveId);
        return IERC7786Recipient.receiveMessage.selector;
    }
}

/// @notice Relayers good and bad, recipients good and bad, validators that contradict themselves. Every action checks
/// at once what it alone can know, above all that what must be refused is refused with the right error.
contract DeliveryHandler is Test {
    uint256 public constant SENDERS = 3;

    Gateway private _gateway;
    RemoteChain private _remote;
    AccessManager private _authority;
    address private _guardian;
    address private _operator;
    address private _validatorAdmin;

    address[SENDERS] public senders;
    address[3] private _recipients;
    /// @notice How many messages of a sender were handed over, counted by who handed them over.
    mapping(address sender => uint256) public delivered;
    mapping(bytes32 id => uint256) public executionsOf;
    mapping(string action => uint256) public count;

    bytes32[] private _reported;

    constructor(
        Gateway gateway,
        RemoteChain remote,
        AccessManager authority,
        address guardian,
        address operator,
        address validatorAdmin
    ) {
        (_gateway, _remote, _authority) = (gateway, remote, authority);
        (_guardian, _operator, _validatorAdmin) = (guardian, operator, validatorAdmin);
        for (uint256 i = 0; i < SENDERS; ++i) {
            senders[i] = makeAddr(string.concat("sender ", vm.toString(i)));
            remote.openLog(senders[i]);
        }
        _recipients[0] = address(new ReportingRecipient(false));
        _recipients[1] = address(new ReportingRecipient(true));
        _recipients[2] = makeAddr("no code");
    }

    function report(bytes32 id) external {
        ++executionsOf[id];
        _reported.push(id);
    }

    // ------------------------------------------------------------------------------------------------- sending

    function send(uint256 senderSeed, uint256 recipientSeed, bytes calldata payload) external {
        _remote.send(_sender(senderSeed), _recipients[recipientSeed % 3], payload);
        ++count["sent"];
    }

    // ---------------------------------------------------------------------------------------------- delivering

    function deliver(uint256 senderSeed) external {
        address sender = _sender(senderSeed);
        (uint256 first, uint256 end) = _pending(sender);
        if (first == end) return;
        HeadProof memory proof = _remote.prove(sender);
        _gateway.deliver(sender, _gateway.cursor(sender), _remote.messages(sender, first, end), proof);
        _afterDelivery(sender, end);
        ++count["delivered"];
    }

    function deliverInParts(uint256 senderSeed, uint256 chunkSeed) external {
        address sender = _sender(senderSeed);
        (uint256 first, uint256 end) = _pending(sender);
        if (first == end) return;
        uint256 chunk = bound(chunkSeed, 1, end - first);
        _gateway.proveHead(sender, _remote.prove(sender));
        for (uint256 to = end - chunk; to > first && to < end; to = to > chunk ? to - chunk : first) {
            _gateway.proveEarlierHead(sender, _remote.headAfter(sender, to), _remote.messageHashes(sender, to, end));
        }
        // Parts from the front have the length of the first one: what is left over by whole chunks from the end.
        for (uint256 to = first + ((end - first - 1) % chunk) + 1; to <= end; to += chunk) {
            _gateway.deliverProven(sender, _gateway.cursor(sender), _remote.messages(sender, first, to));
            _afterDelivery(sender, to);
            first = to;
        }
        ++count["delivered"];
        ++count["delivered in parts"];
    }

    /// @dev Each message that needs nothing is executed or the delivery reverts, whatever the gas limit is.
    function deliverWithLittleGas(uint256 senderSeed, uint256 gasSeed) external {
        address sender = _sender(senderSeed);
        (uint256 first, uint256 end) = _pending(sender);
        if (first == end) return;
        bytes memory data = _deliverCall(sender, _remote.messages(sender, first, end));
        (bool success, ) = address(_gateway).call{gas: bound(gasSeed, 100_000, 4_000_000)}(data);
        if (success) {
            _afterDelivery(sender, end);
            ++count["delivered"];
        } else {
            _afterRefusal(sender);
            ++count["little gas refused"];
        }
    }

    // ----------------------------------------------------------------------------------------------- attacking

    /// @dev Delivered messages again: from where they were, then from the cursor.
    function replay(uint256 senderSeed, uint256 fromSeed) external {
        address sender = _sender(senderSeed);
        if (delivered[sender] == 0) return;
        uint256 first = bound(fromSeed, 0, delivered[sender] - 1);
        bytes32 cursor = _gateway.cursor(sender);
        bytes32 from = _remote.headAfter(sender, first);
        Message[] memory messages = _remote.messages(sender, first, delivered[sender]);
        HeadProof memory proof = _remote.prove(sender);
        _assertRefused(
            sender,
            abi.encodeCall(Gateway.deliver, (sender, from, messages, proof)),
            abi.encodeWithSelector(IGateway.Gateway_NotAtCursor.selector, cursor, from)
        );
        _assertMismatch(sender, messages);
        ++count["replay refused"];
    }

    function reorder(uint256 senderSeed, uint256 oneSeed, uint256 otherSeed) external {
        (address sender, Message[] memory messages) = _pendingMessages(senderSeed);
        if (messages.length < 2) return;
        uint256 one = bound(oneSeed, 0, messages.length - 1);
        uint256 other = bound(otherSeed, 0, messages.length - 1);
        if (_hash(messages[one]) == _hash(messages[other])) return;
        (messages[one], messages[other]) = (messages[other], messages[one]);
        _assertMismatch(sender, messages);
        ++count["reordering refused"];
    }

    function drop(uint256 senderSeed, uint256 indexSeed) external {
        (address sender, Message[] memory messages) = _pendingMessages(senderSeed);
        if (messages.length < 2) return;
        Message[] memory fewer = new Message[](messages.length - 1);
        uint256 dropped = bound(indexSeed, 0, fewer.length);
        for (uint256 i = 0; i < fewer.length; ++i) fewer[i] = messages[i < dropped ? i : i + 1];
        _assertMismatch(sender, fewer);
        ++count["dropping refused"];
    }

    function tamper(uint256 senderSeed, uint256 indexSeed, uint256 bitSeed) external {
        (address sender, Message[] memory messages) = _pendingMessages(senderSeed);
        if (messages.length == 0) return;
        Message memory message = messages[bound(indexSeed, 0, messages.length - 1)];
        if (message.payload.length == 0) {
            message.recipient = _recipients[0] == message.recipient ? _recipients[1] : _recipients[0];
        } else {
            uint256 bit = bound(bitSeed, 0, message.payload.length * 8 - 1);
            message.payload[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        }
        _assertMismatch(sender, messages);
        ++count["tampering refused"];
    }

    /// @dev Validators seal two blocks of one height: nothing passes until there is a new light client.
    function equivocate(uint256 senderSeed) external {
        (address sender, Message[] memory messages) = _pendingMessages(senderSeed);
        ILightClient client = _gateway.lane().lightClient;
        HeadProof memory one = _remote.prove(sender);
        HeadProof memory other = _remote.proveAt(sender, _remote.height(), "other");
        client.update(one.header, one.seal);
        client.reportEquivocation(other.header, other.seal);

        bytes memory frozen = abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector);
        bytes32 cursor = _gateway.cursor(sender);
        _assertRefused(sender, abi.encodeCall(Gateway.deliver, (sender, cursor, messages, one)), frozen);
        _assertRefused(sender, abi.encodeCall(Gateway.deliverProven, (sender, cursor, messages)), frozen);
        _assertRefused(sender, abi.encodeCall(Gateway.proveHead, (sender, one)), frozen);
        ++count["refused while frozen"];

        LightClient next = new LightClient(client.verifier(), client.trustingPeriod(), client.maxClockDrift());
        bytes memory data = abi.encodeCall(Gateway.setLightClient, (next));
        vm.prank(_validatorAdmin);
        _authority.schedule(address(_gateway), data, 0);
        vm.warp(block.timestamp + 1 days);
        vm.prank(_validatorAdmin);
        _authority.execute(address(_gateway), data);
    }

    function pauseAndUnpause(uint256 senderSeed) external {
        (address sender, Message[] memory messages) = _pendingMessages(senderSeed);
        bytes memory data = _deliverCall(sender, messages);
        vm.prank(_guardian);
        _gateway.pause();
        _assertRefused(sender, data, abi.encodeWithSelector(IGateway.Gateway_Paused.selector, true));
        vm.prank(_operator);
        _gateway.unpause();
        ++count["refused while paused"];
    }

    // ------------------------------------------------------------------------------------------------ retrying

    function retry(uint256 senderSeed, uint256 indexSeed) external {
        address sender = _sender(senderSeed);
        if (delivered[sender] == 0) return;
        uint256 index = bound(indexSeed, 0, delivered[sender] - 1);
        Message memory message = _remote.message(sender, index);
        bytes32 id = _remote.headAfter(sender, index + 1);
        bool stored = _gateway.failed(id) != 0;
        bool faulty = message.recipient.code.length == 0 || ReportingRecipient(message.recipient).faulty();

        bytes memory data = abi.encodeCall(Gateway.retry, (id, sender, message));
        (bool success, bytes memory returned) = address(_gateway).call(data);
        assertEq(success, stored && !faulty, "only what is stored, and only when its recipient works");
        if (success) {
            assertEq(_reported.length, 1);
            assertEq(_reported[0], id);
            delete _reported;
            ++count["retried"];
        } else {
            assertTrue(
                bytes4(returned) ==
                    (stored ? IGateway.Gateway_RetryFailed.selector : IGateway.Gateway_NotFailed.selector)
            );
            _afterRefusal(sender);
            ++count["retry refused"];
        }
    }

    /// @dev The recipient that works fails from now on, and the other way round.
    function toggleFaults() external {
        for (uint256 i = 0; i < 2; ++i) {
            ReportingRecipient recipient = ReportingRecipient(_recipients[i]);
            recipient.setFaulty(!recipient.faulty());
        }
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _sender(uint256 seed) private view returns (address) {
        return senders[seed % SENDERS];
    }

    function _pending(address sender) private view returns (uint256 first, uint256 end) {
        return (delivered[sender], _remote.sent(sender));
    }

    function _pendingMessages(uint256 seed) private view returns (address sender, Message[] memory messages) {
        sender = _sender(seed);
        (uint256 first, uint256 end) = _pending(sender);
        messages = _remote.messages(sender, first, end);
    }

    function _deliverCall(address sender, Message[] memory messages) private returns (bytes memory) {
        return abi.encodeCall(Gateway.deliver, (sender, _gateway.cursor(sender), messages, _remote.prove(sender)));
    }

    function _hash(Message memory message) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(message.recipient, message.payload));
    }

    /// @dev What was executed is, in order, what was handed over and not stored as failed.
    function _afterDelivery(address sender, uint256 end) private {
        uint256 executed;
        for (uint256 k = delivered[sender] + 1; k <= end; ++k) {
            bytes32 id = _remote.headAfter(sender, k);
            if (_gateway.failed(id) == 0) {
                assertEq(_reported[executed++], id, "in order");
                continue;
            }
            address recipient = _remote.message(sender, k - 1).recipient;
            assertTrue(
                recipient.code.length == 0 || ReportingRecipient(recipient).faulty(),
                "only a recipient's own fault makes a message fail"
            );
            ++count["failed"];
        }
        assertEq(_reported.length, executed);
        delete _reported;
        delivered[sender] = end;
        assertEq(_gateway.cursor(sender), _remote.headAfter(sender, end));
    }

    function _afterRefusal(address sender) private view {
        assertEq(_reported.length, 0, "nothing is executed by what is refused");
        assertEq(_gateway.cursor(sender), _remote.headAfter(sender, delivered[sender]));
    }

    function _assertMismatch(address sender, Message[] memory messages) private {
        bytes32 computed = _gateway.cursor(sender);
        for (uint256 i = 0; i < messages.length; ++i) computed = keccak256(abi.encode(computed, _hash(messages[i])));
        _assertRefused(
            sender,
            _deliverCall(sender, messages),
            abi.encodeWithSelector(IGateway.Gateway_HeadMismatch.selector, computed, _remote.head(sender))
        );
    }

    function _assertRefused(address sender, bytes memory data, bytes memory expected) private {
        (bool success, bytes memory returned) = address(_gateway).call(data);
        assertFalse(success, "must be refused");
        assertEq(returned, expected);
        _afterRefusal(sender);
    }
}
