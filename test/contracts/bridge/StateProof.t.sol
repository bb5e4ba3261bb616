// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";

import {StateProof} from "../../../contracts/bridge/StateProof.sol";
import {StateProofHarness} from "../../support/Harnesses.sol";
import {RemoteChain} from "../../support/RemoteChain.sol";
import {Test} from "../../support/Test.sol";
import {Trie} from "../../support/Trie.sol";

contract StateProofTest is Test {
    using RLP for *;

    address internal constant ACCOUNT = address(0xacc0);
    bytes32 internal constant SLOT = bytes32(uint256(7));
    bytes32 internal constant VALUE = keccak256("value");

    StateProofHarness internal harness;
    RemoteChain internal remote;

    /// @dev A state and a proof in it.
    struct Proof {
        bytes32 stateRoot;
        bytes[] accountNodes;
        bytes[] storageNodes;
    }

    function setUp() public {
        harness = new StateProofHarness();
        remote = new RemoteChain(1, address(1), 1);
    }

    // ------------------------------------------------------------------------------------------- what holds

    function test_slotValue_singleLeaves_succeeds() public view {
        Proof memory proof = _proof(1, 1, VALUE);
        assertEq(proof.accountNodes.length, 1);
        assertEq(proof.storageNodes.length, 1);
        assertEq(_slotValue(proof), VALUE);
    }

    /// @dev Sixty neighbours make branches below branches.
    function test_slotValue_deepTries_succeeds() public view {
        Proof memory proof = _proof(60, 60, VALUE);
        assertGe(proof.accountNodes.length, 3);
        assertGe(proof.storageNodes.length, 3);
        assertEq(_slotValue(proof), VALUE);
    }

    /// @dev Two slots whose hashed keys begin alike meet in a branch below an extension.
    function test_slotValue_extension_succeeds() public view {
        uint256 twin = 8;
        while (keccak256(abi.encode(twin))[0] != keccak256(abi.encode(SLOT))[0]) ++twin;
        Trie.Leaf[] memory slots = new Trie.Leaf[](2);
        slots[0] = _slotLeaf(SLOT, VALUE);
        slots[1] = _slotLeaf(bytes32(twin), ~VALUE);
        Proof memory proof = _proofOf(_accounts(1, slots), slots);
        assertEq(proof.storageNodes.length, 3);
        assertEq(_slotValue(proof), VALUE);
    }

    function testFuzz_slotValue_anyTrie_succeeds(uint256 accounts, uint256 slots, bytes32 value) public view {
        value = value == 0 ? VALUE : value;
        assertEq(_slotValue(_proof(bound(accounts, 1, 20), bound(slots, 1, 20), value)), value);
    }

    /// @dev Storage values are scalars, shorter the more zeros they begin with.
    function test_slotValue_anyValueLength_succeeds() public view {
        for (uint256 bits = 0; bits < 256; bits += 4) {
            bytes32 value = bytes32(uint256(1) << bits);
            assertEq(_slotValue(_proof(2, 2, value)), value);
        }
    }

    // ------------------------------------------------------------------------------------------- what does not

    function testFuzz_slotValue_bitFlipped_reverts(uint256 bit, uint256 node, bool inAccount) public {
        Proof memory proof = _proof(20, 20, VALUE);
        bytes[] memory nodes = inAccount ? proof.accountNodes : proof.storageNodes;
        node = bound(node, 0, nodes.length - 1);
        bit = bound(bit, 0, nodes[node].length * 8 - 1);
        nodes[node][bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        _assertTraversalError(
            proof,
            node == 0 ? TrieProof.ProofError.INVALID_ROOT : TrieProof.ProofError.INVALID_LARGE_NODE
        );
    }

    function testFuzz_slotValue_otherStateRoot_reverts(bytes32 stateRoot) public {
        Proof memory proof = _proof(3, 3, VALUE);
        proof.stateRoot = stateRoot;
        _assertTraversalError(proof, TrieProof.ProofError.INVALID_ROOT);
    }

    function test_slotValue_otherAccount_reverts() public {
        Proof memory proof = _proof(1, 1, VALUE);
        _assertReverts(
            proof,
            address(0xbad),
            SLOT,
            _traversalError(TrieProof.ProofError.INVALID_PATH_REMAINDER)
        );
    }

    function test_slotValue_otherSlot_reverts() public {
        Proof memory proof = _proof(1, 1, VALUE);
        _assertReverts(
            proof,
            ACCOUNT,
            bytes32(uint256(SLOT) + 1),
            _traversalError(TrieProof.ProofError.INVALID_PATH_REMAINDER)
        );
    }

    /// @dev A slot that is zero has no leaf, so nothing shows that it is zero.
    function test_slotValue_absentSlot_reverts() public {
        Trie.Leaf[] memory slots = _neighbourSlots(20);
        Proof memory proof = _proofOf(_accounts(1, slots), slots);
        (bool success, ) = address(harness).call(_call(proof, ACCOUNT, SLOT));
        assertFalse(success);
    }

    function test_slotValue_storageProofOfOtherAccount_reverts() public {
        Proof memory proof = _proof(3, 3, VALUE);
        proof.storageNodes = _proof(3, 4, ~VALUE).storageNodes;
        _assertTraversalError(proof, TrieProof.ProofError.INVALID_ROOT);
    }

    function test_slotValue_emptyAccountProof_reverts() public {
        Proof memory proof = _proof(3, 3, VALUE);
        proof.accountNodes = new bytes[](0);
        _assertTraversalError(proof, TrieProof.ProofError.INVALID_PROOF);
    }

    function test_slotValue_emptyStorageProof_reverts() public {
        Proof memory proof = _proof(3, 3, VALUE);
        proof.storageNodes = new bytes[](0);
        _assertTraversalError(proof, TrieProof.ProofError.INVALID_PROOF);
    }

    function test_slotValue_lastNodeMissing_reverts() public {
        Proof memory proof = _proof(20, 20, VALUE);
        proof.storageNodes = _resized(proof.storageNodes, proof.storageNodes.length - 1);
        _assertTraversalError(proof, TrieProof.ProofError.INVALID_PROOF);
    }

    function test_slotValue_extraNode_reverts() public {
        Proof memory proof = _proof(20, 20, VALUE);
        uint256 length = proof.storageNodes.length;
        proof.storageNodes = _resized(proof.storageNodes, length + 1);
        proof.storageNodes[length] = proof.storageNodes[length - 1];
        _assertTraversalError(proof, TrieProof.ProofError.INVALID_EXTRA_PROOF_ELEMENT);
    }

    function test_slotValue_nodesSwapped_reverts() public {
        Proof memory proof = _proof(20, 20, VALUE);
        bytes[] memory nodes = proof.storageNodes;
        (nodes[0], nodes[1]) = (nodes[1], nodes[0]);
        _assertTraversalError(proof, TrieProof.ProofError.INVALID_ROOT);
    }

    function test_slotValue_accountOfOtherItemCount_reverts() public {
        for (uint256 items = 0; items <= 6; ++items) {
            if (items == 4) continue;
            Trie.Leaf[] memory slots = _slots(1, VALUE);
            bytes[] memory fields = new bytes[](items);
            for (uint256 i = 0; i < items; ++i) fields[i] = Trie.root(slots).encode();
            Trie.Leaf[] memory accounts = new Trie.Leaf[](1);
            accounts[0] = Trie.Leaf(keccak256(abi.encodePacked(ACCOUNT)), fields.encode());
            _assertReverts(
                _proofOf(accounts, slots),
                ACCOUNT,
                SLOT,
                abi.encodeWithSelector(StateProof.StateProof_MalformedAccount.selector, items)
            );
        }
    }

    function test_slotValue_accountIsNoList_reverts() public {
        Trie.Leaf[] memory slots = _slots(1, VALUE);
        Trie.Leaf[] memory accounts = new Trie.Leaf[](1);
        accounts[0] = Trie.Leaf(keccak256(abi.encodePacked(ACCOUNT)), Trie.root(slots).encode());
        _assertReverts(
            _proofOf(accounts, slots),
            ACCOUNT,
            SLOT,
            abi.encodeWithSelector(RLP.RLPInvalidEncoding.selector)
        );
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _proof(uint256 accounts, uint256 slots, bytes32 value) private view returns (Proof memory) {
        Trie.Leaf[] memory leaves = _slots(slots, value);
        return _proofOf(_accounts(accounts, leaves), leaves);
    }

    function _proofOf(
        Trie.Leaf[] memory accounts,
        Trie.Leaf[] memory slots
    ) private pure returns (Proof memory proof) {
        proof.stateRoot = Trie.root(accounts);
        proof.accountNodes = Trie.prove(accounts, keccak256(abi.encodePacked(ACCOUNT)));
        proof.storageNodes = Trie.prove(slots, keccak256(abi.encode(SLOT)));
    }

    function _accounts(
        uint256 count,
        Trie.Leaf[] memory slots
    ) private view returns (Trie.Leaf[] memory leaves) {
        leaves = new Trie.Leaf[](count);
        for (uint256 i = 0; i < count; ++i) {
            address account = i == 0 ? ACCOUNT : address(uint160(i));
            bytes32 storageRoot = i == 0 ? Trie.root(slots) : keccak256(abi.encode(i));
            leaves[i] = Trie.Leaf(
                keccak256(abi.encodePacked(account)),
                remote.encodeAccount(i, i * 1 ether, storageRoot)
            );
        }
    }

    function _slots(uint256 count, bytes32 value) private pure returns (Trie.Leaf[] memory leaves) {
        leaves = _neighbourSlots(count);
        leaves[0] = _slotLeaf(SLOT, value);
    }

    function _neighbourSlots(uint256 count) private pure returns (Trie.Leaf[] memory leaves) {
        leaves = new Trie.Leaf[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = _slotLeaf(bytes32(1_000 + i), bytes32(i + 1));
    }

    function _slotLeaf(bytes32 slot, bytes32 value) private pure returns (Trie.Leaf memory) {
        return Trie.Leaf(keccak256(abi.encode(slot)), uint256(value).encode());
    }

    function _resized(bytes[] memory nodes, uint256 length) private pure returns (bytes[] memory result) {
        result = new bytes[](length);
        for (uint256 i = 0; i < length && i < nodes.length; ++i) result[i] = nodes[i];
    }

    function _slotValue(Proof memory proof) private view returns (bytes32) {
        return harness.slotValue(proof.stateRoot, ACCOUNT, SLOT, proof.accountNodes, proof.storageNodes);
    }

    function _call(Proof memory proof, address account, bytes32 slot) private pure returns (bytes memory) {
        return
            abi.encodeCall(
                StateProofHarness.slotValue,
                (proof.stateRoot, account, slot, proof.accountNodes, proof.storageNodes)
            );
    }

    function _traversalError(TrieProof.ProofError reason) private pure returns (bytes memory) {
        return abi.encodeWithSelector(TrieProof.TrieProofTraversalError.selector, reason);
    }

    function _assertTraversalError(Proof memory proof, TrieProof.ProofError reason) private {
        _assertReverts(proof, ACCOUNT, SLOT, _traversalError(reason));
    }

    function _assertReverts(Proof memory proof, address account, bytes32 slot, bytes memory expected) private {
        (bool success, bytes memory returned) = address(harness).call(_call(proof, account, slot));
        assertFalse(success, "the call must revert");
        assertEq(returned, expected);
    }
}
