// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {Gateway} from "../../../contracts/bridge/Gateway.sol";
import {IGateway} from "../../../contracts/bridge/IGateway.sol";
import {MessageChain} from "../../../contracts/bridge/MessageChain.sol";
import {MessageChainHarness} from "../../support/Harnesses.sol";
import {Vm, vm} from "../../support/Test.sol";
import {BridgeTest} from "./BridgeTest.sol";

contract MessageLogTest is BridgeTest {
    address internal settlement = makeAddr("settlement");
    address internal recipient = makeAddr("recipient");

    MessageChainHarness internal chain;

    function setUp() public override {
        super.setUp();
        chain = new MessageChainHarness();
        vm.prank(operator);
        gateway.openLog(settlement);
    }

    // -------------------------------------------------------------------------------------------------- openLog

    function test_openLog_byOperator_succeeds() public {
        bytes32 genesis = chain.genesis(block.chainid, address(gateway), address(this));
        assertEq(gateway.headOf(address(this)), 0);
        vm.expectEmit(address(gateway));
        emit IGateway.LogOpened(address(this), genesis);
        vm.prank(operator);
        gateway.openLog(address(this));
        assertEq(gateway.headOf(address(this)), genesis);
        assertEq(vm.load(address(gateway), chain.headSlot(address(this))), genesis);
    }

    function test_openLog_twice_reverts() public {
        _assertRevertsFrom(
            operator,
            address(gateway),
            abi.encodeCall(Gateway.openLog, (settlement)),
            abi.encodeWithSelector(IGateway.Gateway_LogAlreadyOpen.selector, settlement)
        );
    }

    function test_openLog_afterSending_reverts() public {
        _sendFromSettlement(gateway, "payload");
        _assertRevertsFrom(
            operator,
            address(gateway),
            abi.encodeCall(Gateway.openLog, (settlement)),
            abi.encodeWithSelector(IGateway.Gateway_LogAlreadyOpen.selector, settlement)
        );
    }

    // ---------------------------------------------------------------------------------------------- sendMessage

    function test_sendMessage_payloadLengths_succeeds() public {
        uint16[7] memory lengths = [0, 1, 31, 32, 33, 128, 1_000];
        for (uint256 i = 0; i < lengths.length; ++i) _assertSends(gateway, REMOTE_CHAIN_ID, _noise(lengths[i]));
    }

    function test_sendMessage_longestPayload_succeeds() public {
        _assertSends(gateway, REMOTE_CHAIN_ID, _noise(16_383));
    }

    function test_sendMessage_payloadTooLong_reverts() public {
        bytes memory to = InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient);
        _assertRevertsFrom(
            settlement,
            address(gateway),
            abi.encodeCall(IERC7786GatewaySource.sendMessage, (to, _noise(16_384), new bytes[](0))),
            abi.encodeWithSelector(IGateway.Gateway_PayloadTooLong.selector, 16_384)
        );
    }

    function testFuzz_sendMessage_anyPayload_succeeds(bytes calldata payload) public {
        _assertSends(gateway, REMOTE_CHAIN_ID, payload);
    }

    function test_sendMessage_emit_succeeds() public {
        bytes32 head = gateway.headOf(settlement);
        bytes32 sendId = chain.append(head, chain.hash(recipient, "payload"));
        vm.expectEmit(address(gateway));
        emit IERC7786GatewaySource.MessageSent(
            sendId,
            InteroperableAddress.formatEvmV1(block.chainid, settlement),
            InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient),
            "payload",
            0,
            new bytes[](0)
        );
        assertEq(_sendFromSettlement(gateway, "payload"), sendId);
    }

    function test_sendMessage_sendersApart_succeeds() public {
        vm.prank(operator);
        gateway.openLog(address(this));
        bytes32 head = gateway.headOf(address(this));
        _sendFromSettlement(gateway, "payload");
        assertEq(gateway.headOf(address(this)), head);
    }

    function test_sendMessage_unlinkedAndPaused_succeeds() public {
        vm.prank(guardian);
        gateway.pause();
        _assertSends(gateway, REMOTE_CHAIN_ID, "payload");

        Gateway unlinked = _deployGateway();
        vm.prank(operator);
        unlinked.openLog(settlement);
        _assertSends(unlinked, REMOTE_CHAIN_ID, "payload");
    }

    /// @dev An ERC-7930 address is shorter the shorter its chain id is.
    function test_sendMessage_chainIdsOfAnySize_succeeds() public {
        uint48[6] memory ids = [1, 255, 256, 31_337, 1 << 40, type(uint48).max];
        for (uint256 i = 0; i < ids.length; ++i) {
            for (uint256 j = 0; j < ids.length; ++j) _assertSendsBetween(ids[i], ids[j]);
        }
    }

    function testFuzz_sendMessage_anyChainIds_succeeds(uint48 local, uint48 other) public {
        _assertSendsBetween(local, other);
    }

    /// @dev Callers other than solc may put the payload right behind the recipient.
    function test_sendMessage_packedCalldata_succeeds() public {
        bytes memory interoperable = InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient);
        bytes32 head = gateway.headOf(settlement);
        bytes memory data = bytes.concat(
            IERC7786GatewaySource.sendMessage.selector,
            abi.encode(0x60, 0x80 + interoperable.length, 0x80 + interoperable.length + 0x20 + 7),
            abi.encode(interoperable.length),
            interoperable,
            abi.encode(7),
            "payload",
            abi.encode(0)
        );
        vm.recordLogs();
        vm.prank(settlement);
        (bool success, bytes memory returned) = address(gateway).call(data);
        assertTrue(success);
        bytes32 sendId = chain.append(head, chain.hash(recipient, "payload"));
        assertEq(abi.decode(returned, (bytes32)), sendId);
        assertEq(
            vm.getRecordedLogs()[0].data,
            abi.encode(
                InteroperableAddress.formatEvmV1(block.chainid, settlement),
                interoperable,
                "payload",
                0,
                new bytes[](0)
            )
        );
    }

    function test_sendMessage_unknownSender_reverts() public {
        _assertRevertsFrom(
            stranger,
            address(gateway),
            _call(InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient), new bytes[](0)),
            abi.encodeWithSelector(IGateway.Gateway_UnknownSender.selector, stranger)
        );
    }

    function test_sendMessage_value_reverts() public {
        bytes memory data = _call(InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient), new bytes[](0));
        vm.deal(settlement, 1 ether);
        vm.prank(settlement);
        (bool success, bytes memory returned) = address(gateway).call{value: 5}(data);
        assertFalse(success);
        assertEq(returned, abi.encodeWithSelector(IGateway.Gateway_ValueNotSupported.selector, 5));
    }

    function test_sendMessage_attributes_reverts() public {
        bytes[] memory attributes = new bytes[](2);
        attributes[0] = abi.encodeWithSelector(0x12345678, 1);
        _assertRevertsFrom(
            settlement,
            address(gateway),
            _call(InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient), attributes),
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, bytes4(0x12345678))
        );
        attributes[0] = hex"12";
        _assertRevertsFrom(
            settlement,
            address(gateway),
            _call(InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient), attributes),
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, bytes4(0x12000000))
        );
    }

    function test_sendMessage_malformedRecipient_reverts() public {
        bytes memory valid = InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient);
        bytes[11] memory recipients = [
            bytes(""),
            abi.encodePacked(recipient),
            abi.encode(recipient),
            InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID),
            InteroperableAddress.formatEvmV1(recipient),
            InteroperableAddress.formatEvmV1(block.chainid, recipient),
            InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID << 8, recipient),
            InteroperableAddress.formatEvmV1(type(uint256).max, recipient),
            bytes.concat(valid, hex"00"),
            // The chain id with a leading zero.
            abi.encodePacked(hex"0001000003", uint24(REMOTE_CHAIN_ID), uint8(20), recipient),
            // No EVM chain.
            abi.encodePacked(hex"0001000202", uint16(REMOTE_CHAIN_ID), uint8(20), recipient)
        ];
        for (uint256 i = 0; i < recipients.length; ++i) _assertRecipientRefused(recipients[i]);
    }

    function testFuzz_sendMessage_recipientCut_reverts(uint256 length) public {
        bytes memory valid = InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient);
        bytes memory cut = new bytes(bound(length, 0, valid.length - 1));
        for (uint256 i = 0; i < cut.length; ++i) cut[i] = valid[i];
        _assertRecipientRefused(cut);
    }

    function testFuzz_sendMessage_recipientLonger_reverts(bytes calldata tail) public {
        vm.assume(tail.length > 0);
        _assertRecipientRefused(bytes.concat(InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient), tail));
    }

    function testFuzz_sendMessage_recipientOnOtherChain_reverts(uint256 chainId) public {
        vm.assume(chainId != REMOTE_CHAIN_ID);
        _assertRecipientRefused(InteroperableAddress.formatEvmV1(chainId, recipient));
    }

    function testFuzz_sendMessage_recipientPrefixBitFlipped_reverts(uint256 bit) public {
        bytes memory flipped = InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient);
        bit = bound(bit, 0, (flipped.length - 20) * 8 - 1);
        flipped[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        _assertRecipientRefused(flipped);
    }

    // ---------------------------------------------------------------------------------------------- constructor

    function test_constructor_remoteChainIdTooLarge_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_ChainIdTooLarge.selector, 1 << 48));
        new Gateway(address(authority), 1 << 48, MESSAGE_GAS);
    }

    function test_constructor_localChainIdTooLarge_reverts() public {
        vm.chainId(1 << 48);
        vm.expectRevert(abi.encodeWithSelector(IGateway.Gateway_ChainIdTooLarge.selector, 1 << 48));
        new Gateway(address(authority), REMOTE_CHAIN_ID, MESSAGE_GAS);
    }

    function test_supportsAttribute_any_succeeds() public view {
        assertFalse(gateway.supportsAttribute(bytes4(0)));
        assertFalse(gateway.supportsAttribute(0x12345678));
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _call(bytes memory to, bytes[] memory attributes) private pure returns (bytes memory) {
        return abi.encodeCall(IERC7786GatewaySource.sendMessage, (to, "payload", attributes));
    }

    function _sendFromSettlement(Gateway from, bytes memory payload) private returns (bytes32) {
        vm.prank(settlement);
        return from.sendMessage(InteroperableAddress.formatEvmV1(REMOTE_CHAIN_ID, recipient), payload, new bytes[](0));
    }

    function _assertSendsBetween(uint256 local, uint256 other) private {
        vm.chainId(local);
        Gateway deployed = new Gateway(address(authority), other, MESSAGE_GAS);
        _restrict(address(deployed), Gateway.openLog.selector, OPERATOR);
        vm.prank(operator);
        deployed.openLog(settlement);
        _assertSends(deployed, other, "payload");
    }

    /// @dev Head, storage slot and every byte of the event are what ERC-7786 and the ABI say.
    function _assertSends(Gateway from, uint256 to, bytes memory payload) private {
        bytes32 head = from.headOf(settlement);
        bytes memory recipient7930 = InteroperableAddress.formatEvmV1(to, recipient);
        vm.recordLogs();
        vm.prank(settlement);
        bytes32 sendId = from.sendMessage(recipient7930, payload, new bytes[](0));

        assertEq(sendId, chain.append(head, chain.hash(recipient, payload)));
        assertEq(from.headOf(settlement), sendId);
        assertEq(vm.load(address(from), MessageChain.headSlot(settlement)), sendId);

        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1);
        assertEq(logs[0].topics.length, 2);
        assertEq(logs[0].topics[0], IERC7786GatewaySource.MessageSent.selector);
        assertEq(logs[0].topics[1], sendId);
        assertEq(
            logs[0].data,
            abi.encode(
                InteroperableAddress.formatEvmV1(block.chainid, settlement),
                recipient7930,
                payload,
                0,
                new bytes[](0)
            )
        );
    }

    function _assertRecipientRefused(bytes memory to) private {
        _assertRevertsFrom(
            settlement,
            address(gateway),
            _call(to, new bytes[](0)),
            abi.encodeWithSelector(IGateway.Gateway_UnsupportedRecipient.selector, to)
        );
    }

    /// @dev No byte is zero, so that padding shows.
    function _noise(uint256 length) private pure returns (bytes memory noise) {
        noise = new bytes(length);
        for (uint256 i = 0; i < length; ++i) noise[i] = bytes1(uint8(1 + (i % 255)));
    }
}
