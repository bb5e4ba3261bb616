// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {IGateway} from "./IGateway.sol";
import {MessageChain} from "./MessageChain.sol";

/// @title The sending half of a gateway
/// @notice One storage write a message. The slot that holds a sender's head is also its permission: zero means that it
/// may not send. The mapping is the first state variable of every gateway, so it lies in `MessageChain.HEADS_SLOT`.
/// @dev Chain ids are below 2^48, so that an ERC-7930 address is at most 32 bytes long: prefix (6 bytes and the chain
/// id in its shortest form), then the account. Such an address is handled as one left-aligned word.
abstract contract MessageLog is IGateway {
    /// @dev A struct of one slot, so that its place is hashed once a message.
    struct Log {
        bytes32 head;
    }

    /// @dev Payloads are shorter than 2^14 bytes. Logging a byte costs 8 gas and a copy, delivering it up to 40
    /// (EIP-7623): without a bound, one message that fits into a block here fits into none at the other end, and
    /// nothing after it could ever be delivered.
    uint256 private constant PAYLOAD_LENGTH_BITS = 14;

    mapping(address sender => Log) private _logs;

    uint256 internal immutable _remoteChainId;

    /// @dev What comes before the account, left-aligned here and right-aligned there; how many bytes the whole address
    /// has; how many bits follow it in its word.
    uint256 private immutable _localPrefix;
    uint256 private immutable _localLength;
    uint256 private immutable _localShift;
    uint256 private immutable _remotePrefix;
    uint256 private immutable _remoteLength;
    uint256 private immutable _remoteShift;

    constructor(uint256 otherChainId) {
        _remoteChainId = otherChainId;
        (uint256 localPrefix, uint256 localLength, uint256 localShift) = _layout(block.chainid);
        (_localPrefix, _localLength, _localShift) = ((localPrefix << 160) << localShift, localLength, localShift);
        (_remotePrefix, _remoteLength, _remoteShift) = _layout(otherChainId);
    }

    // ------------------------------------------------------------------------------------------------- sending

    /// @inheritdoc IERC7786GatewaySource
    function sendMessage(
        bytes calldata recipient,
        bytes calldata payload,
        bytes[] calldata attributes
    ) external payable returns (bytes32 sendId) {
        uint256 aligned = _align(recipient);
        // One branch for all that should not be; which it was is found out afterwards.
        uint256 wrong =
            msg.value |
                attributes.length |
                (payload.length >> PAYLOAD_LENGTH_BITS) |
                (recipient.length ^ _remoteLength) |
                ((aligned >> 160) ^ _remotePrefix);
        if (wrong != 0) _refuse(recipient, payload, attributes);

        Log storage log = _logs[msg.sender];
        bytes32 head = log.head;
        require(head != 0, Gateway_UnknownSender(msg.sender));
        return _append(log, head, aligned, payload);
    }

    /// @inheritdoc IERC7786GatewaySource
    function supportsAttribute(bytes4) external pure returns (bool) {
        return false;
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IGateway
    function headOf(address sender) external view returns (bytes32) {
        return _logs[sender].head;
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _openLog(address sender) internal {
        require(_logs[sender].head == 0, Gateway_LogAlreadyOpen(sender));
        bytes32 genesis = MessageChain.genesis(block.chainid, address(this), sender);
        _logs[sender].head = genesis;
        emit LogOpened(sender, genesis);
    }

    /// @dev ERC-7930 address of an account at the other end.
    function _remoteAddress(address account) internal view returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(_remoteChainId, account);
    }

    function _refuse(bytes calldata recipient, bytes calldata payload, bytes[] calldata attributes) private view {
        require(msg.value == 0, Gateway_ValueNotSupported(msg.value));
        if (attributes.length != 0) revert UnsupportedAttribute(bytes4(attributes[0]));
        require(payload.length >> PAYLOAD_LENGTH_BITS == 0, Gateway_PayloadTooLong(payload.length));
        revert Gateway_UnsupportedRecipient(recipient);
    }

    /// @dev An ERC-7930 address as a right-aligned word, without what may follow it.
    function _align(bytes calldata recipient) private view returns (uint256 aligned) {
        uint256 shift = _remoteShift;
        assembly ("memory-safe") {
            aligned := shr(shift, calldataload(recipient.offset))
        }
    }

    /// @dev `log.head = MessageChain.append(head, MessageChain.hash(account, payload))` and
    /// `emit MessageSent(sendId, sender, recipient, payload, 0, [])`, written by hand because they are most of what
    /// sending costs beside storage. The event's data: offsets of sender, recipient and payload, value, offset of the
    /// attributes; sender and recipient with a length and one word each; payload; no attributes. The payload is copied
    /// once, with the account right before it to be hashed; the length takes the account's place afterwards.
    function _append(
        Log storage log,
        bytes32 head,
        uint256 aligned,
        bytes calldata payload
    ) private returns (bytes32 sendId) {
        bytes32 topic = MessageSent.selector;
        uint256 recipient = aligned << _remoteShift;
        uint256 sender = _localPrefix | (uint256(uint160(msg.sender)) << _localShift);
        uint256 senderLength = _localLength;
        uint256 recipientLength = _remoteLength;
        assembly ("memory-safe") {
            let data := mload(0x40)
            let attributesOffset := add(0x140, and(add(payload.length, 0x1f), not(0x1f)))
            let attributes := add(data, attributesOffset)
            let content := add(data, 0x140)

            mstore(sub(attributes, 0x20), 0) // what pads the payload
            mstore(sub(content, 0x20), aligned) // of which the last 20 bytes are the account
            calldatacopy(content, payload.offset, payload.length)
            mstore(0x00, head)
            mstore(0x20, keccak256(sub(content, 20), add(payload.length, 20)))
            sendId := keccak256(0x00, 0x40)
            sstore(log.slot, sendId)

            mstore(data, 0xa0)
            mstore(add(data, 0x20), 0xe0)
            mstore(add(data, 0x40), 0x120)
            mstore(add(data, 0x60), 0)
            mstore(add(data, 0x80), attributesOffset)
            mstore(add(data, 0xa0), senderLength)
            mstore(add(data, 0xc0), sender)
            mstore(add(data, 0xe0), recipientLength)
            mstore(add(data, 0x100), recipient)
            mstore(add(data, 0x120), payload.length)
            mstore(attributes, 0)
            log2(data, add(attributesOffset, 0x20), topic, sendId)
        }
    }

    function _layout(uint256 chainId) private pure returns (uint256 prefix, uint256 length, uint256 shift) {
        require(chainId < 1 << 48, Gateway_ChainIdTooLarge(chainId));
        bytes memory zero = InteroperableAddress.formatEvmV1(chainId, address(0));
        length = zero.length;
        shift = 256 - 8 * length; // length is at most 6 + 6 + 20 = 32
        prefix = uint256(bytes32(zero)) >> (shift + 160);
    }
}
