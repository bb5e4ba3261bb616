// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";

import {StateProof} from "../../contracts/bridge/StateProof.sol";
import {TrieWalk} from "../../contracts/bridge/TrieWalk.sol";

/// @title The bridge's trie walker beside OpenZeppelin's TrieProof
/// @notice Both answer the same questions, so that their verdicts and their cost can be compared.
contract TrieBench {
    using RLP for *;

    struct Answer {
        bool success;
        bytes returned;
    }

    /// @notice Puts every question to both. A question is the ABI encoding of root, path and proof.
    function compare(
        bytes[] calldata questions
    ) external view returns (Answer[] memory walked, Answer[] memory traversed) {
        walked = new Answer[](questions.length);
        traversed = new Answer[](questions.length);
        for (uint256 i = 0; i < questions.length; ++i) {
            walked[i] = _ask(this.walk.selector, questions[i]);
            traversed[i] = _ask(this.traverse.selector, questions[i]);
        }
    }

    function walk(bytes32 root, bytes32 path, bytes[] calldata proof) external pure returns (bytes memory) {
        return TrieWalk.find(root, path, proof);
    }

    function traverse(bytes32 root, bytes32 path, bytes[] calldata proof) external pure returns (bytes memory) {
        return TrieProof.traverse(root, abi.encode(path), proof);
    }

    /// @notice Gas of reading a slot by both proofs, without that of a transaction and its calldata.
    function cost(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external view returns (uint256 walked, uint256 traversed) {
        uint256 before = gasleft();
        bytes32 first = StateProof.slotValue(stateRoot, account, slot, accountProof, storageProof);
        walked = before - gasleft();

        before = gasleft();
        bytes32 second = _slotValueByTrieProof(stateRoot, account, slot, accountProof, storageProof);
        traversed = before - gasleft();
        assert(first == second);
    }

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

    function _slotValueByTrieProof(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) private pure returns (bytes32) {
        bytes memory key = abi.encode(keccak256(abi.encodePacked(account)));
        Memory.Slice[] memory fields = TrieProof.traverse(stateRoot, key, accountProof).decodeList();
        key = abi.encode(keccak256(abi.encode(slot)));
        return bytes32(TrieProof.traverse(fields[2].readBytes32(), key, storageProof).decodeUint256());
    }

    function _ask(bytes4 question, bytes calldata arguments) private view returns (Answer memory answer) {
        (answer.success, answer.returned) = address(this).staticcall(abi.encodePacked(question, arguments));
    }
}
