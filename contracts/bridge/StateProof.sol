// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CalldataRlp, RlpItems} from "./CalldataRlp.sol";
import {TrieWalk} from "./TrieWalk.sol";

/// @title Proves a storage slot of another chain
/// @notice Takes what `eth_getProof` (EIP-1186) returns. Keys are hashed (secure trie); an account is the RLP list of
/// nonce, balance, storage root and code hash; a slot that is zero is not in the trie. Whether the state root is one of
/// the other chain's is the caller's to know.
/// @dev Reverts with an error of its own, of {TrieWalk} or of {CalldataRlp} when a proof does not hold.
library StateProof {
    /// @dev The state has no such account.
    error StateProof_AccountAbsent(address account);
    /// @dev The account's storage does not have the slot, so it is zero.
    error StateProof_SlotAbsent(bytes32 slot);
    /// @dev A zero that is stored, which no chain does.
    error StateProof_ZeroStored(bytes32 slot);

    /// @notice The value of a slot that is proven not to be zero.
    /// @param stateRoot State root of a block that the caller trusts.
    /// @param account The contract that owns the slot.
    /// @param slot Storage key before hashing.
    /// @param accountProof Trie nodes from the state root to the account, root first.
    /// @param storageProof Trie nodes from the account's storage root to the slot, root first.
    function slotValue(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) internal pure returns (bytes32 value) {
        value = valueIn(storageRootOf(stateRoot, account, accountProof), slot, storageProof);
        require(value != 0, StateProof_SlotAbsent(slot));
    }

    /// @notice The value of a slot, which is zero where the proofs show that the slot, or the account, does not exist.
    /// @dev Parameters as of {slotValue}. A proof for an account that does not exist has the storage proof of an empty
    /// trie. Not for a value whose absence means something else than zero.
    function slotValueOrZero(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) internal pure returns (bytes32) {
        (bool exists, bytes32 storageRoot) = _storageRoot(stateRoot, account, accountProof);
        return valueIn(exists ? storageRoot : TrieWalk.EMPTY_ROOT, slot, storageProof);
    }

    /// @notice The storage root of an account that is proven to exist: several of its slots then need one account proof.
    /// @dev Parameters as of {slotValue}.
    function storageRootOf(
        bytes32 stateRoot,
        address account,
        bytes[] calldata accountProof
    ) internal pure returns (bytes32) {
        (bool exists, bytes32 storageRoot) = _storageRoot(stateRoot, account, accountProof);
        require(exists, StateProof_AccountAbsent(account));
        return storageRoot;
    }

    /// @notice The value of a slot under a storage root; zero where the proof shows that the storage does not have it.
    function valueIn(bytes32 storageRoot, bytes32 slot, bytes[] calldata storageProof) internal pure returns (bytes32) {
        bytes calldata leaf = TrieWalk.find(storageRoot, keccak256(abi.encode(slot)), storageProof);
        if (leaf.length == 0) return 0;
        (uint256 value, RlpItems rest) = CalldataRlp.sequence(leaf).readUint256();
        rest.finish();
        require(value != 0, StateProof_ZeroStored(slot));
        return bytes32(value);
    }

    function _storageRoot(
        bytes32 stateRoot,
        address account,
        bytes[] calldata accountProof
    ) private pure returns (bool exists, bytes32 storageRoot) {
        bytes calldata leaf = TrieWalk.find(stateRoot, keccak256(abi.encodePacked(account)), accountProof);
        if (leaf.length == 0) return (false, 0);
        exists = true;
        RlpItems fields = CalldataRlp.items(leaf);
        fields = fields.skip(2); // nonce, balance
        (storageRoot, fields) = fields.readBytes32();
        (, fields) = fields.readBytes32(); // code hash
        fields.finish();
    }
}
