// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";

/// @title Proves a storage slot of another chain
/// @notice Takes what `eth_getProof` (EIP-1186) returns. Keys are hashed (secure trie); an account is the RLP list of
/// nonce, balance, storage root and code hash.
library StateProof {
    using RLP for *;

    /// @dev The account leaf is not a list of four items.
    error StateProof_MalformedAccount(uint256 items);

    /// @notice The value of a slot that is not zero.
    /// @param stateRoot State root of a block that the caller trusts.
    /// @param account The contract that owns the slot.
    /// @param slot Storage key before hashing.
    /// @param accountProof Trie nodes from the state root to the account, root first.
    /// @param storageProof Trie nodes from the account's storage root to the slot, root first.
    /// @dev Reverts with `TrieProofTraversalError` or an RLP error when the proof does not hold. A slot that is zero
    /// has no leaf, so it cannot be proven here.
    function slotValue(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) internal pure returns (bytes32) {
        bytes32 storageRoot = _storageRoot(stateRoot, account, accountProof);
        bytes memory value = TrieProof.traverse(storageRoot, abi.encode(keccak256(abi.encode(slot))), storageProof);
        return bytes32(value.decodeUint256());
    }

    function _storageRoot(
        bytes32 stateRoot,
        address account,
        bytes[] calldata accountProof
    ) private pure returns (bytes32) {
        bytes memory key = abi.encode(keccak256(abi.encodePacked(account)));
        Memory.Slice[] memory fields = TrieProof.traverse(stateRoot, key, accountProof).decodeList();
        require(fields.length == 4, StateProof_MalformedAccount(fields.length));
        return fields[2].readBytes32();
    }
}
