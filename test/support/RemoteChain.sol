// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {HeadProof} from "../../contracts/bridge/IGateway.sol";
import {Message} from "../../contracts/bridge/MessageChain.sol";
import {vm} from "./Test.sol";
import {Trie} from "./Trie.sol";

/// @title The other chain
/// @notice Keeps the message chains of a gateway there and proves them as a node would: state and storage tries with
/// other accounts and slots beside, RLP headers, attestations by its validators. Every formula of the protocol is
/// spelled out here a second time, so that a test does not ask the code under test what is right.
contract RemoteChain {
    using RLP for *;

    uint256 private constant NEIGHBOURS = 3;
    uint256 private constant PRESENT_FIELDS = 21;

    uint256 public immutable chainId;
    address public immutable gateway;
    /// @notice Number of the last block.
    uint256 public height;

    uint256[] private _keys;
    address[] private _senders;
    mapping(address sender => Message[]) private _messages;
    mapping(address sender => bytes32[]) private _heads;

    constructor(uint256 id, address gatewayThere, uint256 validatorCount) {
        chainId = id;
        gateway = gatewayThere;
        for (uint256 i = 0; i < validatorCount; ++i) _insertKey(uint256(keccak256(abi.encode("validator", id, i))));
    }

    // ------------------------------------------------------------------------------------------------ messages

    function openLog(address sender) external {
        _senders.push(sender);
        _heads[sender].push(keccak256(abi.encode(keccak256("huangpu.message-chain.v1"), chainId, gateway, sender)));
    }

    function send(address sender, address recipient, bytes calldata payload) external returns (bytes32 id) {
        _messages[sender].push(Message(recipient, payload));
        bytes32[] storage heads = _heads[sender];
        id = keccak256(abi.encode(heads[heads.length - 1], keccak256(abi.encodePacked(recipient, payload))));
        heads.push(id);
    }

    /// @notice How many messages the sender has sent.
    function sent(address sender) public view returns (uint256) {
        return _messages[sender].length;
    }

    /// @notice The head after the first `count` messages: the id of the last of them.
    function headAfter(address sender, uint256 count) public view returns (bytes32) {
        return _heads[sender][count];
    }

    function head(address sender) public view returns (bytes32) {
        return _heads[sender][_heads[sender].length - 1];
    }

    function message(address sender, uint256 index) external view returns (Message memory) {
        return _messages[sender][index];
    }

    /// @notice The messages in [first, end).
    function messages(address sender, uint256 first, uint256 end) external view returns (Message[] memory part) {
        part = new Message[](end - first);
        for (uint256 i = first; i < end; ++i) part[i - first] = _messages[sender][i];
    }

    /// @notice The hashes of the messages in [first, end).
    function messageHashes(address sender, uint256 first, uint256 end) external view returns (bytes32[] memory part) {
        part = new bytes32[](end - first);
        for (uint256 i = first; i < end; ++i) {
            Message storage m = _messages[sender][i];
            part[i - first] = keccak256(abi.encodePacked(m.recipient, m.payload));
        }
    }

    // -------------------------------------------------------------------------------------------------- proofs

    /// @notice Mines a block and proves the sender's head in it, sealed by a quorum.
    function prove(address sender) external returns (HeadProof memory) {
        return proveAt(sender, ++height, "");
    }

    /// @notice The same in a block of a given number; `salt` tells blocks of one number apart.
    function proveAt(address sender, uint256 number, string memory salt) public view returns (HeadProof memory proof) {
        return proofOf(number, headSlot(sender), _storageLeaves(), gateway, salt);
    }

    /// @notice Proves a head that the sender never had, as colluding validators could.
    function forge(address sender, bytes32 head_, uint256 number) external view returns (HeadProof memory) {
        Trie.Leaf[] memory slots = _storageLeaves();
        bytes32 path = keccak256(abi.encode(headSlot(sender)));
        for (uint256 i = 0; i < slots.length; ++i) if (slots[i].path == path) slots[i].value = _word(head_);
        return proofOf(number, headSlot(sender), slots, gateway, "");
    }

    /// @notice Proves the sender's head as it would be in the storage of another contract.
    function proveOf(address account, address sender, uint256 number) external view returns (HeadProof memory) {
        return proofOf(number, headSlot(sender), _storageLeaves(), account, "");
    }

    function proofOf(
        uint256 number,
        bytes32 slot,
        Trie.Leaf[] memory slots,
        address account,
        string memory salt
    ) public view returns (HeadProof memory proof) {
        Trie.Leaf[] memory accounts = _accountLeaves(account, Trie.root(slots));
        proof.header = encodeHeader(number, Trie.root(accounts), PRESENT_FIELDS, salt);
        proof.seal = seal(number, keccak256(proof.header));
        proof.accountProof = Trie.prove(accounts, keccak256(abi.encodePacked(account)));
        proof.storageProof = Trie.prove(slots, keccak256(abi.encode(slot)));
    }

    function headSlot(address sender) public pure returns (bytes32) {
        return keccak256(abi.encode(sender, 0));
    }

    // ------------------------------------------------------------------------------------------------- headers

    /// @notice The time of a block, near the start of the tests at any height.
    function timestampOf(uint256 number) public pure returns (uint256) {
        return 1_800_000_000 + (number % 1_000);
    }

    /// @notice RLP of a header with as many of the fields of `eth_getBlockByNumber`, in their order.
    function encodeHeader(
        uint256 number,
        bytes32 stateRoot,
        uint256 fieldCount,
        string memory salt
    ) public pure returns (bytes memory) {
        bytes[] memory fields = new bytes[](fieldCount);
        for (uint256 i = 0; i < fieldCount; ++i) {
            if (i == 2) fields[i] = address(0xC01bA5e).encode();
            else if (i == 3) fields[i] = stateRoot.encode();
            else if (i == 6) fields[i] = (new bytes(256)).encode();
            else if (i == 7 || i == 17 || i == 18) fields[i] = uint256(0).encode();
            else if (i == 8) fields[i] = number.encode();
            else if (i == 9) fields[i] = uint256(30_000_000).encode();
            else if (i == 10) fields[i] = uint256(21_000).encode();
            else if (i == 11) fields[i] = timestampOf(number).encode();
            else if (i == 12) fields[i] = salt.encode();
            else if (i == 14) fields[i] = (new bytes(8)).encode();
            else if (i == 15) fields[i] = uint256(7).encode();
            else fields[i] = keccak256(abi.encode("field", i, number)).encode();
        }
        return fields.encode();
    }

    // ---------------------------------------------------------------------------------------------- validators

    function validators() external view returns (address[] memory accounts) {
        accounts = new address[](_keys.length);
        for (uint256 i = 0; i < accounts.length; ++i) accounts[i] = vm.addr(_keys[i]);
    }

    /// @notice Keys of the validators, ascending by address.
    function keys() external view returns (uint256[] memory) {
        return _keys;
    }

    function quorum() public view returns (uint256) {
        return (2 * _keys.length + 2) / 3;
    }

    /// @notice Attestations of a quorum.
    function seal(uint256 number, bytes32 blockHash) public view returns (bytes memory) {
        return seal(number, blockHash, quorum());
    }

    /// @notice Attestations of the first `count` validators.
    function seal(uint256 number, bytes32 blockHash, uint256 count) public view returns (bytes memory signatures) {
        bytes32 digest = attestationDigest(chainId, number, blockHash);
        for (uint256 i = 0; i < count; ++i) signatures = bytes.concat(signatures, attest(_keys[i], digest));
    }

    function attest(uint256 key, bytes32 digest) public pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function attestationDigest(uint256 id, uint256 number, bytes32 blockHash) public pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(keccak256("EIP712Domain(string name,string version)"), keccak256("Huangpu"), keccak256("1"))
        );
        bytes32 typeHash = keccak256("HeaderAttestation(uint256 chainId,uint256 number,bytes32 blockHash)");
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(abi.encode(typeHash, id, number, blockHash))));
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _insertKey(uint256 key) private {
        _keys.push(key);
        for (uint256 i = _keys.length - 1; i > 0 && vm.addr(_keys[i - 1]) > vm.addr(key); --i) {
            (_keys[i - 1], _keys[i]) = (key, _keys[i - 1]);
        }
    }

    function _storageLeaves() private view returns (Trie.Leaf[] memory leaves) {
        leaves = new Trie.Leaf[](_senders.length + NEIGHBOURS);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] =
                i < _senders.length
                    ? Trie.Leaf(keccak256(abi.encode(headSlot(_senders[i]))), _word(head(_senders[i])))
                    : Trie.Leaf(keccak256(abi.encode(i - _senders.length + 1)), _word(bytes32(i + 1)));
        }
    }

    function _accountLeaves(address account, bytes32 storageRoot) private pure returns (Trie.Leaf[] memory leaves) {
        leaves = new Trie.Leaf[](1 + NEIGHBOURS);
        leaves[0] = Trie.Leaf(keccak256(abi.encodePacked(account)), encodeAccount(1, 0, storageRoot));
        for (uint256 i = 1; i < leaves.length; ++i) {
            bytes32 neighbour = keccak256(abi.encodePacked(address(uint160(i))));
            leaves[i] = Trie.Leaf(neighbour, encodeAccount(i, i * 1 ether, keccak256(hex"80")));
        }
    }

    function encodeAccount(uint256 nonce, uint256 balance, bytes32 storageRoot) public pure returns (bytes memory) {
        bytes[] memory fields = new bytes[](4);
        fields[0] = nonce.encode();
        fields[1] = balance.encode();
        fields[2] = storageRoot.encode();
        fields[3] = keccak256("code").encode();
        return fields.encode();
    }

    /// @dev A storage value is an RLP scalar: without leading zeros.
    function _word(bytes32 value) private pure returns (bytes memory) {
        return uint256(value).encode();
    }
}
