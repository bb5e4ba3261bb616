// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClaimRegistry} from "../../../../contracts/trade/claims/IClaimRegistry.sol";
import {IForeignTitles} from "../../../../contracts/trade/sales/IForeignTitles.sol";
import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {TitleCondition} from "../../../../contracts/trade/sales/TitleCondition.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {ForeignRegistry} from "../../../support/ForeignRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice A trade of two milestones, 40 % on a bill of lading and 60 % on a title.
contract TradeBookTitlesTest is TradeWorld {
    uint256 internal constant TOKEN = 0x7117;
    uint256 internal constant SECOND = (AMOUNT * 6) / 10;
    address internal constant BURNT = 0x000000000000000000000000000000000000dEaD;

    ForeignRegistry internal titles;

    function setUp() public override {
        super.setUp();
        titles = new ForeignRegistry();
        titles.mint(TOKEN, seller, seller);
        _recognise(true);
    }

    // --------------------------------------------------------------------------------------------------- proposing

    function test_propose_documentsBesideATitle_reverts() public {
        ITradeBook.Terms memory terms = _titled();
        terms.milestones[1].requirements = terms.milestones[0].requirements;
        _refuse(terms, abi.encodeWithSelector(ITradeBook.TradeBook_InvalidRequirements.selector, 1));
    }

    function test_propose_neitherDocumentsNorTitle_reverts() public {
        ITradeBook.Terms memory terms = _titled();
        terms.milestones[0].requirements = new ITradeBook.Requirement[](0);
        _refuse(terms, abi.encodeWithSelector(ITradeBook.TradeBook_InvalidRequirements.selector, 0));
    }

    function test_propose_titlesForOtherCounts_revert() public {
        ITradeBook.Terms memory terms = _titled();
        terms.titles = new TitleCondition[](1);
        _refuse(terms, abi.encodeWithSelector(ITradeBook.TradeBook_InvalidTitleCount.selector, 1));
        terms.titles = new TitleCondition[](3);
        _refuse(terms, abi.encodeWithSelector(ITradeBook.TradeBook_InvalidTitleCount.selector, 3));
    }

    /// @dev Two terms that say the same would be two trades.
    function test_propose_onlyEmptyConditions_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.titles = new TitleCondition[](2);
        _refuse(terms, abi.encodeWithSelector(ITradeBook.TradeBook_InvalidTitleCount.selector, 2));
    }

    function test_propose_incompleteTitle_reverts() public {
        bytes memory expected = abi.encodeWithSelector(ITradeBook.TradeBook_InvalidTitle.selector, 1);
        ITradeBook.Terms memory terms = _titled();
        terms.titles[1].tokenId = 0;
        _refuse(terms, expected);
        terms = _titled();
        terms.titles[1].holder = address(0);
        _refuse(terms, expected);
        terms = _titled();
        terms.titles[1].beneficiary = address(0);
        _refuse(terms, expected);
        terms = _titled();
        terms.titles[1].registry = address(0);
        _refuse(terms, expected);
    }

    /// @dev It could be there already, and be kept for this trade all the same.
    function test_propose_titleThatStaysTheSellers_reverts() public {
        bytes memory expected = abi.encodeWithSelector(ITradeBook.TradeBook_InvalidTitle.selector, 1);
        ITradeBook.Terms memory terms = _titled();
        terms.titles[1].holder = seller;
        _refuse(terms, expected);
        terms = _titled();
        terms.titles[1].beneficiary = seller;
        _refuse(terms, expected);
    }

    // ---------------------------------------------------------------------------------------------------- agreeing

    function test_agree_keepsAndClaimsTheTitle() public {
        TradeId tradeId = _agree(_titled());
        assertEq(TradeId.unwrap(tradeBook.tradeOfTitle(address(titles), TOKEN)), TradeId.unwrap(tradeId));
        IClaimRegistry.Claim memory claim = claims.titleClaimOn(bytes32(TOKEN));
        assertEq(claim.claimant, address(tradeBook));
        assertEq(claim.claimReference, bytes32(uint256(uint160(address(titles)))));
        assertEq(settlement.escrow(tradeId).titled, 2);
    }

    function test_agree_unrecognisedRegistry_reverts() public {
        TradeId tradeId = _propose(_titled());
        _recognise(false);
        vm.expectRevert(abi.encodeWithSelector(IForeignTitles.ForeignTitles_NotRecognised.selector, address(titles)));
        vm.prank(buyer);
        tradeBook.accept(tradeId);
    }

    function test_agree_titleInAnotherTrade_reverts() public {
        TradeId first = _agree(_titled());
        ITradeBook.Terms memory terms = _titled();
        terms.purchaseReference = "PO-2";
        TradeId second = _propose(terms);
        bytes4 selector = IForeignTitles.ForeignTitles_InAnotherTrade.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(titles), TOKEN, first));
        vm.prank(buyer);
        tradeBook.accept(second);
    }

    /// @dev The same content in two registries is one title too many.
    function test_agree_contentClaimedElsewhere_reverts() public {
        _agree(_titled());
        ForeignRegistry other = new ForeignRegistry();
        other.mint(TOKEN, seller, seller);
        vm.prank(accreditor);
        tradeBook.recogniseTitleRegistry(address(other), true);
        ITradeBook.Terms memory terms = _titled();
        terms.titles[1].registry = address(other);
        TradeId second = _propose(terms);
        vm.expectPartialRevert(IClaimRegistry.ClaimRegistry_AlreadyClaimed.selector);
        vm.prank(buyer);
        tradeBook.accept(second);
    }

    /// @dev Who has not the title cannot keep others from selling it.
    function test_agree_titleOfOthers_keepsNothing() public {
        titles.mint(TOKEN, carrier, carrier);
        _assertKeepsNothing();
    }

    function test_agree_surrenderedBurntOrUnknownTitle_keepsNothing() public {
        titles.setOwner(TOKEN, address(titles));
        _assertKeepsNothing();
        titles.setOwner(TOKEN, BURNT);
        _assertKeepsNothing();
        titles.setOwner(TOKEN, address(0));
        _assertKeepsNothing();
    }

    function test_keepTitle_issuedLater_keeps() public {
        titles.setOwner(TOKEN, address(0));
        TradeId tradeId = _agree(_titled());
        bytes4 selector = IForeignTitles.ForeignTitles_NotTheSellers.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(titles), TOKEN, seller));
        tradeBook.keepTitle(tradeId, 1);
        titles.mint(TOKEN, seller, carrier);
        vm.prank(stranger);
        tradeBook.keepTitle(tradeId, 1);
        assertEq(TradeId.unwrap(tradeBook.tradeOfTitle(address(titles), TOKEN)), TradeId.unwrap(tradeId));
    }

    function test_keepTitle_keptAlready_changesNothing() public {
        TradeId tradeId = _agree(_titled());
        vm.recordLogs();
        tradeBook.keepTitle(tradeId, 1);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(TradeId.unwrap(tradeBook.tradeOfTitle(address(titles), TOKEN)), TradeId.unwrap(tradeId));
    }

    function test_keepTitle_milestoneOfDocuments_reverts() public {
        TradeId tradeId = _agree(_titled());
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NoTitle.selector, tradeId, 0));
        tradeBook.keepTitle(tradeId, 0);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NoTitle.selector, tradeId, 300));
        tradeBook.keepTitle(tradeId, 300);
    }

    function test_recognise_byStranger_reverts() public {
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        tradeBook.recogniseTitleRegistry(address(titles), true);
    }

    // -------------------------------------------------------------------------------------------------- performing

    function test_release_ofATitle_reverts() public {
        TradeId tradeId = _agree(_titled());
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_WaitsForTitle.selector, tradeId, 1));
        vm.prank(buyer);
        tradeBook.release(tradeId, 1);
    }

    /// @dev Nothing is not all of no documents.
    function test_documents_doNotReachATitle() public {
        TradeId tradeId = _agree(_titled());
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Reached);
        _assertMilestone(tradeId, 1, ITradeBook.MilestoneState.Pending);
        _assertState(tradeId, ITradeBook.State.Agreed);
    }

    function test_paidLast_completesAndLetsGo() public {
        TradeId tradeId = _agree(_titled());
        _anchor(carrier, BILL_OF_LADING, tradeId);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeCompleted(tradeId);
        _report(tradeId, 1);
        _assertState(tradeId, ITradeBook.State.Completed);
        _assertMilestone(tradeId, 1, ITradeBook.MilestoneState.Paid);
        _assertLetGo();
    }

    function test_paidFirst_completesWithTheDocuments() public {
        TradeId tradeId = _agree(_titled());
        _report(tradeId, 1);
        _assertState(tradeId, ITradeBook.State.Agreed);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _assertState(tradeId, ITradeBook.State.Completed);
        _assertLetGo();
    }

    /// @dev One title in two milestones, on its way to a bank and from there: the first payment leaves it kept for the second.
    function test_titleTwice_isKeptUntilBothArePaid() public {
        ITradeBook.Terms memory terms = _titled();
        terms.milestones[0].requirements = new ITradeBook.Requirement[](0);
        terms.titles[0] = terms.titles[1];
        terms.titles[0].holder = carrier;
        TradeId tradeId = _agree(terms);
        _report(tradeId, 0);
        assertEq(TradeId.unwrap(tradeBook.tradeOfTitle(address(titles), TOKEN)), TradeId.unwrap(tradeId));
        _report(tradeId, 1);
        _assertLetGo();
    }

    /// @dev Two sellers who both have a part of a title, and whose buyers name one bank: only the first trade keeps it.
    function test_titleOfTwoSellers_isKeptForOne() public {
        titles.mint(TOKEN, seller, carrier);
        ITradeBook.Terms memory terms = _titled();
        terms.titles[1].holder = broker;
        terms.titles[1].beneficiary = broker;
        TradeId first = _agree(terms);
        vm.prank(carrier);
        TradeId second = tradeBook.propose(terms);
        bytes4 selector = IForeignTitles.ForeignTitles_InAnotherTrade.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(titles), TOKEN, first));
        vm.prank(buyer);
        tradeBook.accept(second);
    }

    /// @dev Agreed while another trade keeps the title it has gone under, and never kept: its seller has nothing to keep.
    function test_keepTitle_afterDeliveryUnderAnotherTrade_reverts() public {
        titles.setOwner(TOKEN, address(0));
        TradeId first = _agree(_titled());
        ITradeBook.Terms memory terms = _titled();
        terms.purchaseReference = "PO-2";
        TradeId second = _agree(terms);
        titles.mint(TOKEN, seller, seller);
        tradeBook.keepTitle(first, 1);
        titles.mint(TOKEN, buyer, buyer);
        vm.prank(buyer);
        tradeBook.cancel(first);
        vm.prank(seller);
        tradeBook.cancel(first);
        bytes4 selector = IForeignTitles.ForeignTitles_NotTheSellers.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(titles), TOKEN, seller));
        tradeBook.keepTitle(second, 1);
    }

    // ---------------------------------------------------------------------------------------------------- ending

    function test_expire_reportsDocumentsAlone() public {
        TradeId tradeId = _agree(_titled());
        _report(tradeId, 1);
        vm.warp(EXPIRY + 1);
        vm.prank(buyer);
        tradeBook.expire(tradeId);
        assertEq(_lastMessage(), TradeMessages.terminated(tradeId, 0));
        _assertLetGo();
    }

    function test_cancel_letsGo_andAnotherTradeCanKeep() public {
        TradeId tradeId = _agree(_titled());
        vm.prank(buyer);
        tradeBook.cancel(tradeId);
        vm.prank(seller);
        tradeBook.cancel(tradeId);
        _assertLetGo();
        ITradeBook.Terms memory terms = _titled();
        terms.purchaseReference = "PO-2";
        TradeId second = _agree(terms);
        assertEq(TradeId.unwrap(tradeBook.tradeOfTitle(address(titles), TOKEN)), TradeId.unwrap(second));
    }

    /// @dev A registry that would not release its claim must not keep the buyer's money.
    function test_expire_claimThatCannotBeReleased_ends() public {
        TradeId tradeId = _agree(_titled());
        claims.setProduct(address(tradeBook), false);
        vm.warp(EXPIRY + 1);
        vm.prank(buyer);
        tradeBook.expire(tradeId);
        _assertState(tradeId, ITradeBook.State.Expired);
        assertEq(TradeId.unwrap(tradeBook.tradeOfTitle(address(titles), TOKEN)), 0);
    }

    function test_dispute_isSent_andItsEndToo() public {
        TradeId tradeId = _agree(_titled());
        vm.prank(buyer);
        tradeBook.dispute(tradeId);
        assertEq(_lastMessage(), TradeMessages.disputed(tradeId, 1));
        vm.warp(NOW + 1 days);
        vm.prank(arbiter);
        tradeBook.resolve(tradeId, true);
        assertEq(_lastMessage(), TradeMessages.resumed(tradeId, 2, EXPIRY + 1 days));
        gateway.deliverAll();
        (, bool disputed) = settlement.titlesOf(tradeId);
        assertFalse(disputed);
    }

    function test_dispute_withoutTitles_isNotSent() public {
        TradeId tradeId = _agree(_terms());
        uint256 sent = gateway.sent();
        vm.prank(buyer);
        tradeBook.dispute(tradeId);
        assertEq(gateway.sent(), sent);
    }

    /// @dev The last milestone was paid while this chain already held the trade.
    function test_resolve_whenAllIsPaid_completes() public {
        TradeId tradeId = _agree(_titled());
        _anchor(carrier, BILL_OF_LADING, tradeId);
        vm.prank(buyer);
        tradeBook.dispute(tradeId);
        _report(tradeId, 1);
        _assertState(tradeId, ITradeBook.State.Disputed);
        vm.prank(arbiter);
        tradeBook.resolve(tradeId, true);
        _assertState(tradeId, ITradeBook.State.Completed);
        _assertLetGo();
    }

    // --------------------------------------------------------------------------------------------------- shorthands

    function _titled() private view returns (ITradeBook.Terms memory terms) {
        terms = _terms();
        terms.milestones[1].requirements = new ITradeBook.Requirement[](0);
        terms.titles = new TitleCondition[](2);
        terms.titles[1] = TitleCondition({
            registry: address(titles),
            tokenId: TOKEN,
            holder: buyer,
            beneficiary: buyer
        });
    }

    function _recognise(bool recognised) private {
        vm.prank(accreditor);
        tradeBook.recogniseTitleRegistry(address(titles), recognised);
    }

    function _refuse(ITradeBook.Terms memory terms, bytes memory expected) private {
        vm.expectRevert(expected);
        _propose(terms);
    }

    /// @dev What the settlement would say.
    function _report(TradeId tradeId, uint256 milestone) private {
        bytes memory payload = TradeMessages.milestonePaid(tradeId, milestone, SECOND, false);
        gateway.inject(address(settlement), address(tradeBook), payload);
    }

    function _lastMessage() private view returns (bytes memory) {
        return gateway.message(gateway.sent() - 1).payload;
    }

    function _assertKeepsNothing() private {
        uint256 state = vm.snapshotState();
        TradeId tradeId = _agree(_titled());
        _assertState(tradeId, ITradeBook.State.Agreed);
        _assertLetGo();
        vm.revertToState(state);
    }

    function _assertLetGo() private view {
        assertEq(TradeId.unwrap(tradeBook.tradeOfTitle(address(titles), TOKEN)), 0);
        assertEq(claims.titleClaimOn(bytes32(TOKEN)).claimant, address(0));
    }
}
