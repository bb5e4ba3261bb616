// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BatchTree} from "../../../../contracts/trade/documents/BatchTree.sol";
import {Batches} from "../../../support/Batches.sol";
import {Test} from "../../../support/Test.sol";

contract BatchTreeTest is Test {
    using Batches for bytes32[];

    // The roots are those of test/vectors/golden/documents, made by another implementation.

    function test_contains_goldenVectors_succeeds() public view {
        _assertGolden(1, 0x73fc9c2581e012e2f2730dc33a4acb5761d02c2af0edd6bc7bdfb61dc74e50c7);
        _assertGolden(2, 0x6091bd8d871ac022ebb5e078ea25d961bdc38f0a9bff2b8d67cb2ae5f2508434);
        _assertGolden(3, 0x48ddb2c035e7af4fed54900a72eed42adbca5a72b4374795c26fcde4b1c07b16);
        _assertGolden(5, 0x91fdd5eeb05790a87d775556d4b7806f35c4d42c40957d8b1084beb476014318);
        _assertGolden(7, 0x78355ebf8d4ad1d98278d1c2cf54b3babeec17d11f4914e8d75ff334f6de3c5b);
        _assertGolden(8, 0x8887d3c3c538f1e1e0a03e31d4958b633ab4dc8c32dcca21ebf47bf97b375ca4);
        _assertGolden(11, 0xfddf173ae6d95c9943e446eaef08e3ff4ed2edf81a44b7abd8207473a8e3108e);
        _assertGolden(33, 0x42584c18c692cf96d3d68f91a5ecbaafc15f031e6fa9406217f8e97f95821d07);
    }

    function testFuzz_contains_everyDocument_succeeds(uint256 size, uint256 index) public view {
        (bytes32[] memory documents, uint32 at) = _batch(size, index);
        assertTrue(_contains(documents, documents[at], at, documents.path(at)));
    }

    /// @dev Whatever is changed, nothing is left of the proof.
    function testFuzz_contains_anotherDocument_fails(uint256 size, uint256 index, bytes32 other) public view {
        (bytes32[] memory documents, uint32 at) = _batch(size, index);
        if (other == documents[at]) return;
        assertFalse(_contains(documents, other, at, documents.path(at)));
    }

    function testFuzz_contains_anotherIndex_fails(uint256 size, uint256 index, uint32 other) public view {
        (bytes32[] memory documents, uint32 at) = _batch(size, index);
        bytes32[] memory path = documents.path(at);
        if (other != at) assertFalse(_contains(documents, documents[at], other, path));
        for (uint32 near = 0; near < documents.length; ++near) {
            if (near != at) assertFalse(_contains(documents, documents[at], near, path));
        }
    }

    function testFuzz_contains_anotherSize_fails(uint256 size, uint256 index, uint32 other) public view {
        (bytes32[] memory documents, uint32 at) = _batch(size, index);
        bytes32 root = documents.root();
        bytes32[] memory path = documents.path(at);
        for (uint32 near = 0; near < documents.length + 9; ++near) {
            if (near != documents.length) assertFalse(this.contains(root, near, documents[at], at, path));
        }
        if (other != documents.length) assertFalse(this.contains(root, other, documents[at], at, path));
    }

    function testFuzz_contains_tooShortOrTooLong_fails(uint256 size, uint256 index, bytes32 more) public view {
        (bytes32[] memory documents, uint32 at) = _batch(size, index);
        bytes32[] memory path = documents.path(at);
        assertFalse(_contains(documents, documents[at], at, _withLength(path, path.length + 1, more)));
        if (path.length > 0) {
            assertFalse(_contains(documents, documents[at], at, _withLength(path, path.length - 1, more)));
        }
    }

    function testFuzz_contains_alteredNeighbour_fails(
        uint256 size,
        uint256 index,
        uint256 level,
        uint8 bit
    ) public view {
        (bytes32[] memory documents, uint32 at) = _batch(size, index);
        bytes32[] memory path = documents.path(at);
        if (path.length == 0) return;
        path[level % path.length] ^= bytes32(1 << bit);
        assertFalse(_contains(documents, documents[at], at, path));
    }

    // -------------------------------------------------------------------------------------- nothing for another

    /// @dev An interior node is shown as a document, with the rest of a true path.
    function test_contains_interiorNodeAsDocument_fails() public view {
        bytes32[] memory documents = Batches.vectorDocuments(4);
        bytes32[] memory level = documents.leaves().above();
        bytes32[] memory path = new bytes32[](1);
        path[0] = level[1];
        for (uint32 index = 0; index < 2; ++index) {
            assertFalse(this.contains(documents.root(), 2, level[0], index, path));
            assertFalse(this.contains(documents.root(), 4, level[0], index, path));
        }
    }

    /// @dev Nor a leaf, the top, or the root of the very batch.
    function test_contains_leafTopOrRootAsDocument_fails() public view {
        bytes32[] memory one = Batches.vectorDocuments(1);
        bytes32[] memory none = new bytes32[](0);
        assertFalse(_contains(one, one.leaves()[0], 0, none));
        assertFalse(_contains(one, one.top(), 0, none));
        assertFalse(_contains(one, one.root(), 0, none));
        assertTrue(_contains(one, one[0], 0, none));
    }

    /// @dev A batch of batches is none: what is in the inner one is not in the outer one.
    function test_contains_documentOfInnerBatch_fails() public view {
        bytes32[] memory inner = Batches.vectorDocuments(2);
        bytes32[] memory outer = new bytes32[](2);
        (outer[0], outer[1]) = (inner.root(), Batches.vectorDocument(9));
        bytes32[] memory path = new bytes32[](2);
        (path[0], path[1]) = (inner.path(0)[0], outer.path(0)[0]);
        for (uint32 size = 1; size < 6; ++size) assertFalse(this.contains(outer.root(), size, inner[0], 0, path));
    }

    function test_contains_pathOfAnotherBatch_fails() public view {
        bytes32[] memory documents = Batches.vectorDocuments(8);
        bytes32[] memory others = Batches.vectorDocuments(8);
        others[7] = Batches.vectorDocument(99);
        assertFalse(_contains(documents, documents[0], 0, others.path(0)));
        assertTrue(_contains(others, documents[0], 0, others.path(0)));
    }

    /// @dev A tree that repeated its last node would have the same root for three documents as for four.
    function test_contains_lastDocumentTwice_fails() public view {
        bytes32[] memory three = Batches.vectorDocuments(3);
        bytes32[] memory four = new bytes32[](4);
        for (uint256 i = 0; i < 4; ++i) four[i] = three[i < 3 ? i : 2];
        assertNotEq(three.root(), four.root());
        assertFalse(this.contains(three.root(), 4, four[3], 3, four.path(3)));
    }

    // ------------------------------------------------------------------------------------------------- bounds

    function test_isSize_bounds_succeeds() public pure {
        assertFalse(BatchTree.isSize(0));
        assertTrue(BatchTree.isSize(1));
        assertTrue(BatchTree.isSize(1 << 20));
        assertFalse(BatchTree.isSize((1 << 20) + 1));
        assertFalse(BatchTree.isSize(type(uint32).max));
    }

    /// @dev Made by hand: the last of 2^20 documents, each of whose neighbours is any.
    function test_contains_largestBatch_succeeds() public view {
        bytes32[] memory path = new bytes32[](20);
        bytes32 node = sha256(abi.encodePacked(hex"03", bytes32("the last")));
        for (uint256 i = 0; i < 20; ++i) {
            path[i] = keccak256(abi.encode(i));
            node = Batches.node(path[i], node);
        }
        bytes32 root = sha256(abi.encodePacked(hex"05", uint32(1 << 20), node));
        assertTrue(this.contains(root, 1 << 20, "the last", (1 << 20) - 1, path));
        root = sha256(abi.encodePacked(hex"05", uint32((1 << 20) + 1), node));
        assertFalse(this.contains(root, (1 << 20) + 1, "the last", (1 << 20) - 1, path));
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function contains(
        bytes32 root,
        uint32 size,
        bytes32 documentHash,
        uint32 index,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return BatchTree.contains(root, size, documentHash, index, path);
    }

    function _contains(
        bytes32[] memory documents,
        bytes32 documentHash,
        uint32 index,
        bytes32[] memory path
    ) private view returns (bool) {
        return this.contains(documents.root(), uint32(documents.length), documentHash, index, path);
    }

    function _assertGolden(uint32 size, bytes32 root) private view {
        bytes32[] memory documents = Batches.vectorDocuments(size);
        for (uint32 i = 0; i < size; ++i) assertTrue(this.contains(root, size, documents[i], i, documents.path(i)));
    }

    /// @dev Up to 40 documents, and one of them.
    function _batch(uint256 size, uint256 index) private pure returns (bytes32[] memory documents, uint32 at) {
        size = bound(size, 1, 40);
        return (Batches.vectorDocuments(size), uint32(index % size));
    }

    function _withLength(
        bytes32[] memory path,
        uint256 length,
        bytes32 more
    ) private pure returns (bytes32[] memory changed) {
        changed = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) changed[i] = i < path.length ? path[i] : more;
    }
}
