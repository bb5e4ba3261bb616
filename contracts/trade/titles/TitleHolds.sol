// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITitleRegistry} from "./ITitleRegistry.sol";
import {TitleHead} from "./TitleHead.sol";
import {TitleTransfers} from "./TitleTransfers.sol";

/// @title What holds a title where it is: a lender's pledge, a product's lock, a court's order
/// @notice Guarantees that a pledged title moves only to its lender, and a locked one only as the product that locked it says, and
/// that a frozen one does not move at all.
abstract contract TitleHolds is TitleTransfers {
    // ------------------------------------------------------------------------------------------------- pledges

    /// @inheritdoc ITitleRegistry
    function releasePledge(bytes32 titleId) external {
        (TitleHead.Head memory head, address lender) = _unpledge(titleId);
        _record(titleId, head, Action.ReleasePledge, lender, head.holder, 0);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function enforcePledge(bytes32 titleId) external {
        uint40 enforceableFrom = _pledges[titleId].enforceableFrom;
        (TitleHead.Head memory head, address lender) = _unpledge(titleId);
        require(!head.frozen, TitleRegistry_Frozen(titleId));
        require(block.timestamp >= enforceableFrom, TitleRegistry_NotEnforceable(titleId, enforceableFrom));
        _record(titleId, head, Action.EnforcePledge, lender, lender, 0);
        _moveBoth(titleId, head, lender, lender);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function pledgeOf(bytes32 titleId) external view returns (Pledge memory) {
        return _pledges[titleId];
    }

    // ------------------------------------------------------------------------------------------------ products

    /// @inheritdoc ITitleRegistry
    function lock(bytes32 titleId, address seller) external onlyProduct {
        TitleHead.Head memory head = _freeToEndorse(titleId);
        require(head.holder == seller, TitleRegistry_NotOwner(titleId, seller));
        participants.requireActive(seller);
        head.status = Status.Locked;
        lockedBy[titleId] = msg.sender;
        _record(titleId, head, Action.Lock, seller, address(0), 0);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function unlock(bytes32 titleId) external {
        TitleHead.Head memory head = _unlock(titleId);
        _record(titleId, head, Action.Unlock, head.holder, address(0), 0);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    /// @dev Whether the recipient is an active participant now is not asked: it has paid.
    function deliverLocked(bytes32 titleId, address to) external {
        require(to != address(0), TitleRegistry_NoRecipient(titleId));
        TitleHead.Head memory head = _unlock(titleId);
        require(!head.frozen, TitleRegistry_Frozen(titleId));
        _moveBoth(titleId, head, head.holder, to);
        _save(titleId, head);
    }

    // -------------------------------------------------------------------------------------------------- courts

    /// @inheritdoc ITitleRegistry
    function freeze(bytes32 titleId, bytes32 order) external restricted {
        TitleHead.Head memory head = _head(titleId);
        bool lives = head.status != Status.Unknown && head.status < Status.Delivered;
        require(lives, TitleRegistry_WrongStatus(titleId, head.status));
        require(!head.frozen, TitleRegistry_Frozen(titleId));
        _setFrozen(titleId, head, Action.Freeze, order);
    }

    /// @inheritdoc ITitleRegistry
    function unfreeze(bytes32 titleId, bytes32 order) external restricted {
        TitleHead.Head memory head = _head(titleId);
        require(head.frozen, TitleRegistry_NotFrozen(titleId));
        _setFrozen(titleId, head, Action.Unfreeze, order);
    }

    // ------------------------------------------------------------------------------------------------ internal

    /// @dev One in blank stays so: who holds it owns it.
    function _moveBoth(bytes32 titleId, TitleHead.Head memory head, address party, address to) private {
        if (head.form == Form.ToOrder) _endorse(titleId, head, party, to, Form.ToOrder);
        _handOver(titleId, head, party, to);
    }

    function _unpledge(bytes32 titleId) private returns (TitleHead.Head memory head, address lender) {
        head = _head(titleId);
        require(head.hold == TitleHead.Hold.Pledged, TitleRegistry_NotPledged(titleId));
        lender = _pledges[titleId].lender;
        _requireActsFor(lender);
        participants.requireActive(lender);
        head.hold = TitleHead.Hold.None;
        delete _pledges[titleId];
    }

    function _unlock(bytes32 titleId) private returns (TitleHead.Head memory head) {
        head = _inStatus(titleId, Status.Locked);
        require(lockedBy[titleId] == msg.sender, TitleRegistry_NotLockedBy(titleId, msg.sender));
        head.status = Status.Active;
        delete lockedBy[titleId];
    }

    function _setFrozen(bytes32 titleId, TitleHead.Head memory head, Action action, bytes32 order) private {
        require(order != 0, TitleRegistry_EmptyHash());
        head.frozen = action == Action.Freeze;
        _record(titleId, head, action, msg.sender, address(0), order);
        _save(titleId, head);
    }
}
