// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDocumentRegistry} from "../documents/IDocumentRegistry.sol";
import {IClaimRegistry} from "../claims/IClaimRegistry.sol";
import {ITitleRegistry} from "./ITitleRegistry.sol";
import {TitleHead} from "./TitleHead.sol";
import {TitleLedger} from "./TitleLedger.sol";

/// @title How titles begin and end
/// @notice Guarantees that one content is one title, in whatever registry, and that only its issuer ends one, after its holder gave it
/// back. A content's claim outlives its title: goods that were delivered are not pledged again.
abstract contract TitleLifecycle is TitleLedger {
    uint16 private constant BILL_OF_LADING = 705;

    IDocumentRegistry public immutable documents;
    IClaimRegistry public immutable claims;

    /// @inheritdoc ITitleRegistry
    mapping(bytes32 paper => bytes32) public electronicOf;

    // ------------------------------------------------------------------------------------------------- issuing

    /// @inheritdoc ITitleRegistry
    function issue(Issuance calldata issuance) external {
        (address holder, address owner) = (issuance.holder, issuance.owner);
        _requireActsFor(issuance.issuer);
        require(
            (issuance.form == Form.Blank) == (owner == address(0)),
            TitleRegistry_InvalidForm(issuance.form, owner)
        );
        participants.requireBothActive(holder, owner == address(0) ? holder : owner);

        TitleHead.Head memory head = _begin(issuance.titleId, issuance.issuer, holder, owner, issuance.form);
        if (issuance.paper != 0) {
            bytes32 former = electronicOf[issuance.paper];
            require(former == 0, TitleRegistry_PaperReplaced(issuance.paper, former));
            electronicOf[issuance.paper] = issuance.titleId;
            _record(issuance.titleId, head, Action.IssuedForPaper, issuance.issuer, address(0), issuance.paper);
        }
        _save(issuance.titleId, head);
        claims.claimTitle(issuance.titleId, address(this));
        if (issuance.paper != 0) claims.claimTitle(issuance.paper, address(this));
    }

    // -------------------------------------------------------------------------------------------- surrendering

    /// @inheritdoc ITitleRegistry
    function surrender(bytes32 titleId, Purpose purpose, bytes32 request) external {
        TitleHead.Head memory head = _free(titleId);
        _requireOwner(titleId, head);
        _requireActsFor(head.holder);
        participants.requireActive(head.holder);
        // Statuses and actions are in the order of the purposes.
        head.status = Status(uint8(Status.SurrenderedForDelivery) + uint8(purpose));
        Action action = Action(uint8(Action.SurrenderForDelivery) + uint8(purpose));
        _record(titleId, head, action, head.holder, _records[titleId].issuer, request);
        _save(titleId, head);
    }

    /// @inheritdoc ITitleRegistry
    function acceptForDelivery(bytes32 titleId) external {
        (TitleHead.Head memory head, address issuer) = _surrendered(titleId, Status.SurrenderedForDelivery);
        _conclude(titleId, head, issuer, Status.Delivered, Action.AcceptDelivery, 0);
    }

    /// @inheritdoc ITitleRegistry
    function acceptForAmendment(bytes32 titleId, bytes32 replacement) external {
        (TitleHead.Head memory head, address issuer) = _surrendered(titleId, Status.SurrenderedForAmendment);
        _conclude(titleId, head, issuer, Status.Amended, Action.AcceptAmendment, replacement);

        TitleHead.Head memory next = _begin(replacement, issuer, head.holder, _records[titleId].owner, head.form);
        _record(replacement, next, Action.IssuedForAmended, issuer, address(0), titleId);
        _save(replacement, next);
        claims.claimTitle(replacement, address(this));
    }

    /// @inheritdoc ITitleRegistry
    function acceptAsVoid(bytes32 titleId) external {
        (TitleHead.Head memory head, address issuer) = _surrendered(titleId, Status.SurrenderedForAmendment);
        _conclude(titleId, head, issuer, Status.Void, Action.AcceptVoid, 0);
    }

    /// @inheritdoc ITitleRegistry
    function acceptForPaper(bytes32 titleId, bytes32 paper) external {
        (TitleHead.Head memory head, address issuer) = _surrendered(titleId, Status.SurrenderedForPaper);
        require(paper != 0, TitleRegistry_EmptyHash());
        _conclude(titleId, head, issuer, Status.Paper, Action.AcceptPaper, paper);
    }

    /// @inheritdoc ITitleRegistry
    function rejectSurrender(bytes32 titleId, bytes32 reason) external {
        Status status = _head(titleId).status;
        require(_isSurrendered(status), TitleRegistry_WrongStatus(titleId, status));
        (TitleHead.Head memory head, address issuer) = _surrendered(titleId, status);
        _conclude(titleId, head, issuer, Status.Active, Action.RejectSurrender, reason);
    }

    // ------------------------------------------------------------------------------------------------ internal

    /// @dev Whatever a content was here, it is never issued again.
    function _begin(
        bytes32 titleId,
        address issuer,
        address holder,
        address owner,
        Form form
    ) private returns (TitleHead.Head memory head) {
        require(titleId != 0, TitleRegistry_EmptyHash());
        head = _inStatus(titleId, Status.Unknown);
        _requireMayIssue(titleId, issuer);
        (head.holder, head.status, head.form) = (holder, Status.Active, form);
        Record storage begun = _records[titleId];
        begun.issuer = issuer;
        if (owner != address(0)) begun.owner = owner;
        bytes32 detail = bytes32((uint256(form) << 160) | uint160(owner));
        _record(titleId, head, Action.Issue, issuer, holder, detail);
    }

    function _conclude(
        bytes32 titleId,
        TitleHead.Head memory head,
        address issuer,
        Status status,
        Action action,
        bytes32 detail
    ) private {
        head.status = status;
        address recipient = status == Status.Active ? head.holder : address(0);
        _record(titleId, head, action, issuer, recipient, detail);
        _save(titleId, head);
    }

    function _surrendered(
        bytes32 titleId,
        Status expected
    ) private view returns (TitleHead.Head memory head, address issuer) {
        head = _inStatus(titleId, expected);
        issuer = _records[titleId].issuer;
        _requireActsFor(issuer);
        require(!head.frozen, TitleRegistry_Frozen(titleId));
        participants.requireActive(issuer);
    }

    function _requireMayIssue(bytes32 titleId, address issuer) private view {
        participants.requireActive(issuer);
        require(documents.isAccredited(issuer, BILL_OF_LADING), TitleRegistry_NotAccredited(issuer));
        IDocumentRegistry.Document memory known = documents.document(titleId);
        require(
            known.status == IDocumentRegistry.Status.Unknown ||
                (known.issuer == issuer &&
                    known.documentType == BILL_OF_LADING &&
                    known.status == IDocumentRegistry.Status.Active),
            TitleRegistry_ForeignDocument(titleId, known.issuer)
        );
    }

    function _isSurrendered(Status status) private pure returns (bool) {
        return status >= Status.SurrenderedForDelivery && status <= Status.SurrenderedForPaper;
    }
}
