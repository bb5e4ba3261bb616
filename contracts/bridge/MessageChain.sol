// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice A message as it travels. The sender is not part of it: every sender has a chain of its own.
struct Message {
    address recipient;
    bytes payload;
}

/// @title The hash chain of one sender's messages
/// @notice `head(0) = genesis`, `head(n) = keccak256(head(n-1) ‖ keccak256(recipient ‖ payload))`. A message's id is the
/// head it leaves, so an id commits to every message before it, and no two messages anywhere have the same id.
library MessageChain {
    /// @dev Storage slot of the mapping from sender to head in every gateway.
    uint256 internal constant HEADS_SLOT = 0;

    /// @notice The head before the first message. Four words, so no message or head hashes to it.
    function genesis(uint256 chainId, address gateway, address sender) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("huangpu.message-chain.v1"), chainId, gateway, sender));
    }

    /// @notice `keccak256(recipient ‖ payload)`, hashed in unallocated memory.
    function hash(address recipient, bytes calldata payload) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, shl(96, recipient))
            calldatacopy(add(free, 20), payload.offset, payload.length)
            result := keccak256(free, add(payload.length, 20))
        }
    }

    /// @notice The head after a message, which is also the message's id.
    function append(bytes32 head, bytes32 messageHash) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(head, messageHash);
    }

    /// @notice The head after several messages of which only the hashes are known.
    function fold(bytes32 head, bytes32[] calldata messageHashes) internal pure returns (bytes32) {
        for (uint256 i = 0; i < messageHashes.length; ++i) head = append(head, messageHashes[i]);
        return head;
    }

    /// @notice The storage key under which a gateway keeps a sender's head.
    function headSlot(address sender) internal pure returns (bytes32) {
        return keccak256(abi.encode(sender, HEADS_SLOT));
    }
}
