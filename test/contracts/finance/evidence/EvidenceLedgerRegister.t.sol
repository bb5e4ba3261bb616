// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";

import {Lei} from "../../../../contracts/access/IParticipants.sol";
import {IEvidenceLedger} from "../../../../contracts/finance/evidence/IEvidenceLedger.sol";
import {EvidenceMessages} from "../../../../contracts/trade/documents/EvidenceMessages.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {EvidenceWorld} from "../../../support/EvidenceWorld.sol";
import {vm} from "../../../support/Test.sol";

contract EvidenceLedgerRegisterTest is EvidenceWorld {
    bytes32 internal constant HASH = "a document";

    function test_register_firstTime_succeeds() public {
        vm.expectEmit(address(ledger));
        emit IEvidenceLedger.EvidenceRegistered(HASH, DECLARATION, "USD", MILLION, importerLei, exporterLei);
        _register(_proven());
        _assertEvidence(HASH, IEvidenceLedger.Status.Valid, MILLION);
        assertEq(ledger.evidence(HASH).documentType, DECLARATION);
        assertEq(ledger.evidence(HASH).currency, bytes3("USD"));
        assertEq(ledger.firstUser(HASH), bytes16(0));
    }

    function testFuzz_register_anyValue_succeeds(ProvenDocument memory document) public {
        _register(document);
        IEvidenceLedger.Evidence memory known = ledger.evidence(document.documentHash);
        assertEq(known.amount, document.amount);
        assertEq(known.drawn, 0);
        assertEq(known.currency, document.currency);
        assertEq(known.documentType, document.documentType);
        assertEq(uint256(known.status), uint256(IEvidenceLedger.Status.Valid));
        assertEq(known.uses, 0);
    }

    function test_register_knownByAnotherProduct_leavesItAsItIs() public {
        _register(_proven());
        _draw(_claim(40e6, _list(HASH)));
        vm.prank(financing);
        ledger.register(_list(_proven()));
        assertEq(_left(HASH), MILLION - 40e6);
        assertEq(ledger.evidence(HASH).uses, 1);
        assertTrue(ledger.firstUser(HASH) != 0);
    }

    function test_register_anotherAmount_reverts() public {
        _register(_proven());
        ProvenDocument memory other = _proven();
        other.amount += 1;
        _expectContradiction(other);
    }

    function test_register_anotherCurrency_reverts() public {
        _register(_proven());
        ProvenDocument memory other = _proven();
        other.currency = "CNY";
        _expectContradiction(other);
    }

    function test_register_anotherType_reverts() public {
        _register(_proven());
        ProvenDocument memory other = _proven();
        other.documentType = INVOICE;
        _expectContradiction(other);
    }

    function test_register_otherParties_reverts() public {
        _register(_proven());
        ProvenDocument memory other = _proven();
        (other.debtor, other.creditor) = (exporterLei, importerLei);
        _expectContradiction(other);
    }

    function test_register_contradictionAfterWithdrawal_reverts() public {
        _register(_proven());
        _withdraw(HASH);
        ProvenDocument memory other = _proven();
        other.amount += 1;
        _expectContradiction(other);
    }

    function test_register_notAProduct_reverts() public {
        _expectNotAProduct(stranger);
        vm.prank(stranger);
        ledger.register(_list(_proven()));
    }

    function test_setProduct_taken_reverts() public {
        _setProduct(payments, false);
        _expectNotAProduct(payments);
        vm.prank(payments);
        ledger.register(_list(_proven()));
    }

    function test_setProduct_stranger_reverts() public {
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        ledger.setProduct(stranger, true);
    }

    // ---------------------------------------------------------------------------------------- the notary's word

    function test_receiveMessage_evidence_registers() public {
        ProvenDocument[] memory documents = new ProvenDocument[](16);
        for (uint256 i = 0; i < 16; ++i) documents[i] = _document(INVOICE, uint96(1 + i));
        _say(EvidenceMessages.evidence(documents));
        for (uint256 i = 0; i < 16; ++i) {
            _assertEvidence(documents[i].documentHash, IEvidenceLedger.Status.Valid, 1 + i);
        }
    }

    function test_receiveMessage_withdrawal_endsIt() public {
        _register(_proven());
        vm.expectEmit(address(ledger));
        emit IEvidenceLedger.EvidenceWithdrawn(HASH);
        _withdraw(HASH);
        _assertEvidence(HASH, IEvidenceLedger.Status.Withdrawn, MILLION);
    }

    /// @dev The milestone's lane and the notary's are two: whichever a relayer brings first, the document is withdrawn.
    function test_receiveMessage_withdrawalBeforeRegistration_endsWithdrawn() public {
        _withdraw(HASH);
        _assertEvidence(HASH, IEvidenceLedger.Status.Withdrawn, 0);
        _register(_proven());
        _assertEvidence(HASH, IEvidenceLedger.Status.Withdrawn, MILLION);
        vm.prank(financing);
        ledger.register(_list(_proven()));
        _say(EvidenceMessages.evidence(_list(_proven())));
        _assertEvidence(HASH, IEvidenceLedger.Status.Withdrawn, MILLION);
    }

    function test_receiveMessage_withdrawalTwice_succeeds() public {
        _register(_proven());
        _withdraw(HASH);
        _withdraw(HASH);
        _assertEvidence(HASH, IEvidenceLedger.Status.Withdrawn, MILLION);
    }

    function test_receiveMessage_contradiction_reverts() public {
        _register(_proven());
        ProvenDocument memory other = _proven();
        other.amount = type(uint96).max;
        bytes memory payload = EvidenceMessages.evidence(_list(other));
        vm.expectRevert(abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_Contradiction.selector, HASH));
        _say(payload);
    }

    function test_receiveMessage_unknownKind_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(EvidenceMessages.EvidenceMessages_UnknownKind.selector, uint8(3)));
        _say(abi.encode(uint8(3), HASH));
    }

    function test_receiveMessage_notFromTheNotary_reverts() public {
        gateway.place(stranger, TRADE_CHAIN);
        bytes memory payload = EvidenceMessages.evidence(_list(_proven()));
        vm.expectPartialRevert(bytes4(keccak256("ERC7786RecipientUnauthorizedGateway(address,bytes)")));
        gateway.inject(stranger, address(ledger), payload);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _proven() private view returns (ProvenDocument memory) {
        return ProvenDocument(HASH, DECLARATION, "USD", MILLION, importerLei, exporterLei);
    }

    function _assertEvidence(bytes32 documentHash, IEvidenceLedger.Status status, uint256 amount) private view {
        IEvidenceLedger.Evidence memory known = ledger.evidence(documentHash);
        assertEq(uint256(known.status), uint256(status), "status");
        assertEq(known.amount, amount, "amount");
    }

    function _expectContradiction(ProvenDocument memory document) private {
        vm.expectRevert(
            abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_Contradiction.selector, document.documentHash)
        );
        _register(document);
    }
}
