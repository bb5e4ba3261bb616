// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {CalldataRlp} from "../../../contracts/bridge/CalldataRlp.sol";
import {StateProof} from "../../../contracts/bridge/StateProof.sol";
import {TrieWalk} from "../../../contracts/bridge/TrieWalk.sol";
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
        bytes32 expected = keccak256(nodes[node]);
        nodes[node][bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        _assertHashMismatch(proof, node, expected, keccak256(nodes[node]));
    }

    function testFuzz_slotValue_otherStateRoot_reverts(bytes32 stateRoot) public {
        Proof memory proof = _proof(3, 3, VALUE);
        proof.stateRoot = stateRoot;
        _assertHashMismatch(proof, 0, stateRoot, keccak256(proof.accountNodes[0]));
    }

    function test_slotValue_absentAccount_reverts() public {
        Proof memory proof = _proof(1, 1, VALUE);
        bytes memory expected = abi.encodeWithSelector(StateProof.StateProof_AccountAbsent.selector, address(0xbad));
        _assertReverts(proof, address(0xbad), SLOT, expected);
    }

    function test_slotValue_absentSlot_reverts() public {
        Trie.Leaf[] memory slots = _neighbourSlots(20);
        Proof memory proof = _proofOf(_accounts(1, slots), slots);
        _assertReverts(proof, ACCOUNT, SLOT, abi.encodeWithSelector(StateProof.StateProof_SlotAbsent.selector, SLOT));
    }

    function test_slotValue_otherSlot_reverts() public {
        Proof memory proof = _proof(1, 1, VALUE);
        bytes32 other = bytes32(uint256(SLOT) + 1);
        _assertReverts(proof, ACCOUNT, other, abi.encodeWithSelector(StateProof.StateProof_SlotAbsent.selector, other));
    }

    function test_slotValue_storageProofOfOtherAccount_reverts() public {
        Proof memory proof = _proof(3, 3, VALUE);
        bytes32 expected = keccak256(proof.storageNodes[0]);
        proof.storageNodes = _proof(3, 4, ~VALUE).storageNodes;
        _assertHashMismatch(proof, 0, expected, keccak256(proof.storageNodes[0]));
    }

    function test_slotValue_emptyProofs_revert() public {
        Proof memory proof = _proof(3, 3, VALUE);
        bytes[] memory nodes = proof.accountNodes;
        proof.accountNodes = new bytes[](0);
        _assertReverts(proof, abi.encodeWithSelector(TrieWalk.TrieWalk_NodeMissing.selector, 0));
        (proof.accountNodes, proof.storageNodes) = (nodes, proof.accountNodes);
        _assertReverts(proof, abi.encodeWithSelector(TrieWalk.TrieWalk_NodeMissing.selector, 0));
    }

    /// @dev A value that is stored is not zero, and has no leading zeros.
    function test_slotValue_malformedValue_reverts() public {
        bytes memory zero = abi.encodeWithSelector(StateProof.StateProof_ZeroStored.selector, SLOT);
        _assertRefusedValue(hex"80", zero, false);
        _assertRefusedValue(hex"00", abi.encodePacked(CalldataRlp.CalldataRlp_InvalidNumber.selector), true);
        _assertRefusedValue(hex"820001", abi.encodePacked(CalldataRlp.CalldataRlp_InvalidNumber.selector), true);
        _assertRefusedValue(hex"c101", abi.encodePacked(CalldataRlp.CalldataRlp_StringExpected.selector), true);
        _assertRefusedValue(hex"0101", abi.encodePacked(CalldataRlp.CalldataRlp_TrailingBytes.selector), true);
        _assertRefusedValue(hex"8101", abi.encodePacked(CalldataRlp.CalldataRlp_NotCanonical.selector), true);
        _assertRefusedValue(
            abi.encodePacked(hex"a1ff", VALUE),
            abi.encodePacked(CalldataRlp.CalldataRlp_InvalidNumber.selector),
            true
        );
    }

    function test_slotValue_accountOfOtherItemCount_reverts() public {
        bytes memory word = abi.encodePacked(VALUE).encode();
        bytes[] memory fields = new bytes[](5);
        (fields[0], fields[1], fields[2], fields[3], fields[4]) = (bytes(hex"01"), bytes(hex"80"), word, word, word);
        for (uint256 items = 0; items <= 5; ++items) {
            bytes4 reason =
                items < 4 ? CalldataRlp.CalldataRlp_Truncated.selector : CalldataRlp.CalldataRlp_TrailingBytes.selector;
            if (items != 4) _assertRefusedAccount(_resized(fields, items).encode(), reason);
        }
    }

    function test_slotValue_malformedAccount_reverts() public {
        bytes memory word = abi.encodePacked(VALUE).encode();
        bytes[] memory fields = new bytes[](4);
        (fields[0], fields[1], fields[2], fields[3]) = (bytes(hex"01"), bytes(hex"80"), word, word);
        _assertRefusedAccount(word, CalldataRlp.CalldataRlp_ListExpected.selector);
        _assertRefusedAccount(
            abi.encodePacked(fields.encode(), hex"00"),
            CalldataRlp.CalldataRlp_TrailingBytes.selector
        );
        fields[2] = abi.encodePacked(uint248(1)).encode();
        _assertRefusedAccount(fields.encode(), CalldataRlp.CalldataRlp_LengthMismatch.selector);
        (fields[2], fields[3]) = (word, hex"80");
        _assertRefusedAccount(fields.encode(), CalldataRlp.CalldataRlp_LengthMismatch.selector);
    }

    // ------------------------------------------------------------------------------------------ what may be absent

    function testFuzz_slotValueOrZero_presentSlot_succeeds(bytes32 value) public view {
        value = value == 0 ? VALUE : value;
        assertEq(_slotValueOrZero(_proof(5, 5, value), ACCOUNT, SLOT), value);
    }

    function testFuzz_slotValueOrZero_absentSlot_isZero(uint256 slots, bytes32 slot) public view {
        Trie.Leaf[] memory leaves = _neighbourSlots(bound(slots, 1, 30));
        Proof memory proof = _proofOf(_accounts(3, leaves), leaves);
        if (uint256(slot) >= 1_000 && uint256(slot) < 1_030) slot = SLOT;
        proof.storageNodes = Trie.prove(leaves, keccak256(abi.encode(slot)));
        assertEq(_slotValueOrZero(proof, ACCOUNT, slot), 0);
    }

    /// @dev Nodes give one of two proofs for an empty storage.
    function test_slotValueOrZero_emptyStorage_isZero() public view {
        Trie.Leaf[] memory accounts = new Trie.Leaf[](1);
        accounts[0] = Trie.Leaf(keccak256(abi.encodePacked(ACCOUNT)), remote.encodeAccount(1, 1, TrieWalk.EMPTY_ROOT));
        Proof memory proof = Proof(Trie.root(accounts), Trie.prove(accounts, accounts[0].path), new bytes[](0));
        assertEq(_slotValueOrZero(proof, ACCOUNT, SLOT), 0);
        proof.storageNodes = new bytes[](1);
        proof.storageNodes[0] = hex"80";
        assertEq(_slotValueOrZero(proof, ACCOUNT, SLOT), 0);
    }

    function test_slotValueOrZero_absentAccount_isZero() public view {
        Proof memory proof = _proof(20, 1, VALUE);
        proof.accountNodes = Trie.prove(_accounts(20, _slots(1, VALUE)), keccak256(abi.encodePacked(address(0xbad))));
        proof.storageNodes = new bytes[](0);
        assertEq(_slotValueOrZero(proof, address(0xbad), SLOT), 0);
    }

    /// @dev An account that does not exist has no storage to prove anything from.
    function test_slotValueOrZero_absentAccountWithStorage_reverts() public {
        Proof memory proof = _proof(1, 1, VALUE);
        (bool success, bytes memory returned) = address(harness).call(
            abi.encodeCall(
                StateProofHarness.slotValueOrZero,
                (proof.stateRoot, address(0xbad), SLOT, proof.accountNodes, proof.storageNodes)
            )
        );
        assertFalse(success);
        bytes32 actual = keccak256(proof.storageNodes[0]);
        assertEq(
            returned,
            abi.encodeWithSelector(TrieWalk.TrieWalk_HashMismatch.selector, 0, TrieWalk.EMPTY_ROOT, actual)
        );
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _proof(uint256 accounts, uint256 slots, bytes32 value) private view returns (Proof memory) {
        Trie.Leaf[] memory leaves = _slots(slots, value);
        return _proofOf(_accounts(accounts, leaves), leaves);
    }

    function _proofOf(Trie.Leaf[] memory accounts, Trie.Leaf[] memory slots) private pure returns (Proof memory proof) {
        proof.stateRoot = Trie.root(accounts);
        proof.accountNodes = Trie.prove(accounts, keccak256(abi.encodePacked(ACCOUNT)));
        proof.storageNodes = Trie.prove(slots, keccak256(abi.encode(SLOT)));
    }

    function _accounts(uint256 count, Trie.Leaf[] memory slots) private view returns (Trie.Leaf[] memory leaves) {
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

    function _slotValueOrZero(Proof memory proof, address account, bytes32 slot) private view returns (bytes32) {
        return harness.slotValueOrZero(proof.stateRoot, account, slot, proof.accountNodes, proof.storageNodes);
    }

    function _assertRefusedValue(bytes memory value, bytes memory expected, bool selectorOnly) private {
        Trie.Leaf[] memory slots = new Trie.Leaf[](1);
        slots[0] = Trie.Leaf(keccak256(abi.encode(SLOT)), value);
        Proof memory proof = _proofOf(_accounts(1, slots), slots);
        (bool success, bytes memory returned) = address(harness).call(_call(proof, ACCOUNT, SLOT));
        assertFalse(success, "the call must revert");
        assertEq(selectorOnly ? abi.encodePacked(bytes4(returned)) : returned, expected);
    }

    function _assertRefusedAccount(bytes memory account, bytes4 reason) private {
        Trie.Leaf[] memory accounts = new Trie.Leaf[](1);
        accounts[0] = Trie.Leaf(keccak256(abi.encodePacked(ACCOUNT)), account);
        (bool success, bytes memory returned) = address(harness).call(
            _call(_proofOf(accounts, _slots(1, VALUE)), ACCOUNT, SLOT)
        );
        assertFalse(success, "the call must revert");
        assertEq(bytes32(bytes4(returned)), bytes32(reason));
    }

    function _assertHashMismatch(Proof memory proof, uint256 node, bytes32 expected, bytes32 actual) private {
        _assertReverts(proof, abi.encodeWithSelector(TrieWalk.TrieWalk_HashMismatch.selector, node, expected, actual));
    }

    function _assertReverts(Proof memory proof, bytes memory expected) private {
        _assertReverts(proof, ACCOUNT, SLOT, expected);
    }

    function _assertReverts(Proof memory proof, address account, bytes32 slot, bytes memory expected) private {
        (bool success, bytes memory returned) = address(harness).call(_call(proof, account, slot));
        assertFalse(success, "the call must revert");
        assertEq(returned, expected);
    }
}
