// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../contracts/access/Products.sol";
import {IClaimRegistry} from "../../contracts/trade/claims/IClaimRegistry.sol";
import {IDocumentRegistry} from "../../contracts/trade/documents/IDocumentRegistry.sol";
import {ITitleRegistry} from "../../contracts/trade/titles/ITitleRegistry.sol";
import {ManagedTest} from "./ManagedTest.sol";
import {vm} from "./Test.sol";

/// @title Titles as deployed, and everybody who acts on them
/// @dev A title is the seller's, to its order, unless a test says otherwise. The buyer, the bank and the financier take titles from the
/// seller; nobody else takes any from anybody.
abstract contract TitleTest is ManagedTest {
    uint64 internal constant ACCREDITOR = 4;
    uint64 internal constant COMPLIANCE = 5;

    uint16 internal constant BILL_OF_LADING = 705;
    uint40 internal constant FAR = NOW + 3650 days;
    uint40 internal constant DEADLINE = NOW + 3 days;
    uint40 internal constant ENFORCEABLE = NOW + 90 days;
    bytes32 internal constant BILL = "bill of lading";
    bytes32 internal constant OTHER_BILL = "other bill of lading";
    bytes32 internal constant PAPER = "paper original";
    bytes32 internal constant ORDER = "court order";

    IDocumentRegistry internal documents;
    IClaimRegistry internal claims;
    ITitleRegistry internal titles;

    address internal accreditor;
    address internal compliance;
    address internal carrier;
    address internal seller;
    address internal buyer;
    address internal bank;
    address internal product;
    address internal trader;

    function setUp() public virtual override {
        super.setUp();
        _nameActors();
        documents = IDocumentRegistry(
            _deploy("DocumentRegistry.sol:DocumentRegistry", abi.encode(manager, participants))
        );
        claims = IClaimRegistry(_deploy("ClaimRegistry.sol:ClaimRegistry", abi.encode(manager, participants)));
        titles = ITitleRegistry(_newTitleRegistry());
        manager.grantRole(ACCREDITOR, accreditor, 0);
        manager.grantRole(COMPLIANCE, compliance, 0);
        _allow(address(documents), IDocumentRegistry.setAccreditation.selector, ACCREDITOR);
        _accredit(carrier);
        _setProduct(address(titles), product);
        _takesFrom(buyer, seller);
        _takesFrom(bank, seller);
    }

    function _nameActors() private {
        accreditor = makeAddr("accreditor");
        compliance = makeAddr("compliance");
        product = makeAddr("product");
        (carrier, seller, buyer) = (makeAddr("carrier"), makeAddr("seller"), makeAddr("buyer"));
        (bank, trader) = (makeAddr("bank"), makeAddr("trader"));
        address[5] memory all = [carrier, seller, buyer, bank, trader];
        for (uint256 i = 0; i < all.length; ++i) _admit(all[i]);
    }

    /// @dev A registry of its own, which claims what it issues.
    function _newTitleRegistry() internal returns (address registry) {
        registry = _deploy("TitleRegistry.sol:TitleRegistry", abi.encode(manager, participants, documents, claims));
        _allow(registry, ITitleRegistry.freeze.selector, COMPLIANCE);
        _allow(registry, ITitleRegistry.unfreeze.selector, COMPLIANCE);
        _setProduct(address(claims), registry);
    }

    function _setProduct(address ledger, address allowed) internal {
        _allow(ledger, Products.setProduct.selector, VALIDATOR_ADMIN);
        vm.prank(validatorAdmin);
        Products(ledger).setProduct(allowed, true);
    }

    function _accredit(address issuer) internal {
        vm.prank(accreditor);
        documents.setAccreditation(issuer, BILL_OF_LADING, true);
    }

    function _takesFrom(address recipient, address sender) internal {
        vm.prank(recipient);
        titles.setStandingAcceptance(sender, FAR);
    }

    function _setAgent(address principal, address agent) internal {
        vm.prank(principal);
        titles.setAgent(agent, FAR);
    }

    // ------------------------------------------------------------------------------------------------- titles

    function _issuance(
        bytes32 titleId,
        address holder,
        address owner,
        ITitleRegistry.Form form
    ) internal view returns (ITitleRegistry.Issuance memory) {
        return ITitleRegistry.Issuance(titleId, carrier, holder, owner, form, 0);
    }

    function _issue(address holder, address owner, ITitleRegistry.Form form) internal {
        vm.prank(carrier);
        titles.issue(_issuance(BILL, holder, owner, form));
    }

    /// @dev To the seller's order, and in its hands.
    function _issue() internal {
        _issue(seller, seller, ITitleRegistry.Form.ToOrder);
    }

    function _offer(address recipient, ITitleRegistry.Gives gives) internal pure returns (ITitleRegistry.Offer memory) {
        uint40 enforceableFrom = gives == ITitleRegistry.Gives.Pledge ? ENFORCEABLE : 0;
        return ITitleRegistry.Offer(recipient, gives, ITitleRegistry.Form.ToOrder, DEADLINE, enforceableFrom);
    }

    function _makeOffer(ITitleRegistry.Offer memory terms) internal {
        vm.prank(titles.title(BILL).holder);
        titles.offer(BILL, terms);
    }

    function _pledgeToBank() internal {
        vm.prank(seller);
        titles.pledge(BILL, bank, ENFORCEABLE);
    }

    function _surrender(ITitleRegistry.Purpose purpose) internal {
        vm.prank(seller);
        titles.surrender(BILL, purpose, "request");
    }

    function _lock() internal {
        vm.prank(product);
        titles.lock(BILL, seller);
    }

    function _freeze() internal {
        vm.prank(compliance);
        titles.freeze(BILL, ORDER);
    }

    /// @dev Takes a title, which nobody has issued, to a status by the shortest way.
    function _bring(ITitleRegistry.Status status) internal {
        if (status == ITitleRegistry.Status.Unknown) return;
        _issue();
        if (status == ITitleRegistry.Status.Locked) _lock();
        else if (status > ITitleRegistry.Status.Locked) _surrenderAndAnswer(status);
        assertEq(uint256(titles.title(BILL).status), uint256(status), "not brought there");
    }

    function _surrenderAndAnswer(ITitleRegistry.Status status) private {
        bool delivery =
            status == ITitleRegistry.Status.SurrenderedForDelivery || status == ITitleRegistry.Status.Delivered;
        bool paper = status == ITitleRegistry.Status.SurrenderedForPaper || status == ITitleRegistry.Status.Paper;
        if (delivery) _surrender(ITitleRegistry.Purpose.Delivery);
        else _surrender(paper ? ITitleRegistry.Purpose.Paper : ITitleRegistry.Purpose.Amendment);
        vm.startPrank(carrier);
        if (status == ITitleRegistry.Status.Delivered) titles.acceptForDelivery(BILL);
        if (status == ITitleRegistry.Status.Amended) titles.acceptForAmendment(BILL, OTHER_BILL);
        if (status == ITitleRegistry.Status.Void) titles.acceptAsVoid(BILL);
        if (status == ITitleRegistry.Status.Paper) titles.acceptForPaper(BILL, PAPER);
        vm.stopPrank();
    }

    // ---------------------------------------------------------------------------------------------- assertions

    function _assertTitle(address holder, address owner, ITitleRegistry.Status status) internal view {
        ITitleRegistry.Title memory found = titles.title(BILL);
        assertEq(found.holder, holder, "holder");
        assertEq(found.owner, owner, "owner");
        assertEq(uint256(found.status), uint256(status), "status");
    }

    /// @dev The next transaction makes this entry.
    function _expectEntry(
        uint32 entry,
        ITitleRegistry.Action action,
        address actor,
        address party,
        address recipient,
        bytes32 detail
    ) internal {
        uint40 previousBlock = titles.title(BILL).lastBlock;
        vm.expectEmit(address(titles));
        emit ITitleRegistry.TitleRecorded(BILL, entry, action, actor, party, recipient, previousBlock, detail);
    }
}
