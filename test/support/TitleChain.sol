// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {ITitleFacts} from "../../contracts/finance/titles/ITitleFacts.sol";
import {TradeId} from "../../contracts/trade/sales/TradeId.sol";
import {RemoteChain} from "./RemoteChain.sol";
import {Trie} from "./Trie.sol";

/// @title The other chain with storage of any contracts
/// @notice Keeps slots as a test sets them, zero when it does not, and proves them as a node would.
contract TitleChain is RemoteChain {
    using RLP for *;

    uint256 private constant OWNERS_SLOT = 3;
    uint256 private constant TRADE_OF_TITLE_SLOT = 3;

    struct Account {
        bytes32[] slots;
        mapping(bytes32 slot => bool) known;
        mapping(bytes32 slot => uint256) values;
    }

    address private immutable _tradeBook;

    address[] private _addresses;
    mapping(address account => Account) private _accounts;

    constructor(uint256 id, address tradeBook) RemoteChain(id, address(1), 4) {
        _tradeBook = tradeBook;
        set(tradeBook, 0, 1);
    }

    /// @notice Writes a slot; an account has a neighbour or two from the first one on.
    function set(address account, bytes32 slot, uint256 value) public {
        Account storage found = _accounts[account];
        if (found.slots.length == 0) _addresses.push(account);
        if (!found.known[slot]) found.slots.push(slot);
        found.known[slot] = true;
        found.values[slot] = value;
    }

    function ownerSlot(uint256 tokenId) public pure returns (bytes32) {
        return keccak256(abi.encode(tokenId, OWNERS_SLOT));
    }

    function keptSlot(address registry, uint256 tokenId) public pure returns (bytes32) {
        return keccak256(abi.encode(tokenId, keccak256(abi.encode(registry, TRADE_OF_TITLE_SLOT))));
    }

    /// @notice The trade book keeps a title for a trade, or for none.
    function keep(address registry, uint256 tokenId, TradeId tradeId) external {
        set(_tradeBook, keptSlot(registry, tokenId), uint256(TradeId.unwrap(tradeId)));
    }

    /// @notice A title as a TradeTrust v5 registry and escrow store one that was just minted.
    function mint(address registry, uint256 tokenId, address escrow, address beneficiary, address holder) external {
        set(registry, 0, 0x4100000000000000000000000000000000000000000000000000000000000002);
        set(registry, ownerSlot(tokenId), uint160(escrow));
        set(escrow, 0, uint160(registry));
        set(escrow, bytes32(uint256(1)), tokenId);
        set(escrow, bytes32(uint256(2)), uint160(beneficiary));
        set(escrow, bytes32(uint256(3)), uint160(holder));
        set(escrow, bytes32(uint256(6)), 1 << 160);
    }

    // -------------------------------------------------------------------------------------------------- proofs

    function proveTitle(
        address registry,
        uint256 tokenId,
        address escrow,
        uint256 number
    ) external view returns (ITitleFacts.TitleProof memory proof) {
        (proof.header, proof.seal) = sealed_(number);
        proof.registryProof = _proveAccount(registry);
        proof.ownerProof = _proveSlot(registry, ownerSlot(tokenId));
        proof.escrowProof = _proveAccount(escrow);
        proof.slotProofs = new bytes[][](7);
        for (uint256 i = 0; i < 7; ++i) proof.slotProofs[i] = _proveSlot(escrow, bytes32(i));
        proof.tradeBookProof = _proveAccount(_tradeBook);
        proof.keptProof = _proveSlot(_tradeBook, keptSlot(registry, tokenId));
    }

    function proveFact(
        address account,
        bytes32[] calldata slots,
        uint256 number
    ) external view returns (ITitleFacts.FactProof memory proof) {
        (proof.header, proof.seal) = sealed_(number);
        proof.accountProof = _proveAccount(account);
        proof.slotProofs = new bytes[][](slots.length);
        for (uint256 i = 0; i < slots.length; ++i) proof.slotProofs[i] = _proveSlot(account, slots[i]);
    }

    function sealed_(uint256 number) public view returns (bytes memory header, bytes memory consent) {
        header = encodeHeader(number, Trie.root(_state()), 21, "");
        consent = seal(number, keccak256(header));
    }

    function _proveAccount(address account) private view returns (bytes[] memory) {
        return Trie.prove(_state(), keccak256(abi.encodePacked(account)));
    }

    function _proveSlot(address account, bytes32 slot) private view returns (bytes[] memory) {
        return Trie.prove(_storage(account), keccak256(abi.encode(slot)));
    }

    function _state() private view returns (Trie.Leaf[] memory leaves) {
        leaves = new Trie.Leaf[](_addresses.length + 1);
        leaves[0] = Trie.Leaf(keccak256(abi.encodePacked(gateway)), encodeAccount(1, 1, keccak256(hex"80")));
        for (uint256 i = 0; i < _addresses.length; ++i) {
            bytes32 root = Trie.root(_storage(_addresses[i]));
            leaves[i + 1] = Trie.Leaf(keccak256(abi.encodePacked(_addresses[i])), encodeAccount(1, 0, root));
        }
    }

    function _storage(address account) private view returns (Trie.Leaf[] memory leaves) {
        Account storage found = _accounts[account];
        uint256 count = 0;
        for (uint256 i = 0; i < found.slots.length; ++i) if (found.values[found.slots[i]] != 0) ++count;
        leaves = new Trie.Leaf[](count);
        for (uint256 i = 0; i < found.slots.length; ++i) {
            uint256 value = found.values[found.slots[i]];
            if (value != 0) leaves[--count] = Trie.Leaf(keccak256(abi.encode(found.slots[i])), value.encode());
        }
    }
}
