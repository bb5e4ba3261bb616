// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../../../contracts/access/IParticipants.sol";
import {ForexReasons} from "../../../../contracts/finance/evidence/ForexReasons.sol";
import {ICorridors} from "../../../../contracts/finance/evidence/ICorridors.sol";
import {IEvidenceLedger} from "../../../../contracts/finance/evidence/IEvidenceLedger.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {EvidenceWorld} from "../../../support/EvidenceWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice The corridors as payments meet them: through the ledger.
contract CorridorsPassTest is EvidenceWorld {
    uint256 internal constant LIMITS =
        ForexReasons.ABOVE_TRANSACTION_LIMIT | ForexReasons.ABOVE_ENTITY_LIMIT | ForexReasons.ABOVE_CORRIDOR_LIMIT;
    uint40 internal constant EXPIRY = NOW + 1 hours;

    bytes32 internal declaration;

    function setUp() public override {
        super.setUp();
        declaration = _declaration(1_000 * MILLION);
    }

    // --------------------------------------------------------------------------------------------------- limits

    function test_draw_atTheTransactionLimit_succeeds() public {
        _expectRefused(_pay(MILLION + 1), ForexReasons.ABOVE_TRANSACTION_LIMIT);
        _draw(_pay(MILLION));
    }

    function test_draw_atTheEntityLimit_succeeds() public {
        _draw(_pay(MILLION));
        _draw(_pay(MILLION - 1));
        _expectRefused(_pay(2), ForexReasons.ABOVE_ENTITY_LIMIT);
        _draw(_pay(1));
        (uint256 byEntity, uint256 byAll) = _usedToday(importerLei);
        assertEq(byEntity, 2 * MILLION);
        assertEq(byAll, 2 * MILLION);
    }

    /// @dev The limit is the entity's: splitting a payment over accounts does not get round it.
    function test_draw_twoAccountsOfOneEntity_shareTheLimit() public {
        _draw(_pay(MILLION));
        IEvidenceLedger.Claim memory claim = _pay(MILLION);
        claim.payer = importerElsewhere;
        _draw(claim);
        claim = _pay(1);
        claim.payer = importerElsewhere;
        _expectRefused(claim, ForexReasons.ABOVE_ENTITY_LIMIT);
    }

    function test_draw_atTheCorridorLimit_succeeds() public {
        _draw(_pay(MILLION));
        _draw(_pay(MILLION));
        (IEvidenceLedger.Claim memory claim, Lei other) = _payOfAnother(MILLION);
        _draw(claim);
        (uint256 byEntity, uint256 byAll) = _usedToday(other);
        assertEq(byEntity, MILLION);
        assertEq(byAll, 3 * MILLION);
        (claim, ) = _payOfAnother(1);
        _expectRefused(claim, ForexReasons.ABOVE_CORRIDOR_LIMIT);
    }

    function test_draw_amountBeyondAnyLimit_isRefusedWithoutOverflow() public {
        _draw(_pay(MILLION));
        uint256 everything = LIMITS | ForexReasons.EVIDENCE_EXHAUSTED;
        assertEq(_tryDraw(_pay(type(uint256).max)), everything);
    }

    function test_draw_restored_staysCounted() public {
        IEvidenceLedger.Claim memory claim = _pay(MILLION);
        _draw(claim);
        vm.prank(payments);
        ledger.restore(claim.claimId, claim.amount, claim.documents);
        _draw(_pay(MILLION));
        _expectRefused(_pay(1), ForexReasons.ABOVE_ENTITY_LIMIT);
    }

    function test_draw_ruleLoweredBelowWhatIsUsed_reverts() public {
        _draw(_pay(MILLION));
        ICorridors.Rule memory rule = _openRule();
        (rule.perTransaction, rule.perEntityPerDay, rule.perDay) = (10, 10, 10);
        _setRule(rule);
        _expectRefused(_pay(1), ForexReasons.ABOVE_ENTITY_LIMIT | ForexReasons.ABOVE_CORRIDOR_LIMIT);
    }

    // ----------------------------------------------------------------------------------------------------- days

    function test_draw_lastSecondOfTheDay_countsForIt() public {
        uint256 midnight = NOW + REST_OF_THE_DAY;
        vm.warp(midnight - 1);
        _draw(_pay(MILLION));
        _draw(_pay(MILLION));
        _expectRefused(_pay(1), ForexReasons.ABOVE_ENTITY_LIMIT);

        vm.warp(midnight);
        (uint256 byEntity, uint256 byAll) = _usedToday(importerLei);
        assertEq(byEntity, 0);
        assertEq(byAll, 0);
        _draw(_pay(MILLION));
        _draw(_pay(MILLION));
        _expectRefused(_pay(1), ForexReasons.ABOVE_ENTITY_LIMIT);
        (byEntity, byAll) = _usedToday(importerLei);
        assertEq(byEntity, 2 * MILLION);
        assertEq(byAll, 2 * MILLION);
    }

    function testFuzz_draw_anotherDay_startsAnew(uint32 later) public {
        _draw(_pay(MILLION));
        _draw(_pay(MILLION));
        vm.warp(NOW + later);
        bool sameDay = later < REST_OF_THE_DAY;
        assertEq(_tryDraw(_pay(MILLION)), sameDay ? ForexReasons.ABOVE_ENTITY_LIMIT : 0);
    }

    // ------------------------------------------------------------------------------------------------ corridors

    function test_draw_closedCorridor_reverts() public {
        ICorridors.Rule memory rule = _openRule();
        rule.open = false;
        _setRule(rule);
        _expectRefused(_pay(1), ForexReasons.CORRIDOR_CLOSED);
    }

    function test_draw_corridorWithoutARule_reverts() public {
        address seller = makeAddr("seller in Singapore");
        ProvenDocument memory document = _document(DECLARATION, MILLION);
        document.creditor = _admit(seller, "SG");
        IEvidenceLedger.Claim memory claim = _claim(1, _list(_register(document)));
        claim.payee = seller;
        _expectRefused(claim, ForexReasons.CORRIDOR_CLOSED);
    }

    function test_draw_otherCurrencyOfThePair_isAnotherCorridor() public {
        ProvenDocument memory document = _document(DECLARATION, MILLION);
        document.currency = "CNY";
        IEvidenceLedger.Claim memory claim = _claim(1, _list(_register(document)));
        claim.currency = "CNY";
        _expectRefused(claim, ForexReasons.CORRIDOR_CLOSED);
    }

    // ---------------------------------------------------------------------------------------- required documents

    function test_draw_allRequiredTypes_succeeds() public {
        _require(DECLARATION, INVOICE);
        bytes32 invoice = _register(_document(INVOICE, MILLION));
        _draw(_claim(1, _list(invoice, declaration)));
    }

    function test_draw_requiredTypeMissing_reverts() public {
        _require(DECLARATION, INVOICE);
        _expectRefused(_pay(1), ForexReasons.TYPE_MISSING);
        bytes32 lading = _register(_document(BILL_OF_LADING, MILLION));
        _expectRefused(_claim(1, _list(declaration, lading)), ForexReasons.TYPE_MISSING);
    }

    /// @dev A document of the type that is good for nothing is refused on its own account.
    function test_draw_requiredTypeUsedUp_reverts() public {
        _require(DECLARATION, INVOICE);
        bytes32 invoice = _register(_document(INVOICE, 1));
        _draw(_claim(1, _list(invoice, declaration)));
        assertEq(_tryDraw(_claim(1, _list(invoice, declaration))), ForexReasons.EVIDENCE_EXHAUSTED);
    }

    // ----------------------------------------------------------------------------------------------- exceptions

    function test_draw_excepted_succeedsOnce() public {
        IEvidenceLedger.Claim memory claim = _pay(5 * MILLION);
        _approve(claim.claimId, 5 * MILLION, LIMITS);
        assertEq(ledger.assess(claim), 0);
        vm.expectEmit(address(corridors));
        emit ICorridors.ExceptionUsed(claim.claimId, LIMITS);
        _draw(claim);
        (uint256 byEntity, uint256 byAll) = _usedToday(importerLei);
        assertEq(byEntity, 5 * MILLION, "what is excepted counts");
        assertEq(byAll, 5 * MILLION);

        vm.prank(payments);
        ledger.restore(claim.claimId, claim.amount, claim.documents);
        _expectRefused(claim, LIMITS);
    }

    function test_draw_exceptedTypeMissing_succeeds() public {
        _require(DECLARATION, INVOICE);
        IEvidenceLedger.Claim memory claim = _pay(1);
        _approve(claim.claimId, 1, ForexReasons.TYPE_MISSING);
        _draw(claim);
    }

    function test_draw_exceptionOfAnotherClaim_reverts() public {
        _approve("another claim", MILLION + 1, LIMITS);
        _expectRefused(_pay(MILLION + 1), ForexReasons.ABOVE_TRANSACTION_LIMIT);
    }

    function test_draw_exceptionExpired_reverts() public {
        IEvidenceLedger.Claim memory claim = _pay(MILLION + 1);
        _approve(claim.claimId, MILLION + 1, LIMITS);
        vm.warp(EXPIRY + 1);
        _expectRefused(claim, ForexReasons.ABOVE_TRANSACTION_LIMIT);
        vm.warp(EXPIRY);
        _draw(claim);
    }

    /// @dev A reference does not say its amount: the payer could ask for little and pay much.
    function test_draw_aboveTheExceptedAmount_reverts() public {
        IEvidenceLedger.Claim memory claim = _pay(MILLION + 2);
        _approve(claim.claimId, MILLION + 1, LIMITS);
        _expectRefused(claim, ForexReasons.ABOVE_TRANSACTION_LIMIT);
    }

    function test_draw_oneReasonNotExcepted_namesAll() public {
        _draw(_pay(MILLION));
        IEvidenceLedger.Claim memory claim = _pay(MILLION + 1);
        _approve(claim.claimId, MILLION + 1, ForexReasons.ABOVE_TRANSACTION_LIMIT);
        _expectRefused(claim, ForexReasons.ABOVE_TRANSACTION_LIMIT | ForexReasons.ABOVE_ENTITY_LIMIT);
    }

    function test_draw_exceptionOfAFormerApprover_reverts() public {
        IEvidenceLedger.Claim memory claim = _pay(MILLION + 1);
        _approve(claim.claimId, MILLION + 1, LIMITS);
        ICorridors.Rule memory rule = _openRule();
        rule.approver = stranger;
        _setRule(rule);
        _expectRefused(claim, ForexReasons.ABOVE_TRANSACTION_LIMIT);
    }

    function test_draw_exceptedWithoutEvidence_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(MILLION + 1, new bytes32[](0));
        _approve(claim.claimId, MILLION + 1, ForexReasons.EXCEPTABLE);
        _expectRefused(claim, ForexReasons.NO_EVIDENCE);
    }

    function test_draw_exceptedInAClosedCorridor_reverts() public {
        IEvidenceLedger.Claim memory claim = _pay(1);
        _approve(claim.claimId, 1, ForexReasons.EXCEPTABLE);
        ICorridors.Rule memory rule = _openRule();
        rule.open = false;
        _setRule(rule);
        _expectRefused(claim, ForexReasons.CORRIDOR_CLOSED);
    }

    /// @dev An exception that the verdict did not need, or that did not help, is still there.
    function test_draw_refused_keepsTheException() public {
        IEvidenceLedger.Claim memory claim = _pay(MILLION + 1);
        _approve(claim.claimId, MILLION + 1, LIMITS);
        claim.documents = _list("never seen");
        assertEq(_tryDraw(claim), ForexReasons.EVIDENCE_UNKNOWN);
        claim.documents = _list(declaration);
        assertEq(_tryDraw(claim), 0);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _pay(uint256 amount) private returns (IEvidenceLedger.Claim memory) {
        return _claim(amount, _list(declaration));
    }

    function _payOfAnother(uint256 amount) private returns (IEvidenceLedger.Claim memory claim, Lei lei) {
        claim = _claim(amount, new bytes32[](0));
        claim.payer = makeAddr(string(abi.encodePacked("importer of ", claim.claimId)));
        lei = _admit(claim.payer, "DE");
        ProvenDocument memory document = _document(DECLARATION, MILLION);
        document.debtor = lei;
        claim.documents = _list(_register(document));
    }

    function _require(uint16 first, uint16 second) private {
        ICorridors.Rule memory rule = _openRule();
        (rule.requiredTypes[0], rule.requiredTypes[3]) = (first, second);
        _setRule(rule);
    }

    function _approve(bytes32 claimId, uint96 maxAmount, uint256 reasons) private {
        vm.prank(approver);
        corridors.approveException("DE", "CN", "USD", claimId, maxAmount, reasons, EXPIRY);
    }
}
