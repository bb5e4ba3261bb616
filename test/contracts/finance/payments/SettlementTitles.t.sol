// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {ITitleFacts} from "../../../../contracts/finance/titles/ITitleFacts.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {TitleCondition} from "../../../../contracts/trade/sales/TitleCondition.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {EscrowTerms, TitleTerms, TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TitleProofTest} from "../../../support/TitleProofTest.sol";

/// @notice A trade of two milestones, 40 % on documents and 60 % on a title.
contract SettlementTitlesTest is TitleProofTest {
    TradeId internal constant OTHER = TradeId.wrap("another trade");
    uint256 internal constant SECOND = (AMOUNT * 6) / 10;
    uint40 internal constant AGREED_AT = NOW;

    function setUp() public override {
        super.setUp();
        titleFacts.linkTradeBook(address(tradeBook));
        _openOnTitle(TRADE, AGREED_AT);
    }

    // -------------------------------------------------------------------------------------------------- reaching

    function test_open_keepsConditions() public view {
        (TitleTerms memory kept, bool disputed) = settlement.titlesOf(TRADE);
        assertEq(abi.encode(kept), abi.encode(_titleTerms(AGREED_AT)));
        assertFalse(disputed);
        assertEq(settlement.escrow(TRADE).titled, 2);
    }

    /// @dev By anybody, and drawn on nothing: the money is held for the seller, who names the documents.
    function test_reachByTitle_byStranger_isHeld() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        ITitleFacts.TitleProof memory proof = _prove(1);
        vm.expectEmit(address(settlement));
        emit ISettlement.TitleShown(TRADE, 1, NOW + 1);
        vm.prank(stranger);
        settlement.reachByTitle(TRADE, 1, proof, new bytes32[](0));
        assertEq(settlement.escrow(TRADE).held, 2);
        assertEq(settlement.escrow(TRADE).released, SECOND);
        assertEq(dollar.balanceOf(seller), 0);

        bytes32[] memory documents = _registered();
        vm.prank(seller);
        settlement.settleHeld(TRADE, 1, documents);
        assertEq(dollar.balanceOf(seller), SECOND);
    }

    function test_reachByTitle_bySeller_pays() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reachAs(seller, TRADE, 1, _registered());
        assertEq(dollar.balanceOf(seller), SECOND);
        _assertEscrow(TRADE, ISettlement.State.Funded);
        assertEq(gateway.message(gateway.sent() - 1).payload, TradeMessages.milestonePaid(TRADE, 1, SECOND, false));
    }

    function test_reachByTitle_documentsByStranger_reverts() public {
        _refuse(
            stranger,
            TRADE,
            1,
            1,
            _registered(),
            abi.encodeWithSelector(ISettlement.Settlement_NotParty.selector, TRADE, stranger)
        );
    }

    function test_reachByTitle_nineDocuments_reverts() public {
        bytes memory expected = abi.encodeWithSelector(ISettlement.Settlement_TooManyDocuments.selector, 9);
        _refuse(seller, TRADE, 1, 1, new bytes32[](9), expected);
    }

    function test_reachByTitle_last_closes() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 0);
        _reachAs(buyer, TRADE, 1, _registered());
        assertEq(dollar.balanceOf(seller), AMOUNT);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function test_reachByTitle_beforeFunding_isDue() public moneyIsConserved {
        bytes32[] memory documents = _registered();
        ITitleFacts.TitleProof memory proof = _prove(1);
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestoneDue(TRADE, 1, SECOND);
        vm.prank(seller);
        settlement.reachByTitle(TRADE, 1, proof, documents);
        assertEq(dollar.balanceOf(seller), 0);
        _fund(TRADE, AMOUNT);
        assertEq(dollar.balanceOf(seller), SECOND);
    }

    function test_reachByTitle_twice_reverts() public {
        _reachBy(stranger, TRADE, 1);
        bytes4 selector = ISettlement.Settlement_MilestoneAlreadyReached.selector;
        _refuse(TRADE, 1, 2, abi.encodeWithSelector(selector, TRADE, 1));
    }

    function test_reachByTitle_milestoneOfDocuments_reverts() public {
        _refuse(TRADE, 0, 1, abi.encodeWithSelector(ISettlement.Settlement_NoTitle.selector, TRADE, 0));
        _refuse(TRADE, 2, 1, abi.encodeWithSelector(ISettlement.Settlement_NoTitle.selector, TRADE, 2));
        _refuse(OTHER, 1, 1, abi.encodeWithSelector(ISettlement.Settlement_NoTitle.selector, OTHER, 1));
    }

    function test_reachByTitle_notDelivered_reverts() public {
        _setEscrow(4, uint160(seller));
        bytes4 selector = ITitleFacts.TitleFacts_StillRejectable.selector;
        _refuse(TRADE, 1, 1, abi.encodeWithSelector(selector, seller, address(0)));
        assertEq(settlement.escrow(TRADE).reached, 0);
    }

    // ------------------------------------------------------------------------------------------------- when it was so

    /// @dev A title that went through the buyer's hands before: blocks of one second cannot be told apart, so that one counts as
    /// before.
    function test_shownAtAgreement_reverts() public {
        _refuseOutOfTime(0, AGREED_AT, EXPIRY);
    }

    function test_shownBeforeAgreement_reverts() public {
        _openOnTitle(OTHER, NOW + 10);
        _keepFor(OTHER);
        bytes4 selector = ISettlement.Settlement_ShownOutOfTime.selector;
        _refuse(OTHER, 1, 9, abi.encodeWithSelector(selector, NOW + 9, NOW + 10, EXPIRY));
        _reachBy(stranger, OTHER, 11);
    }

    function test_shownAfterExpiry_reverts() public {
        TradeId brief = TradeId.wrap("a brief trade");
        _openOnTitle(brief, AGREED_AT, NOW + 5);
        _keepFor(brief);
        bytes4 selector = ISettlement.Settlement_ShownOutOfTime.selector;
        _refuse(brief, 1, 6, abi.encodeWithSelector(selector, NOW + 6, AGREED_AT, NOW + 5));
        _reachBy(stranger, brief, 5);
    }

    /// @dev What was so in time can be shown later, until the trade ends.
    function test_shownInTime_provenLater_succeeds() public {
        vm.warp(EXPIRY + 1);
        _reachBy(stranger, TRADE, 1);
        assertEq(settlement.escrow(TRADE).reached, 2);
    }

    // ------------------------------------------------------------------------------------------ one title, two trades

    /// @dev Two sellers and two buyers, who name the same bank: the title goes there once.
    function test_titleAtABankOfTwoTrades_paysTheOneThatKeptIt() public moneyIsConserved {
        TradeId banked = TradeId.wrap("a trade by the bank");
        _openAtBank(banked, seller);
        _openAtBank(OTHER, stranger);
        chain.mint(titles, TOKEN, escrowOfTitle, bank, bank);
        _keepFor(banked);
        _refuseKept(OTHER, 5, banked);
        _reachBy(stranger, banked, 5);
        assertEq(settlement.escrow(banked).reached, 2);
        // Let go: it pays for no other, and the other's seller has it not, so that nothing keeps it.
        _keepFor(TradeId.wrap(0));
        _refuseKept(OTHER, 6, TradeId.wrap(0));
        assertEq(settlement.escrow(OTHER).reached, 0);
    }

    /// @dev The earlier trade was cancelled, which this chain has not heard when the title gets to the buyer of both.
    function test_deliveredUnderTheNextTrade_paysThatAlone() public {
        _openOnTitle(OTHER, NOW + 10);
        _setEscrow(2, uint160(seller));
        bytes4 selector = ITitleFacts.TitleFacts_WrongBeneficiary.selector;
        _refuse(TRADE, 1, 9, abi.encodeWithSelector(selector, buyer, seller));
        _keepFor(OTHER);
        _setEscrow(2, uint160(buyer));
        _refuseKept(TRADE, 20, OTHER);
        _reachBy(stranger, OTHER, 21);
        assertEq(settlement.escrow(OTHER).reached, 2);
    }

    /// @dev What was delivered before the trade ended is a true delivery under it, until this chain hears of the end.
    function test_deliveredBeforeTheEnd_shownAfter_succeeds() public {
        ITitleFacts.TitleProof memory kept = _prove(5);
        _keepFor(TradeId.wrap(0));
        _refuseKept(TRADE, 6, TradeId.wrap(0));
        settlement.reachByTitle(TRADE, 1, kept, new bytes32[](0));
        assertEq(settlement.escrow(TRADE).reached, 2);
    }

    /// @dev The seller has it not, so the trade book keeps it for no trade of theirs.
    function test_titleThereBeforeTheTrade_reverts() public {
        _keepFor(TradeId.wrap(0));
        _openOnTitle(OTHER, NOW + 5);
        _refuseKept(OTHER, 6, TradeId.wrap(0));
    }

    function test_titleSoldOn_paysAgain() public {
        _reachBy(stranger, TRADE, 5);
        _openOnTitle(OTHER, NOW + 5);
        _keepFor(OTHER);
        _reachBy(stranger, OTHER, 6);
        assertEq(settlement.escrow(OTHER).reached, 2);
    }

    function test_titleTwiceInOneTrade_paysBoth() public {
        TradeId twice = TradeId.wrap("a trade with one title twice");
        TitleTerms memory terms = _titleTerms(AGREED_AT);
        terms.conditions[0] = _condition();
        trades.push(twice);
        _say(TradeMessages.agreedOnTitles(twice, _escrowTerms(AMOUNT, _shares(4_000, 6_000)), terms));
        _keepFor(twice);
        _reachBy(stranger, twice, 9);
        _reachMilestone(stranger, twice, 0, 3, new bytes32[](0));
        assertEq(settlement.escrow(twice).reached, 3);
    }

    // --------------------------------------------------------------------------------------------------- disputes

    function test_disputed_holdsTitles() public {
        vm.expectEmit(address(settlement));
        emit ISettlement.TitlesDisputed(TRADE);
        _say(TradeMessages.disputed(TRADE, 1));
        (, bool disputed) = settlement.titlesOf(TRADE);
        assertTrue(disputed);
        _refuse(TRADE, 1, 1, abi.encodeWithSelector(ISettlement.Settlement_Disputed.selector, TRADE));
    }

    function test_resumed_countsAgain_untilTheNewExpiry() public {
        _say(TradeMessages.disputed(TRADE, 1));
        vm.expectEmit(address(settlement));
        emit ISettlement.TitlesResumed(TRADE, NOW + 7);
        _say(TradeMessages.resumed(TRADE, 2, NOW + 7));
        _refuseOutOfTime(8, AGREED_AT, NOW + 7);
        _reachBy(stranger, TRADE, 7);
    }

    /// @dev Failed messages can be retried in any order.
    function test_turns_inAnyOtherOrder_revert() public {
        _refuseTurn(TradeMessages.resumed(TRADE, 2, NOW + 7), 0, 2);
        _say(TradeMessages.disputed(TRADE, 1));
        _refuseTurn(TradeMessages.disputed(TRADE, 1), 1, 1);
        _refuseTurn(TradeMessages.disputed(TRADE, 3), 1, 3);
        _say(TradeMessages.resumed(TRADE, 2, EXPIRY));
        _refuseTurn(TradeMessages.resumed(TRADE, 2, EXPIRY), 2, 2);
        _say(TradeMessages.disputed(TRADE, 3));
        (, bool disputed) = settlement.titlesOf(TRADE);
        assertTrue(disputed);
    }

    function test_disputed_unknownTrade_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_OutOfTurn.selector, OTHER, 0, 1));
        _say(TradeMessages.disputed(OTHER, 1));
    }

    // ------------------------------------------------------------------------------------------------------ ending

    /// @dev What the trade book reports as reached is what it knows: documents.
    function test_terminated_afterTheTitle_refundsTheRest() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reachAs(seller, TRADE, 1, _registered());
        _say(TradeMessages.terminated(TRADE, 0));
        assertEq(dollar.balanceOf(seller), SECOND);
        assertEq(dollar.balanceOf(buyer), AMOUNT - SECOND);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function test_terminated_beforeTheTitle_refundsAll() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _say(TradeMessages.terminated(TRADE, 0));
        assertEq(dollar.balanceOf(buyer), AMOUNT);
        bytes4 selector = ISettlement.Settlement_WrongState.selector;
        _refuse(TRADE, 1, 1, abi.encodeWithSelector(selector, TRADE, ISettlement.State.Closed));
    }

    function test_terminated_unfunded_owesForTheTitle() public moneyIsConserved {
        _reachAs(seller, TRADE, 1, _registered());
        _say(TradeMessages.terminated(TRADE, 0));
        _assertEscrow(TRADE, ISettlement.State.Owing);
        _fund(TRADE, SECOND);
        assertEq(dollar.balanceOf(seller), SECOND);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function test_terminated_missingDocuments_reverts() public {
        _reachBy(stranger, TRADE, 1);
        bytes4 selector = ISettlement.Settlement_MilestonesMissing.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, TRADE, 0, 1));
        _say(TradeMessages.terminated(TRADE, 1));
    }

    /// @dev The trade book ended the trade before it heard that the title was paid for.
    function test_terminated_whenAllIsPaid_changesNothing() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 0);
        _reachAs(seller, TRADE, 1, _registered());
        _say(TradeMessages.terminated(TRADE, 1));
        assertEq(dollar.balanceOf(seller), AMOUNT);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    /// @dev A proof is a call of its own and has no message's limit; this is what it costs on shallow tries.
    /// @dev Half as much when coverage does not count along.
    function test_reachByTitle_gas() public {
        _fund(TRADE, AMOUNT);
        bytes32[] memory documents = _registered();
        ITitleFacts.TitleProof memory proof = _prove(1);
        vm.prank(seller);
        uint256 before = gasleft();
        settlement.reachByTitle(TRADE, 1, proof, documents);
        assertLe(before - gasleft(), 1_500_000);
    }

    // -------------------------------------------------------------------------------------------------- shorthands

    function _openOnTitle(TradeId tradeId, uint40 agreedAt) private {
        _openOnTitle(tradeId, agreedAt, EXPIRY);
    }

    function _openOnTitle(TradeId tradeId, uint40 agreedAt, uint40 expiry) private {
        trades.push(tradeId);
        TitleTerms memory terms = _titleTerms(agreedAt);
        terms.expiry = expiry;
        _say(TradeMessages.agreedOnTitles(tradeId, _escrowTerms(AMOUNT, _shares(4_000, 6_000)), terms));
    }

    /// @dev A trade of other parties than ours when `by` is not the seller.
    function _openAtBank(TradeId tradeId, address by) private {
        EscrowTerms memory escrowTerms = _escrowTerms(1, _shares(4_000, 6_000));
        escrowTerms.seller = by;
        TitleTerms memory terms = _titleTerms(AGREED_AT);
        (terms.conditions[1].holder, terms.conditions[1].beneficiary) = (bank, bank);
        trades.push(tradeId);
        _say(TradeMessages.agreedOnTitles(tradeId, escrowTerms, terms));
    }

    function _titleTerms(uint40 agreedAt) private view returns (TitleTerms memory terms) {
        terms = TitleTerms(agreedAt, EXPIRY, new TitleCondition[](2));
        terms.conditions[1] = _condition();
    }

    /// @dev An invoice that the ledger knows.
    function _registered() private returns (bytes32[] memory documents) {
        ProvenDocument[] memory proven = _evidence();
        vm.prank(address(settlement));
        ledger.register(proven);
        documents = new bytes32[](1);
        documents[0] = proven[0].documentHash;
    }

    function _reachBy(address by, TradeId tradeId, uint256 number) private {
        _reachMilestone(by, tradeId, 1, number, new bytes32[](0));
    }

    function _reachAs(address by, TradeId tradeId, uint256 number, bytes32[] memory documents) private {
        _reachMilestone(by, tradeId, 1, number, documents);
    }

    function _reachMilestone(
        address by,
        TradeId tradeId,
        uint256 milestone,
        uint256 number,
        bytes32[] memory documents
    ) private {
        ITitleFacts.TitleProof memory proof = _prove(number);
        vm.prank(by);
        settlement.reachByTitle(tradeId, milestone, proof, documents);
    }

    function _refuse(TradeId tradeId, uint256 milestone, uint256 number, bytes memory expected) private {
        _refuse(stranger, tradeId, milestone, number, new bytes32[](0), expected);
    }

    function _refuse(
        address by,
        TradeId tradeId,
        uint256 milestone,
        uint256 number,
        bytes32[] memory documents,
        bytes memory expected
    ) private {
        ITitleFacts.TitleProof memory proof = _prove(number);
        vm.expectRevert(expected);
        vm.prank(by);
        settlement.reachByTitle(tradeId, milestone, proof, documents);
    }

    function _refuseKept(TradeId tradeId, uint256 number, TradeId keptFor) private {
        bytes4 selector = ITitleFacts.TitleFacts_NotKept.selector;
        _refuse(tradeId, 1, number, abi.encodeWithSelector(selector, titles, TOKEN, keptFor));
    }

    function _refuseOutOfTime(uint256 number, uint40 agreedAt, uint40 expiry) private {
        bytes4 selector = ISettlement.Settlement_ShownOutOfTime.selector;
        _refuse(TRADE, 1, number, abi.encodeWithSelector(selector, NOW + number, agreedAt, expiry));
    }

    function _refuseTurn(bytes memory message, uint32 last, uint32 turn) private {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_OutOfTurn.selector, TRADE, last, turn));
        _say(message);
    }
}
