// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../../../contracts/access/IParticipants.sol";
import {IClaimRegistry} from "../../../../contracts/trade/claims/IClaimRegistry.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TitleTest} from "../../../support/TitleTest.sol";

contract TitleRegistryIssueTest is TitleTest {
    // --------------------------------------------------------------------------------------------------- forms

    function test_issue_toOrder_succeeds() public {
        bytes32 detail = bytes32((uint256(1) << 160) | uint160(bank));
        _expectEntry(1, ITitleRegistry.Action.Issue, carrier, carrier, seller, detail);
        _issue(seller, bank, ITitleRegistry.Form.ToOrder);

        ITitleRegistry.Title memory found = titles.title(BILL);
        _assertTitle(seller, bank, ITitleRegistry.Status.Active);
        assertEq(found.issuer, carrier);
        assertEq(found.entries, 1);
        assertEq(found.lastBlock, block.number);
        assertFalse(found.frozen || found.pledged);
        assertEq(uint256(titles.formOf(BILL)), uint256(ITitleRegistry.Form.ToOrder));
    }

    function test_issue_toNamedParty_succeeds() public {
        _issue(seller, buyer, ITitleRegistry.Form.Named);
        _assertTitle(seller, buyer, ITitleRegistry.Status.Active);
        assertEq(uint256(titles.formOf(BILL)), uint256(ITitleRegistry.Form.Named));
    }

    function test_issue_inBlank_succeeds() public {
        _issue(seller, address(0), ITitleRegistry.Form.Blank);
        _assertTitle(seller, address(0), ITitleRegistry.Status.Active);
    }

    function test_issue_inBlankWithOwner_reverts() public {
        _expectInvalidForm(ITitleRegistry.Form.Blank, buyer);
        _issue(seller, buyer, ITitleRegistry.Form.Blank);
    }

    function test_issue_toNobodysOrder_reverts() public {
        _expectInvalidForm(ITitleRegistry.Form.ToOrder, address(0));
        _issue(seller, address(0), ITitleRegistry.Form.ToOrder);
        _expectInvalidForm(ITitleRegistry.Form.Named, address(0));
        _issue(seller, address(0), ITitleRegistry.Form.Named);
    }

    // ------------------------------------------------------------------------------------------------- parties

    function test_issue_unaccreditedIssuer_reverts() public {
        ITitleRegistry.Issuance memory issuance = _issuance(BILL, seller, seller, ITitleRegistry.Form.ToOrder);
        issuance.issuer = trader;
        vm.prank(trader);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotAccredited.selector, trader));
        titles.issue(issuance);
    }

    function test_issue_asAgentOfUnaccredited_reverts() public {
        _setAgent(trader, carrier);
        ITitleRegistry.Issuance memory issuance = _issuance(BILL, seller, seller, ITitleRegistry.Form.ToOrder);
        issuance.issuer = trader;
        vm.prank(carrier);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotAccredited.selector, trader));
        titles.issue(issuance);
    }

    function test_issue_unknownHolderOrOwner_reverts() public {
        _expectNotActive(stranger);
        _issue(stranger, seller, ITitleRegistry.Form.ToOrder);
        _expectNotActive(stranger);
        _issue(seller, stranger, ITitleRegistry.Form.ToOrder);
        _expectNotActive(address(0));
        _issue(address(0), seller, ITitleRegistry.Form.ToOrder);
        _expectNotActive(address(0));
        _issue(address(0), address(0), ITitleRegistry.Form.Blank);
    }

    function test_issue_suspendedHolderOrOwner_reverts() public {
        _suspend(buyer);
        _expectNotActive(buyer);
        _issue(buyer, seller, ITitleRegistry.Form.ToOrder);
        _expectNotActive(buyer);
        _issue(seller, buyer, ITitleRegistry.Form.ToOrder);
    }

    // ---------------------------------------------------------------------------------------- one content, one title

    function test_issue_emptyHash_reverts() public {
        vm.prank(carrier);
        vm.expectRevert(ITitleRegistry.TitleRegistry_EmptyHash.selector);
        titles.issue(_issuance(0, seller, seller, ITitleRegistry.Form.ToOrder));
    }

    function test_issue_sameContentInOtherRegistry_reverts() public {
        ITitleRegistry other = ITitleRegistry(_newTitleRegistry());
        vm.prank(carrier);
        other.issue(_issuance(BILL, seller, seller, ITitleRegistry.Form.ToOrder));

        _expectClaimed(BILL, address(other));
        _issue();
        assertEq(uint256(titles.title(BILL).status), uint256(ITitleRegistry.Status.Unknown), "half-written");
    }

    function test_issue_contentOfEndedTitleInOtherRegistry_reverts() public {
        _bring(ITitleRegistry.Status.Delivered);
        ITitleRegistry other = ITitleRegistry(_newTitleRegistry());
        _expectClaimed(BILL, address(titles));
        vm.prank(carrier);
        other.issue(_issuance(BILL, seller, seller, ITitleRegistry.Form.ToOrder));
    }

    function test_issue_claimsItsContent_succeeds() public {
        _issue();
        IClaimRegistry.Claim memory claim = claims.titleClaimOn(BILL);
        assertEq(claim.claimant, address(titles));
        assertEq(uint256(claim.kind), uint256(IClaimRegistry.Kind.Title));
        assertEq(claim.claimReference, bytes32(uint256(uint160(address(titles)))));
    }

    function test_issue_ownStandingDocument_succeeds() public {
        vm.prank(carrier);
        documents.anchor(BILL, BILL_OF_LADING, TradeId.wrap(0));
        _issue();
        _assertTitle(seller, seller, ITitleRegistry.Status.Active);
    }

    function test_issue_documentOfOtherIssuer_reverts() public {
        _accredit(trader);
        vm.prank(trader);
        documents.anchor(BILL, BILL_OF_LADING, TradeId.wrap(0));
        _expectForeign(trader);
        _issue();
    }

    function test_issue_revokedDocument_reverts() public {
        vm.startPrank(carrier);
        documents.anchor(BILL, BILL_OF_LADING, TradeId.wrap(0));
        documents.revoke(BILL);
        vm.stopPrank();
        _expectForeign(carrier);
        _issue();
    }

    function test_issue_documentOfOtherType_reverts() public {
        vm.prank(accreditor);
        documents.setAccreditation(carrier, 380, true);
        vm.prank(carrier);
        documents.anchor(BILL, 380, TradeId.wrap(0));
        _expectForeign(carrier);
        _issue();
    }

    // --------------------------------------------------------------------------------------------------- paper

    function test_issue_inPlaceOfPaper_succeeds() public {
        _issueForPaper(BILL);
        assertEq(titles.title(BILL).entries, 2);
        assertEq(titles.electronicOf(PAPER), BILL);
        assertEq(claims.titleClaimOn(PAPER).claimant, address(titles));
    }

    function test_issue_inPlaceOfSamePaperTwice_reverts() public {
        _issueForPaper(BILL);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_PaperReplaced.selector, PAPER, BILL));
        _issueForPaper(OTHER_BILL);
    }

    /// @dev Nobody's title passes for a paper that another one replaced, nor a paper that was replaced for a title.
    function test_issue_inPlaceOfATitle_reverts() public {
        _issue();
        ITitleRegistry.Issuance memory issuance = _issuance(OTHER_BILL, seller, seller, ITitleRegistry.Form.ToOrder);
        issuance.paper = BILL;
        _expectClaimed(BILL, address(titles));
        vm.prank(carrier);
        titles.issue(issuance);
        assertEq(titles.electronicOf(BILL), 0);
    }

    function test_issue_ofAPaperThatWasReplaced_reverts() public {
        _issueForPaper(BILL);
        _expectClaimed(PAPER, address(titles));
        vm.prank(carrier);
        titles.issue(_issuance(PAPER, seller, seller, ITitleRegistry.Form.ToOrder));
    }

    function test_issue_inPlaceOfPaperReplacedElsewhere_reverts() public {
        ITitleRegistry other = ITitleRegistry(_newTitleRegistry());
        ITitleRegistry.Issuance memory issuance = _issuance(OTHER_BILL, seller, seller, ITitleRegistry.Form.ToOrder);
        issuance.paper = PAPER;
        vm.prank(carrier);
        other.issue(issuance);
        _expectClaimed(PAPER, address(other));
        _issueForPaper(BILL);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _issueForPaper(bytes32 titleId) private {
        ITitleRegistry.Issuance memory issuance = _issuance(titleId, seller, seller, ITitleRegistry.Form.ToOrder);
        issuance.paper = PAPER;
        vm.prank(carrier);
        titles.issue(issuance);
    }

    function _expectInvalidForm(ITitleRegistry.Form form, address owner) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_InvalidForm.selector, form, owner));
    }

    function _expectNotActive(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account));
    }

    function _expectForeign(address issuer) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_ForeignDocument.selector, BILL, issuer));
    }

    function _expectClaimed(bytes32 content, address registry) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaimRegistry.ClaimRegistry_AlreadyClaimed.selector,
                content,
                registry,
                bytes32(uint256(uint160(registry)))
            )
        );
    }
}
