// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITitleRegistry} from "./ITitleRegistry.sol";
import {TitleHead} from "./TitleHead.sol";
import {TitleLedger} from "./TitleLedger.sol";

/// @title How control and ownership go from one to the next
/// @notice Guarantees that nobody gets a title, or a pledge of one, without having said so, and that what is given is given for good. Who
/// endorses holds the title (MLETR articles 11 and 15).
abstract contract TitleTransfers is TitleLedger {
    // ------------------------------------------------------------------------------------------------- at once

    /// @inheritdoc ITitleRegistry
    function transferControl(bytes32 titleId, address to) external {
        TitleHead.Head memory head = _freeToGive(titleId);
        address giver = head.holder;
        _requireActsFor(giver);
        _requireAccepts(to, giver);
        _handOver(titleId, head, giver, to);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function endorse(bytes32 titleId, address to, Form form) external {
        TitleHead.Head memory head = _freeToEndorse(titleId);
        _requireActsFor(head.holder);
        if (form == Form.Blank) {
            require(to == address(0), TitleRegistry_InvalidForm(form, to));
            participants.requireActive(head.holder);
        } else {
            _requireAccepts(to, head.holder);
        }
        _endorse(titleId, head, head.holder, to, form);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function endorseAndTransfer(bytes32 titleId, address to, Form form) external {
        TitleHead.Head memory head = _freeToEndorse(titleId);
        address giver = head.holder;
        _requireActsFor(giver);
        _requireAccepts(to, giver);
        _give(titleId, head, giver, Offer(to, Gives.Both, form, 0, 0));
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function pledge(bytes32 titleId, address lender, uint40 enforceableFrom) external {
        TitleHead.Head memory head = _freeToEndorse(titleId);
        address giver = head.holder;
        _requireActsFor(giver);
        _requireAccepts(lender, giver);
        _pledge(titleId, head, giver, lender, enforceableFrom);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function sign(bytes32 titleId) external {
        TitleHead.Head memory head = _inStatus(titleId, Status.Active);
        _requireRoom(titleId, head);
        _requireActsFor(head.holder);
        participants.requireActive(head.holder);
        _record(titleId, head, Action.Sign, head.holder, address(0), 0);
        _save(titleId, head);
    }

    // ---------------------------------------------------------------------------------------- offered and accepted

    /// @inheritdoc ITitleRegistry
    function offer(bytes32 titleId, Offer calldata terms) external {
        TitleHead.Head memory head = terms.gives == Gives.Control ? _freeToGive(titleId) : _freeToEndorse(titleId);
        _requireActsFor(head.holder);
        if (terms.gives == Gives.Control) _requireMayHold(titleId, head, terms.recipient);
        require(
            terms.gives != Gives.Ownership || terms.form != Form.Blank,
            TitleRegistry_InvalidForm(terms.form, terms.recipient)
        );
        require(terms.until >= block.timestamp, TitleRegistry_InvalidDeadline(terms.until));
        participants.requireBothActive(terms.recipient, head.holder);

        head.hold = TitleHead.Hold.Offered;
        _offers[titleId] = terms;
        _record(titleId, head, Action.Offer, head.holder, terms.recipient, _detailOf(terms));
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function accept(bytes32 titleId, Offer calldata terms) external {
        (TitleHead.Head memory head, Offer memory open) = _open(titleId);
        require(!head.frozen, TitleRegistry_Frozen(titleId));
        _requireActsFor(open.recipient);
        require(keccak256(abi.encode(open)) == keccak256(abi.encode(terms)), TitleRegistry_OtherOffer(titleId, open));
        participants.requireBothActive(open.recipient, head.holder);

        head.hold = TitleHead.Hold.None;
        delete _offers[titleId];
        _give(titleId, head, open.recipient, open);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function decline(bytes32 titleId) external {
        (TitleHead.Head memory head, Offer memory open) = _open(titleId);
        _end(titleId, head, Action.Decline, open.recipient);
    }

    /// @inheritdoc ITitleRegistry
    function withdraw(bytes32 titleId) external {
        (TitleHead.Head memory head, ) = _open(titleId);
        _end(titleId, head, Action.Withdraw, head.holder);
    }

    /// @inheritdoc ITitleRegistry
    function offerOf(bytes32 titleId) external view returns (Offer memory open) {
        TitleHead.Head memory head = _head(titleId);
        if (head.hold == TitleHead.Hold.Offered && _offers[titleId].until >= block.timestamp) open = _offers[titleId];
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _give(bytes32 titleId, TitleHead.Head memory head, address party, Offer memory terms) internal {
        if (terms.gives == Gives.Pledge) {
            _pledge(titleId, head, party, terms.recipient, terms.enforceableFrom);
            return;
        }
        if (terms.gives != Gives.Control) _endorse(titleId, head, party, terms.recipient, terms.form);
        if (terms.gives != Gives.Ownership) _handOver(titleId, head, party, terms.recipient);
    }

    function _handOver(bytes32 titleId, TitleHead.Head memory head, address party, address to) internal {
        _requireMayHold(titleId, head, to);
        head.holder = to;
        _record(titleId, head, Action.Transfer, party, to, 0);
    }

    function _endorse(bytes32 titleId, TitleHead.Head memory head, address party, address to, Form form) internal {
        if (form == Form.Blank) to = address(0);
        head.form = form;
        _records[titleId].owner = to;
        // The three endorsements are in the order of the three forms.
        _record(titleId, head, Action(uint8(Action.Endorse) + uint8(form)), party, to, 0);
    }

    function _pledge(
        bytes32 titleId,
        TitleHead.Head memory head,
        address party,
        address lender,
        uint40 enforceableFrom
    ) internal {
        head.hold = TitleHead.Hold.Pledged;
        _pledges[titleId] = Pledge(lender, enforceableFrom, uint40(block.timestamp)); // until the year 36812
        _record(titleId, head, Action.Pledge, party, lender, bytes32(uint256(enforceableFrom)));
    }

    function _end(bytes32 titleId, TitleHead.Head memory head, Action action, address party) private {
        _requireActsFor(party);
        participants.requireActive(party);
        head.hold = TitleHead.Hold.None;
        delete _offers[titleId];
        _record(titleId, head, action, party, address(0), 0);
        _save(titleId, head);
    }

    function _open(bytes32 titleId) private view returns (TitleHead.Head memory head, Offer memory open) {
        head = _inStatus(titleId, Status.Active);
        require(head.hold == TitleHead.Hold.Offered, TitleRegistry_NotOffered(titleId));
        open = _offers[titleId];
        require(open.until >= block.timestamp, TitleRegistry_OfferLapsed(titleId, open.until));
    }

    function _requireMayHold(bytes32 titleId, TitleHead.Head memory head, address to) private view {
        require(head.form != Form.Named || _records[titleId].owner == to, TitleRegistry_NotTransferable(titleId));
    }

    function _detailOf(Offer calldata terms) private pure returns (bytes32) {
        return
            bytes32(
                (uint256(terms.gives) << 88) |
                    (uint256(terms.form) << 80) |
                    (uint256(terms.until) << 40) |
                    terms.enforceableFrom
            );
    }
}
