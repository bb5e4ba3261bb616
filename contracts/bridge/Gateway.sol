// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {HeadProof, IGateway, Lane} from "./IGateway.sol";
import {ILightClient} from "./ILightClient.sol";
import {Message, MessageChain} from "./MessageChain.sol";
import {MessageLog} from "./MessageLog.sol";
import {StateProof} from "./StateProof.sol";

/// @title Gateway
/// @notice Guarantees: of every sender, messages executed + messages stored as failed = messages sent up to the cursor,
/// in order, each exactly once; nothing is delivered that the other gateway did not log, nor through a frozen light
/// client. Trusts the light client for what happened on the other chain, and nobody for what is delivered.
/// A deliverer can stop, and that is all it can do: it chooses neither content nor order, and a message never
/// fails because of how little gas it gave.
contract Gateway is MessageLog, AccessManaged, ReentrancyGuardTransient {
    /// @dev What storing a failure and closing the batch can take beside the message itself.
    uint256 private constant GAS_RESERVE = 60_000;
    uint256 private constant MAX_REASON_LENGTH = 256;

    uint256 private immutable _messageGasLimit;

    address private _remoteGateway;
    bool private _paused;
    ILightClient private _lightClient;
    /// @inheritdoc IGateway
    mapping(bytes32 receiveId => bytes32 commitment) public failed;
    mapping(address sender => bytes32 head) private _cursors;
    mapping(ILightClient client => mapping(address sender => bytes32 head)) private _newest;
    mapping(ILightClient client => mapping(bytes32 head => bool)) private _proven;

    modifier live() {
        require(!_paused, Gateway_Paused(true));
        require(_remoteGateway != address(0), Gateway_NotLinked());
        require(!_lightClient.frozen(), ILightClient.LightClient_Frozen());
        _;
    }

    constructor(
        address initialAuthority,
        uint256 otherChainId,
        uint256 gasLimitPerMessage
    ) MessageLog(otherChainId) AccessManaged(initialAuthority) {
        _messageGasLimit = gasLimitPerMessage;
    }

    // ---------------------------------------------------------------------------------------------- delivering

    /// @inheritdoc IGateway
    function deliver(
        address sender,
        bytes32 from,
        Message[] calldata messages,
        HeadProof calldata proof
    ) external nonReentrant live {
        bytes32[] memory ids = _advance(sender, from, messages);
        bytes32 proven = _accept(sender, proof);
        bytes32 to = ids[ids.length - 1];
        require(to == proven, Gateway_HeadMismatch(to, proven));
        _execute(sender, ids, messages);
        emit MessagesDelivered(sender, from, to, messages.length);
    }

    /// @inheritdoc IGateway
    function deliverProven(address sender, bytes32 from, Message[] calldata messages) external nonReentrant live {
        bytes32[] memory ids = _advance(sender, from, messages);
        bytes32 to = ids[ids.length - 1];
        require(isProven(sender, to), Gateway_HeadNotProven(to));
        _execute(sender, ids, messages);
        emit MessagesDelivered(sender, from, to, messages.length);
    }

    /// @inheritdoc IGateway
    function proveHead(address sender, HeadProof calldata proof) external live returns (bytes32 head) {
        head = _accept(sender, proof);
        _show(sender, head);
    }

    /// @inheritdoc IGateway
    function proveEarlierHead(address sender, bytes32 earlier, bytes32[] calldata messageHashes) external live {
        bytes32 later = MessageChain.fold(earlier, messageHashes);
        require(isProven(sender, later), Gateway_HeadNotProven(later));
        _proven[_lightClient][earlier] = true;
        emit HeadProven(sender, earlier);
    }

    /// @inheritdoc IGateway
    function retry(bytes32 receiveId, address sender, Message calldata message) external nonReentrant live {
        require(failed[receiveId] == _commitment(sender, message), Gateway_NotFailed(receiveId));
        delete failed[receiveId];
        emit MessageRetried(receiveId);
        bytes memory data = _encode(receiveId, _remoteAddress(sender), message);
        if (!_call(gasleft(), message.recipient, data)) {
            revert Gateway_RetryFailed(receiveId, _reason());
        }
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IGateway
    function link(address remote, ILightClient client) external restricted {
        require(_remoteGateway == address(0), Gateway_AlreadyLinked(_remoteGateway));
        require(remote != address(0), Gateway_NotLinked());
        _checkChain(client);
        _remoteGateway = remote;
        _lightClient = client;
        emit Linked(remote, client);
    }

    /// @inheritdoc IGateway
    function setLightClient(ILightClient client) external restricted {
        require(_remoteGateway != address(0), Gateway_NotLinked());
        _checkChain(client);
        _lightClient = client;
        emit LightClientChanged(client);
    }

    /// @inheritdoc IGateway
    function openLog(address sender) external restricted {
        _openLog(sender);
    }

    /// @inheritdoc IGateway
    function pause() external restricted {
        _setPaused(true);
        emit LanePaused(msg.sender);
    }

    /// @inheritdoc IGateway
    function unpause() external restricted {
        _setPaused(false);
        emit LaneUnpaused(msg.sender);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IGateway
    function cursor(address sender) public view returns (bytes32 head) {
        head = _cursors[sender];
        if (head == 0) head = MessageChain.genesis(_remoteChainId, _remoteGateway, sender);
    }

    /// @inheritdoc IGateway
    function isProven(address sender, bytes32 head) public view returns (bool) {
        return head != 0 && (_newest[_lightClient][sender] == head || _proven[_lightClient][head]);
    }

    /// @inheritdoc IGateway
    function lane() external view returns (Lane memory) {
        return
            Lane({
                chainId: _remoteChainId,
                gateway: _remoteGateway,
                lightClient: _lightClient,
                messageGasLimit: _messageGasLimit,
                paused: _paused
            });
    }

    // ------------------------------------------------------------------------------------------------ internal

    /// @dev The cursor moves before anything is executed. Returns the id of every message.
    function _advance(
        address sender,
        bytes32 from,
        Message[] calldata messages
    ) private returns (bytes32[] memory ids) {
        bytes32 head = cursor(sender);
        require(head == from, Gateway_NotAtCursor(head, from));
        require(messages.length > 0, Gateway_NoMessages());
        ids = new bytes32[](messages.length);
        for (uint256 i = 0; i < messages.length; ++i) {
            head = MessageChain.append(head, MessageChain.hash(messages[i].recipient, messages[i].payload));
            ids[i] = head;
        }
        _cursors[sender] = head;
    }

    function _accept(address sender, HeadProof calldata proof) private returns (bytes32) {
        return
            StateProof.slotValue(
                _lightClient.update(proof.header, proof.seal).stateRoot,
                _remoteGateway,
                MessageChain.headSlot(sender),
                proof.accountProof,
                proof.storageProof
            );
    }

    /// @dev A head up to which everything is delivered makes room for the next, so that showing one writes no new slot.
    /// One that still waits stays proven.
    function _show(address sender, bytes32 head) private {
        bytes32 former = _newest[_lightClient][sender];
        if (former != head) {
            if (former != 0 && former != cursor(sender)) _proven[_lightClient][former] = true;
            _newest[_lightClient][sender] = head;
        }
        emit HeadProven(sender, head);
    }

    function _execute(address sender, bytes32[] memory ids, Message[] calldata messages) private {
        bytes memory remoteSender = _remoteAddress(sender);
        // A call forwards 63/64 of what is left, so this much must be left for it to forward the whole limit.
        uint256 required = _messageGasLimit + _messageGasLimit / 63 + GAS_RESERVE;
        Memory.Pointer free = Memory.getFreeMemoryPointer();
        for (uint256 i = 0; i < ids.length; ++i) {
            bytes memory data = _encode(ids[i], remoteSender, messages[i]);
            // Not before the payload is copied, because a long one costs more than the reserve.
            require(gasleft() >= required, Gateway_InsufficientGas(gasleft(), required));
            if (!_call(_messageGasLimit, messages[i].recipient, data)) {
                failed[ids[i]] = _commitment(sender, messages[i]);
                emit MessageFailed(ids[i], sender, messages[i].recipient, _reason());
            }
            // Nothing allocated in this turn outlives it.
            Memory.unsafeSetFreeMemoryPointer(free);
        }
    }

    function _encode(
        bytes32 receiveId,
        bytes memory sender,
        Message calldata message
    ) private pure returns (bytes memory) {
        return abi.encodeCall(IERC7786Recipient.receiveMessage, (receiveId, sender, message.payload));
    }

    /// @dev Copies one word of what the recipient returns and no more, so that it cannot make the deliverer pay for
    /// memory. A recipient without code returns nothing and so has failed.
    function _call(uint256 gasLimit, address recipient, bytes memory data) private returns (bool success) {
        bytes32 returned;
        assembly ("memory-safe") {
            success := call(gasLimit, recipient, 0, add(data, 0x20), mload(data), 0x00, 0x20)
            success := and(success, gt(returndatasize(), 0x1f))
            returned := mload(0x00)
        }
        return success && returned == bytes32(IERC7786Recipient.receiveMessage.selector);
    }

    /// @dev The beginning of what the last call returned.
    function _reason() private pure returns (bytes memory reason) {
        assembly ("memory-safe") {
            let length := returndatasize()
            if gt(length, MAX_REASON_LENGTH) {
                length := MAX_REASON_LENGTH
            }
            reason := mload(0x40)
            mstore(0x40, add(reason, add(0x20, MAX_REASON_LENGTH)))
            mstore(reason, length)
            returndatacopy(add(reason, 0x20), 0, length)
        }
    }

    function _commitment(address sender, Message calldata message) private pure returns (bytes32) {
        return keccak256(abi.encode(sender, MessageChain.hash(message.recipient, message.payload)));
    }

    function _setPaused(bool value) private {
        require(_paused != value, Gateway_Paused(value));
        _paused = value;
    }

    function _checkChain(ILightClient client) private view {
        uint256 followed = client.verifier().chainId();
        require(followed == _remoteChainId, Gateway_WrongChain(_remoteChainId, followed));
    }
}
