// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice A batch as an issuer makes it: level by level, all of it in memory.
library Batches {
    /// @dev That of the committed vectors.
    function vectorDocument(uint256 number) internal pure returns (bytes32) {
        return sha256(abi.encodePacked("huangpu vector document ", _decimal(number)));
    }

    function vectorDocuments(uint256 size) internal pure returns (bytes32[] memory documents) {
        documents = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) documents[i] = vectorDocument(i);
    }

    function root(bytes32[] memory documents) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(hex"05", uint32(documents.length), top(documents)));
    }

    /// @dev The node that the root is made of.
    function top(bytes32[] memory documents) internal pure returns (bytes32) {
        bytes32[] memory level = leaves(documents);
        while (level.length > 1) level = above(level);
        return level[0];
    }

    function path(bytes32[] memory documents, uint256 index) internal pure returns (bytes32[] memory siblings) {
        bytes32[] memory level = leaves(documents);
        bytes32[] memory found = new bytes32[](20);
        uint256 length = 0;
        for (; level.length > 1; level = above(level)) {
            if (index % 2 == 1) found[length++] = level[index - 1];
            else if (index + 1 < level.length) found[length++] = level[index + 1];
            index /= 2;
        }
        siblings = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) siblings[i] = found[i];
    }

    function leaves(bytes32[] memory documents) internal pure returns (bytes32[] memory level) {
        level = new bytes32[](documents.length);
        for (uint256 i = 0; i < level.length; ++i) level[i] = sha256(abi.encodePacked(hex"03", documents[i]));
    }

    function above(bytes32[] memory level) internal pure returns (bytes32[] memory next) {
        next = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < level.length / 2; ++i) next[i] = node(level[2 * i], level[2 * i + 1]);
        if (level.length % 2 == 1) next[next.length - 1] = level[level.length - 1];
    }

    function node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(hex"04", left, right));
    }

    function _decimal(uint256 number) private pure returns (bytes memory text) {
        do {
            text = bytes.concat(bytes1(uint8(48 + (number % 10))), text);
            number /= 10;
        } while (number > 0);
    }
}
