// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../../../contracts/access/IParticipants.sol";
import {ForexReasons} from "../../../../contracts/finance/evidence/ForexReasons.sol";
import {ICorridors} from "../../../../contracts/finance/evidence/ICorridors.sol";
import {IEvidenceLedger} from "../../../../contracts/finance/evidence/IEvidenceLedger.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {EvidenceWorld} from "../../../support/EvidenceWorld.sol";
import {vm} from "../../../support/Test.sol";

contract EvidenceLedgerDrawTest is EvidenceWorld {
    bytes32 internal declaration;

    function setUp() public override {
        super.setUp();
        declaration = _declaration(100e6);
    }

    // ------------------------------------------------------------------------------------------------- approved

    function test_draw_withinTheAmount_succeeds() public {
        bytes32 invoice = _register(_document(INVOICE, 500e6));
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration, invoice));
        assertEq(ledger.assess(claim), 0);

        vm.expectEmit(address(ledger));
        emit IEvidenceLedger.ForexVerdict(claim.claimId, importer, exporter, "USD", 60e6, 0);
        vm.expectEmit(address(ledger));
        emit IEvidenceLedger.EvidenceDrawn(declaration, claim.claimId, 60e6, 40e6);
        vm.expectEmit(address(ledger));
        emit IEvidenceLedger.EvidenceDrawn(invoice, claim.claimId, 60e6, 440e6);
        _draw(claim);

        assertEq(_left(declaration), 40e6);
        assertEq(_left(invoice), 440e6);
        assertEq(ledger.evidence(declaration).uses, 1);
        assertEq(ledger.firstUser(declaration), bytes16(claim.claimId));
        (uint256 byEntity, uint256 byAll) = _usedToday(importerLei);
        assertEq(byEntity, 60e6);
        assertEq(byAll, 60e6);
    }

    function test_draw_exactlyWhatIsLeft_succeeds() public {
        _draw(_claim(60e6, _list(declaration)));
        _draw(_claim(40e6, _list(declaration)));
        assertEq(_left(declaration), 0);
    }

    function test_draw_sixteenDocuments_succeeds() public {
        bytes32[] memory documents = new bytes32[](16);
        for (uint256 i = 0; i < 16; ++i) documents[i] = _declaration(1e6);
        bytes32 claimId = _draw(_claim(1e6, documents));
        for (uint256 i = 0; i < 16; ++i) {
            assertEq(_left(documents[i]), 0);
            assertEq(ledger.firstUser(documents[i]), bytes16(claimId));
        }
    }

    /// @dev The second word of an entry, mapping 3: uses at bit 112. They stop there, and leave the other fields alone.
    function test_draw_usesAtTheirMost_staySo() public {
        bytes32 user = _draw(_claim(1, _list(declaration)));
        bytes32 slot = bytes32(uint256(keccak256(abi.encode(declaration, uint256(3)))) + 1);
        uint256 word = uint256(vm.load(address(ledger), slot));
        assertEq(uint96(word), 1, "not the word of the entry");
        vm.store(address(ledger), slot, bytes32(word | (uint256(type(uint16).max - 1) << 112)));
        assertEq(ledger.evidence(declaration).uses, type(uint16).max);
        _draw(_claim(1, _list(declaration)));
        assertEq(ledger.evidence(declaration).uses, type(uint16).max);
        assertEq(_left(declaration), 100e6 - 2);
        assertEq(ledger.firstUser(declaration), bytes16(user));
        assertEq(ledger.evidence(declaration).documentType, DECLARATION);
    }

    /// @dev One declaration cannot support a payment and a financing of its whole amount.
    function test_draw_twoProducts_shareTheAmount() public {
        IEvidenceLedger.Claim memory claim = _claim(80e6, _list(declaration));
        _draw(claim);
        IEvidenceLedger.Claim memory second = _claim(80e6, _list(declaration));
        vm.expectRevert(_exhausted(declaration, 20e6, 80e6, claim.claimId));
        vm.prank(financing);
        ledger.draw(second);
    }

    // ------------------------------------------------------------------------------------------ more than is left

    function test_draw_oneAboveWhatIsLeft_revertsWithTheFirstUser() public {
        bytes32 user = _draw(_claim(10e6, _list(declaration)));
        for (uint256 i = 0; i < 4; ++i) _draw(_claim(10e6, _list(declaration)));

        IEvidenceLedger.Claim memory claim = _claim(50e6 + 1, _list(declaration));
        vm.expectRevert(_exhausted(declaration, 50e6, 50e6 + 1, user));
        _draw(claim);
        claim.amount = 50e6;
        _draw(claim);
        assertEq(ledger.evidence(declaration).uses, 6);
        assertEq(ledger.firstUser(declaration), bytes16(user));
    }

    function test_draw_secondDocumentExhausted_namesIt() public {
        bytes32 spent = _declaration(10e6);
        bytes32 user = _draw(_claim(10e6, _list(spent)));
        IEvidenceLedger.Claim memory claim = _claim(1, _list(declaration, spent));
        vm.expectRevert(_exhausted(spent, 0, 1, user));
        _draw(claim);
        assertEq(_left(declaration), 100e6);
    }

    function testFuzz_draw_anyAmount_neverBeyondTheDocument(uint256 amount, uint96 worth) public {
        ICorridors.Rule memory rule = _openRule();
        (rule.perTransaction, rule.perEntityPerDay, rule.perDay) = (
            type(uint96).max,
            type(uint96).max,
            type(uint96).max
        );
        _setRule(rule);
        bytes32 document = _declaration(worth);
        IEvidenceLedger.Claim memory claim = _claim(amount, _list(document));
        uint256 reasons = _tryDraw(claim);
        bool approved = amount > 0 && amount <= worth;
        assertEq(reasons == 0, approved);
        assertEq(_left(document), approved ? worth - amount : worth);
    }

    // -------------------------------------------------------------------------------------------------- refused

    function test_draw_noDocuments_reverts() public {
        _expectRefused(_claim(1, new bytes32[](0)), ForexReasons.NO_EVIDENCE);
    }

    function test_draw_noAmount_reverts() public {
        _expectRefused(_claim(0, _list(declaration)), ForexReasons.NO_AMOUNT);
        assertEq(ledger.firstUser(declaration), bytes16(0));
    }

    function test_draw_unknownDocument_reverts() public {
        _expectRefused(_claim(1, _list("never seen")), ForexReasons.EVIDENCE_UNKNOWN);
    }

    function test_draw_withdrawnDocument_reverts() public {
        _withdraw(declaration);
        _expectRefused(_claim(1, _list(declaration)), ForexReasons.EVIDENCE_WITHDRAWN);
    }

    function test_draw_withdrawnBeforeItWasKnown_reverts() public {
        ProvenDocument memory document = _document(DECLARATION, 100e6);
        _withdraw(document.documentHash);
        _expectRefused(_claim(1, _list(document.documentHash)), ForexReasons.EVIDENCE_WITHDRAWN);
        _register(document);
        _expectRefused(_claim(1, _list(document.documentHash)), ForexReasons.EVIDENCE_WITHDRAWN);
    }

    function test_draw_documentTwice_reverts() public {
        _expectRefused(_claim(1, _list(declaration, declaration)), ForexReasons.EVIDENCE_REPEATED);
    }

    function test_draw_wrongCurrency_reverts() public {
        ProvenDocument memory document = _document(DECLARATION, 100e6);
        document.currency = "CNY";
        _expectRefused(_claim(1, _list(_register(document))), ForexReasons.EVIDENCE_CURRENCY);
    }

    function test_draw_documentOfAnotherImporter_reverts() public {
        ProvenDocument memory document = _document(DECLARATION, 100e6);
        document.debtor = _admit(makeAddr("another importer"), "DE");
        _expectRefused(_claim(1, _list(_register(document))), ForexReasons.EVIDENCE_PARTIES);
    }

    function test_draw_partiesSwapped_reverts() public {
        ProvenDocument memory document = _document(DECLARATION, 100e6);
        (document.debtor, document.creditor) = (exporterLei, importerLei);
        _expectRefused(_claim(1, _list(_register(document))), ForexReasons.EVIDENCE_PARTIES);
    }

    /// @dev A document names entities: whichever of its accounts the importer pays from, it is the importer's document.
    function test_draw_fromAnotherAccountOfTheImporter_succeeds() public {
        IEvidenceLedger.Claim memory claim = _claim(1, _list(declaration));
        claim.payer = importerElsewhere;
        _draw(claim);
        assertEq(_left(declaration), 100e6 - 1);
    }

    function test_draw_suspendedPayer_reverts() public {
        _suspend(importer);
        _expectRefused(_claim(1, _list(declaration)), ForexReasons.PAYER_NOT_ACTIVE);
    }

    function test_draw_suspendedPayee_reverts() public {
        _suspend(exporter);
        _expectRefused(_claim(1, _list(declaration)), ForexReasons.PAYEE_NOT_ACTIVE);
    }

    function test_draw_stranger_namesEverything() public {
        IEvidenceLedger.Claim memory claim = _claim(1, _list(declaration));
        claim.payer = stranger;
        _expectRefused(
            claim,
            ForexReasons.PAYER_NOT_ACTIVE | ForexReasons.CORRIDOR_CLOSED | ForexReasons.EVIDENCE_PARTIES
        );
    }

    function test_draw_severalReasons_namesAll() public {
        bytes32 withdrawn = _declaration(100e6);
        _withdraw(withdrawn);
        _suspend(exporter);
        _expectRefused(
            _claim(MILLION + 1, _list(withdrawn, "never seen")),
            ForexReasons.PAYEE_NOT_ACTIVE |
                ForexReasons.EVIDENCE_WITHDRAWN |
                ForexReasons.EVIDENCE_UNKNOWN |
                ForexReasons.ABOVE_TRANSACTION_LIMIT
        );
    }

    function test_draw_seventeenDocuments_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(1, new bytes32[](17));
        vm.expectRevert(abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_TooManyDocuments.selector, uint256(17)));
        _draw(claim);
    }

    function test_draw_sameReferenceTwice_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(1, _list(declaration));
        _draw(claim);
        vm.expectRevert(abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_AlreadyDrawn.selector, claim.claimId));
        _draw(claim);
    }

    /// @dev One product cannot take another's reference from it.
    function test_draw_sameReferenceByTwoProducts_succeeds() public {
        IEvidenceLedger.Claim memory claim = _claim(1, _list(declaration));
        _draw(claim);
        vm.prank(financing);
        ledger.draw(claim);
        assertEq(_left(declaration), 100e6 - 2);
    }

    function test_draw_notAProduct_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(1, _list(declaration));
        _expectNotAProduct(importer);
        vm.prank(importer);
        ledger.draw(claim);
        _expectNotAProduct(importer);
        vm.prank(importer);
        ledger.tryDraw(claim);
    }

    // ------------------------------------------------------------------------------------------------- trying

    function test_tryDraw_refused_saysWhyAndDrawsNothing() public {
        IEvidenceLedger.Claim memory claim = _claim(100e6 + 1, _list(declaration, "never seen"));
        uint256 reasons = ForexReasons.EVIDENCE_EXHAUSTED | ForexReasons.EVIDENCE_UNKNOWN;
        vm.expectEmit(address(ledger));
        emit IEvidenceLedger.ForexVerdict(claim.claimId, importer, exporter, "USD", 100e6 + 1, reasons);
        assertEq(_tryDraw(claim), reasons);
        assertEq(_left(declaration), 100e6);
        assertEq(ledger.evidence(declaration).uses, 0);
        (, uint256 byAll) = _usedToday(importerLei);
        assertEq(byAll, 0);
    }

    function test_tryDraw_refusedByTheCorridor_drawsNothing() public {
        bytes32 large = _declaration(5 * MILLION);
        assertEq(_tryDraw(_claim(MILLION + 1, _list(large))), ForexReasons.ABOVE_TRANSACTION_LIMIT);
        assertEq(_left(large), 5 * MILLION);
        assertEq(ledger.firstUser(large), bytes16(0));
    }

    function test_tryDraw_approved_drawsAsDrawDoes() public {
        IEvidenceLedger.Claim memory claim = _claim(100e6, _list(declaration));
        assertEq(_tryDraw(claim), 0);
        assertEq(_left(declaration), 0);
    }

    /// @dev What was refused leaves no trace, so the same claim can be tried again when what it waits for has come.
    function test_tryDraw_againAfterRegistration_succeeds() public {
        ProvenDocument memory late = _document(DECLARATION, 100e6);
        IEvidenceLedger.Claim memory claim = _claim(1, _list(late.documentHash));
        assertEq(_tryDraw(claim), ForexReasons.EVIDENCE_UNKNOWN);
        _register(late);
        assertEq(_tryDraw(claim), 0);
    }

    /// @dev A product that the corridors do not know as the ledger cannot count payments of its own.
    function test_pass_byAProductOfTheLedger_reverts() public {
        ICorridors.Passage memory passage = ICorridors.Passage("claim", importerLei, "DE", "CN", "USD", MILLION);
        _expectNotAProduct(payments);
        vm.prank(payments);
        corridors.pass(passage, new uint16[](0));
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _exhausted(
        bytes32 documentHash,
        uint256 left,
        uint256 needed,
        bytes32 user
    ) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IEvidenceLedger.EvidenceLedger_Exhausted.selector,
                documentHash,
                left,
                needed,
                bytes16(user)
            );
    }
}
