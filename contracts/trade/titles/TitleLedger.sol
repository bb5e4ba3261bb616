// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../access/IParticipants.sol";
import {Products} from "../../access/Products.sol";
import {ITitleRegistry} from "./ITitleRegistry.sol";
import {TitleHead} from "./TitleHead.sol";

/// @title What is known of every title, and who may act on it
/// @notice Guarantees that a title has one holder, and that its chain has an entry for each act, each naming the block of the one before.
/// @dev Slots that the finance chain proves, by `keccak256(titleId ‖ slot)`, bits counted from the lowest:
/// ```
/// slot 2      head, see {TitleHead}
/// slot 2, +1  owner 160
/// slot 2, +2  issuer 160
/// slot 3      pledge: lender 160 | enforceableFrom 40 | since 40; zero when there is none
/// ```
abstract contract TitleLedger is ITitleRegistry, Products {
    struct Record {
        uint256 head;
        address owner;
        address issuer;
    }

    /// @dev Half of what a head can count. The other half is for how a title ends, and for what follows a lock, a pledge, an offer or a
    /// court's order: nobody fills the chain of a title that others rely on.
    uint24 private constant MAX_ENTRIES = 1 << 23;

    IParticipants public immutable participants;

    mapping(bytes32 titleId => Record) internal _records;
    mapping(bytes32 titleId => Pledge) internal _pledges;
    mapping(bytes32 titleId => Offer) internal _offers;
    /// @inheritdoc ITitleRegistry
    mapping(bytes32 titleId => address) public lockedBy;
    mapping(address principal => mapping(address agent => uint40)) internal _agentUntil;
    mapping(address recipient => mapping(address sender => uint40)) internal _acceptsUntil;

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc ITitleRegistry
    function title(bytes32 titleId) external view returns (Title memory) {
        TitleHead.Head memory head = _head(titleId);
        return
            Title({
                holder: head.holder,
                status: head.status,
                lastBlock: head.lastBlock,
                entries: head.entries,
                frozen: head.frozen,
                pledged: head.hold == TitleHead.Hold.Pledged,
                owner: _records[titleId].owner,
                issuer: _records[titleId].issuer
            });
    }

    /// @inheritdoc ITitleRegistry
    function formOf(bytes32 titleId) external view returns (Form) {
        return _head(titleId).form;
    }

    /// @inheritdoc ITitleRegistry
    function actsFor(address principal, address account) public view returns (bool) {
        return account == principal || _agentUntil[principal][account] >= block.timestamp;
    }

    /// @inheritdoc ITitleRegistry
    function acceptsFrom(address recipient, address sender) public view returns (bool) {
        return _acceptsUntil[recipient][sender] >= block.timestamp;
    }

    // -------------------------------------------------------------------------------------- internal: recording

    /// @dev Adds an entry; {_save} keeps it.
    function _record(
        bytes32 titleId,
        TitleHead.Head memory head,
        Action action,
        address party,
        address recipient,
        bytes32 detail
    ) internal {
        uint40 previousBlock = head.lastBlock;
        head.lastBlock = uint40(block.number); // a chain does not make 2^40 blocks
        ++head.entries;
        emit TitleRecorded(titleId, head.entries, action, msg.sender, party, recipient, previousBlock, detail);
    }

    function _save(bytes32 titleId, TitleHead.Head memory head) internal {
        _records[titleId].head = TitleHead.pack(head);
    }

    // ---------------------------------------------------------------------------------------- internal: checking

    function _head(bytes32 titleId) internal view returns (TitleHead.Head memory) {
        return TitleHead.unpack(_records[titleId].head);
    }

    function _inStatus(bytes32 titleId, Status expected) internal view returns (TitleHead.Head memory head) {
        head = _head(titleId);
        require(head.status == expected, TitleRegistry_WrongStatus(titleId, head.status));
    }

    /// @dev A title that its holder can dispose of: active, and neither frozen, pledged nor offered. A lapsed offer is forgotten.
    function _free(bytes32 titleId) internal view returns (TitleHead.Head memory head) {
        head = _inStatus(titleId, Status.Active);
        require(!head.frozen, TitleRegistry_Frozen(titleId));
        if (head.hold == TitleHead.Hold.None) return head;
        require(head.hold == TitleHead.Hold.Offered, TitleRegistry_Pledged(titleId, _pledges[titleId].lender));
        Offer memory open = _offers[titleId];
        require(open.until < block.timestamp, TitleRegistry_Offered(titleId, open.recipient, open.until));
        head.hold = TitleHead.Hold.None;
    }

    /// @dev The same, when it can go on to somebody.
    function _freeToGive(bytes32 titleId) internal view returns (TitleHead.Head memory head) {
        head = _free(titleId);
        _requireRoom(titleId, head);
    }

    /// @dev The same, when whoever holds it owns it too and it can be endorsed on.
    function _freeToEndorse(bytes32 titleId) internal view returns (TitleHead.Head memory head) {
        head = _freeToGive(titleId);
        require(head.form != Form.Named, TitleRegistry_NotTransferable(titleId));
        _requireOwner(titleId, head);
    }

    function _requireRoom(bytes32 titleId, TitleHead.Head memory head) internal pure {
        require(head.entries < MAX_ENTRIES, TitleRegistry_ChainFull(titleId));
    }

    function _requireOwner(bytes32 titleId, TitleHead.Head memory head) internal view {
        require(
            head.form == Form.Blank || _records[titleId].owner == head.holder,
            TitleRegistry_NotOwner(titleId, head.holder)
        );
    }

    /// @dev An agent must be active itself; that its principal is, the caller of this checks.
    function _requireActsFor(address party) internal view {
        if (msg.sender == party) return;
        require(actsFor(party, msg.sender), TitleRegistry_NotActingFor(party, msg.sender));
        participants.requireActive(msg.sender);
    }

    function _requireAccepts(address recipient, address sender) internal view {
        require(acceptsFrom(recipient, sender), TitleRegistry_NotAccepted(recipient, sender));
        participants.requireBothActive(recipient, sender);
    }
}
