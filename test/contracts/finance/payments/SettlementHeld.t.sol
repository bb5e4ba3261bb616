// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ForexReasons} from "../../../../contracts/finance/evidence/ForexReasons.sol";
import {ICorridors} from "../../../../contracts/finance/evidence/ICorridors.sol";
import {IEvidenceLedger} from "../../../../contracts/finance/evidence/IEvidenceLedger.sol";
import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {EvidenceMessages} from "../../../../contracts/trade/documents/EvidenceMessages.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice Milestones that the evidence does not carry: no message fails, and their money is the seller's until it is paid, or
/// given back by the seller.
contract SettlementHeldTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    uint96 internal constant HALF = uint96(AMOUNT / 2);

    function setUp() public override {
        super.setUp();
        _open(TRADE, AMOUNT, _shares(5_000, 5_000));
        _fund(TRADE, AMOUNT);
    }

    function test_reached_withEvidence_drawsOnIt() public moneyIsConserved {
        ProvenDocument[] memory documents = _evidence();
        _reach(TRADE, 0, documents);
        assertEq(ledger.evidence(documents[0].documentHash).drawn, HALF);
        assertEq(ledger.firstUser(documents[0].documentHash), bytes16(keccak256(abi.encode(TRADE, 0))));
        assertEq(settlement.documentsOf(TRADE, 0).length, 0);
    }

    function test_reached_withoutEvidence_isHeld() public moneyIsConserved {
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestoneHeld(TRADE, 0, HALF, ForexReasons.NO_EVIDENCE);
        _reach(TRADE, 0, new ProvenDocument[](0));
        assertEq(dollar.balanceOf(seller), 0);
        assertEq(settlement.escrow(TRADE).held, 1);
        assertEq(settlement.escrow(TRADE).released, HALF);
        assertEq(gateway.sent(), 1);
    }

    function test_reached_suspendedSeller_isHeld() public moneyIsConserved {
        _suspend(seller);
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestoneHeld(TRADE, 0, HALF, ForexReasons.PAYEE_NOT_ACTIVE);
        _say(TradeMessages.milestoneReached(TRADE, 0, _evidence()));
        _reinstate(seller);
        _settle(stranger, 0);
        assertEq(dollar.balanceOf(seller), HALF);
    }

    /// @dev A hash that the notary has proven otherwise: the ledger refuses it, and the message passes all the same.
    function test_reached_contradictingEvidence_isHeld() public moneyIsConserved {
        ProvenDocument[] memory documents = _evidence();
        documents[0].amount = 1;
        gateway.inject(notary, address(ledger), EvidenceMessages.evidence(documents));
        documents[0].amount = HALF;
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestoneHeld(TRADE, 0, HALF, ForexReasons.EVIDENCE_EXHAUSTED);
        _reach(TRADE, 0, documents);
    }

    function test_reached_evidenceForTooLittle_isHeldUntilTheRestComes() public moneyIsConserved {
        ProvenDocument[] memory documents = _evidence();
        documents[0].amount = HALF - 1;
        _reach(TRADE, 0, documents);
        assertEq(settlement.documentsOf(TRADE, 0)[0], documents[0].documentHash);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEvidenceLedger.EvidenceLedger_Exhausted.selector,
                documents[0].documentHash,
                HALF - 1,
                HALF,
                bytes16(0)
            )
        );
        _settle(stranger, 0);

        bytes32[] memory better = _one(_newEvidence("USD", HALF, buyer, seller));
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestonePaid(TRADE, 0, seller, HALF, false);
        _settleWith(buyer, 0, better);
        assertEq(dollar.balanceOf(seller), HALF);
        assertEq(settlement.escrow(TRADE).held, 0);
        assertEq(gateway.message(1).payload, TradeMessages.milestonePaid(TRADE, 0, HALF, false));
    }

    function test_reached_aboveTheDaysLimit_isPaidTheNextDay() public moneyIsConserved {
        uint16[4] memory none;
        vm.prank(forex);
        corridors.setRule("CN", "CN", "USD", ICorridors.Rule(HALF, HALF, HALF, none, address(0), true));
        _reach(TRADE, 0);
        _reach(TRADE, 1);
        assertEq(dollar.balanceOf(seller), HALF);
        assertEq(settlement.escrow(TRADE).held, 2);
        _assertEscrow(TRADE, ISettlement.State.Closed);
        vm.warp(NOW + 1 days);
        _settle(stranger, 1);
        assertEq(dollar.balanceOf(seller), AMOUNT);
    }

    function test_fund_dueWithoutEvidence_isHeld() public moneyIsConserved {
        TradeId other = TradeId.wrap("another trade");
        _open(other, AMOUNT, _shares(5_000, 5_000));
        ProvenDocument[] memory documents = _evidence();
        _reach(other, 0, documents);
        assertEq(settlement.documentsOf(other, 0)[0], documents[0].documentHash);
        _reach(other, 1, new ProvenDocument[](0));
        _fund(other, AMOUNT);
        assertEq(dollar.balanceOf(seller), HALF);
        assertEq(settlement.escrow(other).held, 2);
        assertEq(settlement.documentsOf(other, 0).length, 0);
    }

    function test_terminated_somethingHeld_refundsOnlyWhatWasNotReached() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        _terminate(TRADE);
        assertEq(dollar.balanceOf(buyer), HALF);
        assertEq(dollar.balanceOf(address(settlement)), HALF);
        _settleWith(seller, 0, _one(_newEvidence("USD", HALF, buyer, seller)));
        assertEq(dollar.balanceOf(seller), HALF);
    }

    // ----------------------------------------------------------------------------------------------- settleHeld

    /// @dev Whoever else could choose would use up the evidence of the parties' other trades.
    function test_settleHeld_strangersChoice_reverts() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        bytes32[] memory documents = _one(_newEvidence("USD", HALF, buyer, seller));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NotParty.selector, TRADE, stranger));
        _settleWith(stranger, 0, documents);
    }

    function test_settleHeld_withoutEvidence_reverts() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IEvidenceLedger.EvidenceLedger_Refused.selector,
                keccak256(abi.encode(TRADE, 0)),
                ForexReasons.NO_EVIDENCE
            )
        );
        _settle(seller, 0);
        assertEq(settlement.escrow(TRADE).held, 1);
    }

    function test_settleHeld_twice_reverts() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        _settleWith(seller, 0, _one(_newEvidence("USD", HALF, buyer, seller)));
        bytes32[] memory documents = _one(_newEvidence("USD", HALF, buyer, seller));
        _expectNotHeld(0);
        _settleWith(seller, 0, documents);
    }

    function testFuzz_settleHeld_notHeld_reverts(uint256 milestone) public {
        _reach(TRADE, 0);
        _expectNotHeld(milestone);
        _settle(seller, milestone);
        _expectNotHeld(milestone);
        vm.prank(seller);
        settlement.releaseHeldToBuyer(TRADE, milestone);
    }

    function test_settleHeld_unknownTrade_reverts() public {
        TradeId unknown = TradeId.wrap("unknown");
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NotHeld.selector, unknown, 0));
        settlement.settleHeld(unknown, 0, new bytes32[](0));
    }

    // ----------------------------------------------------------------------------------------- settleHeldInPart

    /// @dev A buyer who sees the invoice presented draws one unit on it for another payment, and the milestone's does not fit.
    function test_settleHeldInPart_oneUnitUsedElsewhere_sellerTakesTheRest() public moneyIsConserved {
        ProvenDocument[] memory documents = _evidence();
        documents[0].amount = HALF;
        gateway.inject(notary, address(ledger), EvidenceMessages.evidence(documents));
        bytes32[] memory hashes = _one(documents[0].documentHash);
        vm.prank(address(settlement));
        ledger.draw(IEvidenceLedger.Claim("one unit", buyer, seller, "USD", 1, hashes));
        _reach(TRADE, 0, documents);
        assertEq(settlement.escrow(TRADE).held, 1, "one unit holds back all of it");
        uint256 given = dollar.balanceOf(buyer);

        vm.expectEmit(address(settlement));
        emit ISettlement.MilestoneWaived(TRADE, 0, 1);
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestonePaid(TRADE, 0, seller, HALF - 1, false);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowRefunded(TRADE, buyer, 1, false);
        _settleInPart(seller, HALF - 1, hashes);
        assertEq(dollar.balanceOf(seller), HALF - 1);
        assertEq(dollar.balanceOf(buyer) - given, 1);
        assertEq(settlement.escrow(TRADE).held, 0);
        assertEq(gateway.message(1).payload, TradeMessages.milestonePaid(TRADE, 0, HALF - 1, false));
        assertEq(gateway.message(2).payload, TradeMessages.refunded(TRADE, 1));
        _expectNotHeld(0);
        _settleInPart(seller, 1, hashes);
    }

    function test_settleHeldInPart_beyondTheEvidence_reverts() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        bytes32[] memory documents = _one(_newEvidence("USD", HALF - 2, buyer, seller));
        vm.expectRevert(
            abi.encodeWithSelector(
                IEvidenceLedger.EvidenceLedger_Exhausted.selector,
                documents[0],
                HALF - 2,
                HALF - 1,
                bytes16(0)
            )
        );
        _settleInPart(seller, HALF - 1, documents);
    }

    function test_settleHeldInPart_noPart_reverts() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        bytes32[] memory documents = _one(_newEvidence("USD", HALF, buyer, seller));
        uint256[3] memory parts = [0, uint256(HALF), type(uint256).max];
        for (uint256 i = 0; i < parts.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_InvalidAmount.selector, parts[i]));
            _settleInPart(seller, parts[i], documents);
        }
    }

    function test_settleHeldInPart_anybodyElse_reverts() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        bytes32[] memory documents = _one(_newEvidence("USD", HALF, buyer, seller));
        address[3] memory callers = [buyer, operator, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NotSeller.selector, TRADE, callers[i]));
            _settleInPart(callers[i], 1, documents);
        }
    }

    // --------------------------------------------------------------------------------------- releaseHeldToBuyer

    function test_releaseHeldToBuyer_seller_refunds() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestoneWaived(TRADE, 0, HALF);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowRefunded(TRADE, buyer, HALF, false);
        _release(seller);
        assertEq(dollar.balanceOf(buyer), HALF);
        assertEq(gateway.message(1).payload, TradeMessages.refunded(TRADE, HALF));
        _expectNotHeld(0);
        _release(seller);
        _expectNotHeld(0);
        _settle(seller, 0);
    }

    function test_releaseHeldToBuyer_anybodyElse_reverts() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        address[3] memory callers = [buyer, operator, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NotSeller.selector, TRADE, callers[i]));
            _release(callers[i]);
        }
    }

    function test_releaseHeldToBuyer_frozenBuyer_waits() public moneyIsConserved {
        _reach(TRADE, 0, new ProvenDocument[](0));
        _freeze(dollar, buyer);
        _release(seller);
        assertEq(settlement.suspense(dollar, buyer), HALF);
    }

    /// @dev Through the real trade book, which adds up what came back.
    function test_releaseHeldToBuyer_thenTerminated_isAddedUp() public {
        TradeId tradeId = _agree(_terms());
        _fund(tradeId, AMOUNT);
        vm.prank(carrier);
        registry.anchor("a bill without an amount", BILL_OF_LADING, tradeId);
        gateway.deliverAll();
        assertEq(settlement.escrow(tradeId).held, 1);
        vm.prank(seller);
        settlement.releaseHeldToBuyer(tradeId, 0);
        vm.warp(EXPIRY + 1);
        vm.prank(buyer);
        tradeBook.expire(tradeId);
        gateway.deliverAll();
        assertEq(tradeBook.statusOf(tradeId).refunded, AMOUNT);
        assertEq(dollar.balanceOf(buyer), AMOUNT);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _settle(address by, uint256 milestone) private {
        _settleWith(by, milestone, new bytes32[](0));
    }

    function _settleWith(address by, uint256 milestone, bytes32[] memory documents) private {
        vm.prank(by);
        settlement.settleHeld(TRADE, milestone, documents);
    }

    function _settleInPart(address by, uint256 part, bytes32[] memory documents) private {
        vm.prank(by);
        settlement.settleHeldInPart(TRADE, 0, part, documents);
    }

    function _release(address by) private {
        vm.prank(by);
        settlement.releaseHeldToBuyer(TRADE, 0);
    }

    function _expectNotHeld(uint256 milestone) private {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NotHeld.selector, TRADE, milestone));
    }

    function _one(bytes32 documentHash) private pure returns (bytes32[] memory documents) {
        documents = new bytes32[](1);
        documents[0] = documentHash;
    }
}
