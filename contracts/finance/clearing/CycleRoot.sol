// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {IClearingHouse} from "./IClearingHouse.sol";

/// @title The commitment of a cycle to its positions
/// @notice A Merkle tree as {MerkleProof} reads it: pairs are sorted before they are hashed, and a node without a neighbour
/// rises as it is. Leaves are hashed twice, nodes once, over 64 bytes: no node passes for a leaf.
library CycleRoot {
    /// @notice `keccak256(keccak256(abi.encode(chain id, clearing house, cycle, member, currency, net, carried, instructed)))`
    function leaf(
        uint32 cycle,
        uint16 member,
        bytes3 currency,
        IClearingHouse.Position memory position
    ) internal view returns (bytes32) {
        bytes32 inner = keccak256(
            abi.encode(
                block.chainid,
                address(this),
                cycle,
                member,
                currency,
                position.net,
                position.carried,
                position.instructed
            )
        );
        return keccak256(bytes.concat(inner));
    }

    /// @notice Root over the leaves in their order; zero for none. Destroys what it is given.
    function root(bytes32[] memory nodes) internal pure returns (bytes32) {
        uint256 count = nodes.length;
        if (count == 0) return 0;
        while (count > 1) {
            uint256 pairs = count / 2;
            for (uint256 i = 0; i < pairs; ++i) {
                nodes[i] = Hashes.commutativeKeccak256(nodes[2 * i], nodes[2 * i + 1]);
            }
            if (count % 2 == 1) nodes[pairs] = nodes[count - 1];
            count = pairs + (count % 2);
        }
        return nodes[0];
    }
}
