// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ForexReasons} from "../../../../contracts/finance/evidence/ForexReasons.sol";
import {IEvidenceLedger} from "../../../../contracts/finance/evidence/IEvidenceLedger.sol";
import {EvidenceWorld} from "../../../support/EvidenceWorld.sol";
import {vm} from "../../../support/Test.sol";

contract EvidenceLedgerRestoreTest is EvidenceWorld {
    bytes32 internal declaration;

    function setUp() public override {
        super.setUp();
        declaration = _declaration(100e6);
    }

    function test_restore_drawnBefore_givesBack() public {
        bytes32 invoice = _register(_document(INVOICE, 500e6));
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration, invoice));
        _draw(claim);
        vm.expectEmit(address(ledger));
        emit IEvidenceLedger.EvidenceRestored(declaration, claim.claimId, 60e6, 100e6);
        vm.expectEmit(address(ledger));
        emit IEvidenceLedger.EvidenceRestored(invoice, claim.claimId, 60e6, 500e6);
        _restore(payments, claim);
        assertEq(_left(declaration), 100e6);
        assertEq(_left(invoice), 500e6);
        assertEq(ledger.firstUser(declaration), bytes16(claim.claimId));
        (uint256 byEntity, ) = _usedToday(importerLei);
        assertEq(byEntity, 60e6, "the day's count stays");
    }

    function test_restore_twice_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration));
        _draw(claim);
        _draw(_claim(40e6, _list(declaration)));
        _restore(payments, claim);
        _expectNothingDrawn(claim);
        _restore(payments, claim);
    }

    function test_restore_byAnotherProduct_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration));
        _draw(claim);
        _expectNothingDrawn(claim);
        _restore(financing, claim);
    }

    function test_restore_byNoProduct_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration));
        _draw(claim);
        _expectNotAProduct(importer);
        _restore(importer, claim);
    }

    function test_restore_anotherAmount_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration));
        _draw(claim);
        claim.amount = 30e6;
        _expectNothingDrawn(claim);
        _restore(payments, claim);
    }

    function test_restore_otherDocuments_reverts() public {
        bytes32 other = _declaration(100e6);
        _draw(_claim(60e6, _list(other)));
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration));
        _draw(claim);
        claim.documents = _list(other);
        _expectNothingDrawn(claim);
        _restore(payments, claim);
        claim.documents = _list(declaration, other);
        _expectNothingDrawn(claim);
        _restore(payments, claim);
    }

    function test_restore_drawnForGood_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration));
        vm.prank(payments);
        ledger.drawForGood(claim);
        _expectNothingDrawn(claim);
        _restore(payments, claim);
        assertEq(_tryDraw(claim), ForexReasons.EVIDENCE_EXHAUSTED);
        claim.amount = 40e6;
        assertEq(_tryDraw(claim), 0);
        _expectNothingDrawn(claim);
        _restore(payments, claim);
    }

    function test_restore_neverDrawn_reverts() public {
        IEvidenceLedger.Claim memory claim = _claim(0, new bytes32[](0));
        _expectNothingDrawn(claim);
        _restore(payments, claim);
    }

    function test_restore_ofWithdrawnDocument_keepsItWithdrawn() public {
        IEvidenceLedger.Claim memory claim = _claim(60e6, _list(declaration));
        _draw(claim);
        _withdraw(declaration);
        _restore(payments, claim);
        assertEq(_left(declaration), 100e6);
        _expectRefused(_claim(1, _list(declaration)), ForexReasons.EVIDENCE_WITHDRAWN);
    }

    function test_draw_restoredReference_succeeds() public {
        IEvidenceLedger.Claim memory claim = _claim(100e6, _list(declaration));
        _draw(claim);
        _restore(payments, claim);
        _draw(claim);
        assertEq(_left(declaration), 0);
        assertEq(ledger.evidence(declaration).uses, 2);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _restore(address product, IEvidenceLedger.Claim memory claim) private {
        vm.prank(product);
        ledger.restore(claim.claimId, claim.amount, claim.documents);
    }

    function _expectNothingDrawn(IEvidenceLedger.Claim memory claim) private {
        vm.expectRevert(abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_NothingDrawn.selector, claim.claimId));
    }
}
