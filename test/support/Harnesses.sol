// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";

import {BlockHeaders} from "../../contracts/bridge/BlockHeaders.sol";
import {Counterpart} from "../../contracts/bridge/Counterpart.sol";
import {BlockSummary} from "../../contracts/bridge/IHeaderVerifier.sol";
import {MessageChain} from "../../contracts/bridge/MessageChain.sol";
import {StateProof} from "../../contracts/bridge/StateProof.sol";
import {TrieWalk} from "../../contracts/bridge/TrieWalk.sol";

/// @notice An internal library of the bridge, callable from outside.
contract BlockHeadersHarness {
    function read(bytes calldata header) external pure returns (BlockSummary memory, bytes memory extraData) {
        return BlockHeaders.read(header);
    }
}

contract MessageChainHarness {
    function genesis(uint256 chainId, address gateway, address sender) external pure returns (bytes32) {
        return MessageChain.genesis(chainId, gateway, sender);
    }

    function hash(address recipient, bytes calldata payload) external pure returns (bytes32) {
        return MessageChain.hash(recipient, payload);
    }

    function append(bytes32 head, bytes32 messageHash) external pure returns (bytes32) {
        return MessageChain.append(head, messageHash);
    }

    function fold(bytes32 head, bytes32[] calldata messageHashes) external pure returns (bytes32) {
        return MessageChain.fold(head, messageHashes);
    }

    function headSlot(address sender) external pure returns (bytes32) {
        return MessageChain.headSlot(sender);
    }
}

contract StateProofHarness {
    function slotValue(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external pure returns (bytes32) {
        return StateProof.slotValue(stateRoot, account, slot, accountProof, storageProof);
    }

    function slotValueOrZero(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external pure returns (bytes32) {
        return StateProof.slotValueOrZero(stateRoot, account, slot, accountProof, storageProof);
    }
}

contract TrieWalkHarness {
    function find(bytes32 root, bytes32 path, bytes[] calldata proof) external pure returns (bytes memory) {
        return TrieWalk.find(root, path, proof);
    }
}

/// @notice The smallest contract that has a counterpart.
contract CounterpartHarness is Counterpart {
    uint256 public processed;
    bytes public lastPayload;

    constructor(
        address initialAuthority,
        uint256 otherChainId
    ) AccessManaged(initialAuthority) CrosschainLinked(new Link[](0)) Counterpart(otherChainId) {}

    function send(bytes calldata payload) external {
        _send(payload);
    }

    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal override {
        ++processed;
        lastPayload = payload;
    }
}
