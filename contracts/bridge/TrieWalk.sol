// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CalldataRlp, RlpItems} from "./CalldataRlp.sol";

/// @title Walks down a Merkle-Patricia trie by the nodes of a proof
/// @notice Guarantees that {find} returns what the trie of a root has under a path, or that it has nothing there. Trusts
/// that the root is that of a trie: the form of every node on the way is checked, but not whether a trie could have
/// been built with fewer of them. Source: Ethereum Yellow Paper, appendices C and D.
/// @dev Paths have 64 nibbles, so no branch has a value. A node of less than 32 bytes lies in its parent and is not given
/// beside it, as in what `eth_getProof` returns. Errors name a node by its index in the proof, and one that lies in
/// its parent by the parent's.
library TrieWalk {
    /// @dev The proof ends before the path does.
    error TrieWalk_NodeMissing(uint256 node);
    /// @dev The path ends before the proof does.
    error TrieWalk_NodesUnused(uint256 used, uint256 given);
    /// @dev Not the node that its parent, or the root, names.
    error TrieWalk_HashMismatch(uint256 node, bytes32 expected, bytes32 actual);
    /// @dev Named by its hash although it has less than 32 bytes.
    error TrieWalk_ShortNode(uint256 node, uint256 length);
    /// @dev Neither two items nor seventeen, or one of the first sixteen is no reference.
    error TrieWalk_MalformedNode(uint256 node);
    error TrieWalk_ValueInBranch(uint256 node);
    /// @dev A leaf or an extension without the byte that says which it is.
    error TrieWalk_PathMissing(uint256 node);
    /// @dev Only 0 to 3 mean something.
    error TrieWalk_UnknownFlags(uint256 node, uint256 flags);
    /// @dev A path of even length whose spare nibble is not zero.
    error TrieWalk_PaddingNotZero(uint256 node);
    /// @dev A leaf that does not end at 64 nibbles, or another node that goes beyond.
    error TrieWalk_WrongDepth(uint256 node, uint256 depth);
    error TrieWalk_EmptyExtension(uint256 node);
    /// @dev An extension to what is no reference.
    error TrieWalk_InvalidReference(uint256 node);
    /// @dev The value of a leaf is a list, or has no bytes.
    error TrieWalk_InvalidValue(uint256 node);

    /// @notice Root of the trie that has nothing: `keccak256(0x80)`.
    bytes32 internal constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    uint256 private constant PATH_LENGTH = 64;
    uint256 private constant RADIX = 16;

    /// @dev A node of fewer bytes lies in its parent, any other is named by its hash.
    uint256 private constant HASHED_LENGTH = 32;

    /// @dev Of a branch with sixteen hashes.
    uint256 private constant FULL_LENGTH = 532;

    /// @dev First byte of what a branch has for a nibble: nothing, a hash, or a node with a list of `byte - LIST` bytes.
    uint256 private constant NOTHING = 0x80;
    uint256 private constant HASH = 0xa0;
    uint256 private constant LIST = 0xc0;
    uint256 private constant HASH_PREFIX = 0xa0 << 248;

    /// @dev Bits of the first byte of a path.
    uint256 private constant ODD = 0x10;
    uint256 private constant LEAF = 0x20;

    /// @dev Beyond all calldata.
    uint256 private constant NOWHERE = 1 << 255;
    RlpItems private constant NONE = RlpItems.wrap(0);

    /// @notice What a trie has under a path: at least one byte, or none when it has nothing there.
    /// @param root Root of the trie.
    /// @param path In a secure trie, such as those of the state, the hash of the key.
    /// @param proof Nodes from the root towards the path's end, root first. Of the empty trie, none or `0x80` alone.
    function find(bytes32 root, bytes32 path, bytes[] calldata proof) internal pure returns (bytes calldata) {
        RlpItems value = NONE;
        uint256 used = 0;
        if (root != EMPTY_ROOT) {
            (value, used) = _walk(root, path, proof);
        } else if (proof.length > 0) {
            bytes32 hash = keccak256(proof[used++]);
            require(hash == root, TrieWalk_HashMismatch(0, root, hash));
        }
        require(proof.length == used, TrieWalk_NodesUnused(used, proof.length));
        return value.toBytes();
    }

    /// @dev The value, or nothing, and how many nodes of the proof are on the way.
    function _walk(
        bytes32 root,
        bytes32 path,
        bytes[] calldata proof
    ) private pure returns (RlpItems value, uint256 used) {
        bytes32 hash = root;
        uint256 depth = 0;
        // At most 64 nodes and nibbles, and positions in calldata.
        unchecked {
            for (; ; ++used) {
                bytes calldata encoded = _open(proof, used, hash);
                if (depth < PATH_LENGTH && _isFull(encoded)) {
                    hash = bytes32(encoded[4 + 33 * _nibble(path, depth++):]);
                    continue;
                }
                RlpItems node = CalldataRlp.items(encoded);
                uint256 first;
                do {
                    uint256 link = _child(node, path, depth, used);
                    if (link != 0) ++depth;
                    else (value, link, depth) = _follow(node, path, depth, used);
                    first = link == 0 ? NOTHING : CalldataRlp.byteAt(link);
                    if (first == NOTHING) return (value, used + 1);
                    if (first == HASH) hash = CalldataRlp.wordAt(link + 1);
                    else node = CalldataRlp.between(link + 1, link + 1 + first - LIST);
                } while (first != HASH);
            }
        }
    }

    /// @dev Where a branch has the reference for the path's next nibble; zero when the node is no branch.
    function _child(RlpItems node, bytes32 path, uint256 depth, uint256 index) private pure returns (uint256 link) {
        unchecked {
            uint256 nibble = _nibble(path, depth);
            link = _skipReferences(node.position(), nibble);
            uint256 value = _skipReferences(link, RADIX - nibble);
            uint256 end = node.end();
            // Two items never look like sixteen.
            if (value >= end) return 0;
            if (CalldataRlp.byteAt(value) != NOTHING) revert TrieWalk_ValueInBranch(index);
            if (value + 1 != end) revert TrieWalk_MalformedNode(index);
            if (depth >= PATH_LENGTH) revert TrieWalk_WrongDepth(index, depth + 1);
        }
    }

    /// @dev Goes through a leaf or an extension: the value of a leaf, or where an extension has its reference, or
    /// neither when the path parts.
    function _follow(
        RlpItems node,
        bytes32 path,
        uint256 depth,
        uint256 index
    ) private pure returns (RlpItems value, uint256 link, uint256 newDepth) {
        (uint256 start, uint256 second, uint256 content, bool isList) = _pair(node, index);
        bool matches;
        bool leaf;
        (matches, leaf, newDepth) = _compare(start, second - start, path, depth, index);
        if (leaf) {
            if (isList || content == node.end()) revert TrieWalk_InvalidValue(index);
            if (matches) value = CalldataRlp.between(content, node.end());
        } else {
            uint256 first = CalldataRlp.byteAt(second);
            require(first == HASH || _isNode(first), TrieWalk_InvalidReference(index));
            if (matches) link = second;
        }
    }

    /// @dev Where the path of a leaf or an extension begins and where it ends, which is where the second item begins;
    /// where the content of that begins, and whether it is a list.
    function _pair(
        RlpItems node,
        uint256 index
    ) private pure returns (uint256 start, uint256 second, uint256 content, bool isList) {
        uint256 end = node.end();
        (start, second, isList) = CalldataRlp.decode(node.position(), end);
        if (isList) revert TrieWalk_MalformedNode(index);
        uint256 next;
        (content, next, isList) = CalldataRlp.decode(second, end);
        if (next != end) revert TrieWalk_MalformedNode(index);
    }

    /// @dev Whether the path of a leaf or an extension is what remains of `path` from `depth` on, or begins it; whether
    /// it is a leaf; and where it ends.
    function _compare(
        uint256 start,
        uint256 length,
        bytes32 path,
        uint256 depth,
        uint256 index
    ) private pure returns (bool matches, bool leaf, uint256 newDepth) {
        if (length == 0) revert TrieWalk_PathMissing(index);
        uint256 first = CalldataRlp.byteAt(start);
        if (first >= 4 * ODD) revert TrieWalk_UnknownFlags(index, first / ODD);
        leaf = first & LEAF != 0;
        bool odd = first & ODD != 0;
        if (!odd && first & 0xf != 0) revert TrieWalk_PaddingNotZero(index);

        // Calldata is far shorter than 2^255 bytes, depth at most 64.
        unchecked {
            uint256 nibbles = 2 * length - (odd ? 1 : 2);
            newDepth = depth + nibbles;
            if (newDepth > PATH_LENGTH || (leaf && newDepth < PATH_LENGTH)) revert TrieWalk_WrongDepth(index, newDepth);
            if (!leaf && nibbles == 0) revert TrieWalk_EmptyExtension(index);
            // An even path begins with the second byte; an odd one, of 63 nibbles at most, with half of the first.
            bytes32 part = odd ? CalldataRlp.wordAt(start) << 4 : CalldataRlp.wordAt(start + 1);
            matches = (part ^ (path << (4 * depth))) >> (256 - 4 * nibbles) == 0;
        }
    }

    /// @dev Whether a node is a branch with sixteen hashes and no value, as most are near the root. Such a branch has one
    /// form, which is compared whole: 0xf90211, sixteen times 0xa0 and a hash, 0x80.
    function _isFull(bytes calldata node) private pure returns (bool) {
        if (node.length != FULL_LENGTH) return false;
        uint256 differences;
        assembly ("memory-safe") {
            let cursor := add(node.offset, 3)
            let end := add(cursor, 528)
            // The first byte of each word counts.
            differences := xor(calldataload(end), shl(248, 0x80))
            for {} lt(cursor, end) {
                cursor := add(cursor, 132)
            } {
                differences := or(differences, xor(calldataload(cursor), HASH_PREFIX))
                differences := or(differences, xor(calldataload(add(cursor, 33)), HASH_PREFIX))
                differences := or(differences, xor(calldataload(add(cursor, 66)), HASH_PREFIX))
                differences := or(differences, xor(calldataload(add(cursor, 99)), HASH_PREFIX))
            }
            differences := or(shr(248, differences), xor(shr(232, calldataload(node.offset)), 0xf90211))
        }
        return differences == 0;
    }

    /// @dev Where as many references end, or nowhere when one of them is none. Whether that is within the node is for the
    /// caller to check. NOTHING has one byte, HASH 33: `first - 0x7f` both.
    function _skipReferences(uint256 cursor, uint256 count) private pure returns (uint256) {
        assembly ("memory-safe") {
            for {} count {
                count := sub(count, 1)
            } {
                let first := byte(0, calldataload(cursor))
                if xor(and(first, 0xdf), 0x80) {
                    // LIST to LIST + 30, of 1 to 31 bytes: `first - 0xbf`.
                    if gt(sub(first, 0xc0), 30) {
                        cursor := NOWHERE
                        break
                    }
                    first := sub(first, 0x40)
                }
                cursor := add(cursor, sub(first, 0x7f))
            }
        }
        return cursor;
    }

    /// @dev The node at an index of the proof, which must have the hash.
    function _open(bytes[] calldata proof, uint256 index, bytes32 expected) private pure returns (bytes calldata node) {
        if (index >= proof.length) revert TrieWalk_NodeMissing(index);
        node = proof[index];
        bytes32 actual;
        // Hashed in unallocated memory.
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, node.offset, node.length)
            actual := keccak256(free, node.length)
        }
        if (actual != expected) revert TrieWalk_HashMismatch(index, expected, actual);
        if (node.length < HASHED_LENGTH && index > 0) revert TrieWalk_ShortNode(index, node.length);
    }

    function _nibble(bytes32 path, uint256 depth) private pure returns (uint256) {
        unchecked {
            return (uint256(path) >> (252 - 4 * depth)) & 0xf;
        }
    }

    /// @dev Whether an item with this first byte is a list that has, with the byte itself, less than 32 bytes.
    function _isNode(uint256 first) private pure returns (bool) {
        return first >= LIST && first < LIST + HASHED_LENGTH - 1;
    }
}
