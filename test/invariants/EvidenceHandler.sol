// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../contracts/access/IParticipants.sol";
import {ForexReasons} from "../../contracts/finance/evidence/ForexReasons.sol";
import {ICorridors} from "../../contracts/finance/evidence/ICorridors.sol";
import {IEvidenceLedger} from "../../contracts/finance/evidence/IEvidenceLedger.sol";
import {EvidenceMessages} from "../../contracts/trade/documents/EvidenceMessages.sol";
import {ProvenDocument} from "../../contracts/trade/documents/ProvenDocument.sol";
import {EvidenceWorld} from "../support/EvidenceWorld.sol";
import {vm} from "../support/Test.sol";

/// @notice Two products that draw and give back, registrations and withdrawals in any order, days that pass, rules that
/// change. Keeps its own books and knows from {IEvidenceLedger} what has to be refused, and why.
contract EvidenceHandler is EvidenceWorld {
    uint256 internal constant DOCUMENTS = 6;
    uint256 internal constant PAYERS = 2;

    struct Draw {
        address product;
        bytes32 claimId;
        bool restorable;
        uint256 amount;
        bytes32[] documents;
    }

    mapping(bytes32 path => uint256) public times;

    ProvenDocument[] private _documents;
    mapping(bytes32 documentHash => bool) private _registered;
    mapping(bytes32 documentHash => bool) private _withdrawn;
    mapping(bytes32 documentHash => uint256) private _drawn;
    mapping(bytes32 documentHash => bytes32[]) private _users;
    mapping(uint256 day => mapping(uint256 payer => uint256)) private _passed;
    Draw[] private _draws;
    address[2] private _products;
    address[PAYERS] private _payers;
    Lei[PAYERS] private _leis;
    uint256 private _claimCount;
    uint256 private _now = NOW;
    ICorridors.Rule private _rule;

    /// @dev Time goes only as this contract lets it.
    modifier atNow() {
        vm.warp(_now);
        _;
    }

    function setUp() public override {
        super.setUp();
        _products = [payments, financing];
        address other = makeAddr("another importer");
        _payers = [importer, other];
        _leis = [importerLei, _admit(other, "DE")];
        for (uint256 i = 0; i < DOCUMENTS; ++i) {
            ProvenDocument memory document = _document(
                i % 3 == 0 ? INVOICE : DECLARATION,
                uint96(((i + 1) * MILLION) / 2)
            );
            document.debtor = _leis[i < 4 ? 0 : 1];
            _documents.push(document);
        }
        limit(0);
    }

    // ------------------------------------------------------------------------------------ what the runner calls

    /// @param way By a product, by the other one, by the notary; and wrongly.
    function register(uint256 index, uint256 way) external atNow {
        ProvenDocument memory document = _documents[index % DOCUMENTS];
        bool contradicts = way % 8 == 7;
        if (contradicts) document.amount += 1;
        bool refused = contradicts && _registered[document.documentHash];
        if (refused) {
            vm.expectRevert(
                abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_Contradiction.selector, document.documentHash)
            );
            ++times["contradicted"];
        } else if (contradicts) {
            return;
        }
        if (way % 3 == 2) {
            _say(EvidenceMessages.evidence(_list(document)));
        } else {
            vm.prank(_products[way % 3]);
            ledger.register(_list(document));
        }
        if (refused) return;
        if (!_registered[document.documentHash] && _withdrawn[document.documentHash]) ++times["withdrawn before"];
        _registered[document.documentHash] = true;
        ++times["registered"];
    }

    function withdraw(uint256 index, uint256 seldom) external atNow {
        if (seldom % 4 != 0) return;
        bytes32 documentHash = _documents[index % DOCUMENTS].documentHash;
        _withdraw(documentHash);
        _withdrawn[documentHash] = true;
        ++times["withdrawn"];
    }

    /// @param product Its second bit says whether the claim may be given back.
    /// @param which Six bits, one for each document.
    function draw(uint256 product, uint256 payer, uint256 amount, uint256 which) external atNow {
        IEvidenceLedger.Claim memory claim;
        claim.claimId = keccak256(abi.encode("random claim", ++_claimCount));
        claim.payer = _payers[payer % PAYERS];
        claim.payee = exporter;
        claim.currency = "USD";
        claim.documents = _chosen(which);
        claim.amount = _amount(amount, claim.documents);

        uint256 expected = _expectedReasons(claim, payer % PAYERS);
        assertEq(ledger.assess(claim), expected, "what is foreseen");
        bool restorable = expected == 0 && product & 2 != 0;
        vm.prank(_products[product % 2]);
        if (restorable) ledger.draw(claim);
        else assertEq(ledger.tryDraw(claim), expected, "reasons");
        _count(expected);
        if (expected != 0) return;

        _draws.push(Draw(_products[product % 2], claim.claimId, restorable, claim.amount, claim.documents));
        _passed[_now / 1 days][payer % PAYERS] += claim.amount;
        for (uint256 i = 0; i < claim.documents.length; ++i) {
            _drawn[claim.documents[i]] += claim.amount;
            _users[claim.documents[i]].push(claim.claimId);
        }
    }

    /// @dev Now and then by the wrong product, or a second time.
    function restore(uint256 index, uint256 way) external atNow {
        if (_draws.length == 0) return;
        Draw storage drawn = _draws[index % _draws.length];
        address by = _products[way % 2];
        bool expected = drawn.restorable && by == drawn.product && drawn.amount > 0;
        vm.prank(by);
        try ledger.restore(drawn.claimId, drawn.amount, drawn.documents) {
            assertTrue(expected, "given back what was not drawn");
        } catch (bytes memory reason) {
            assertFalse(expected, "not given back");
            assertEq(
                reason,
                abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_NothingDrawn.selector, drawn.claimId)
            );
            ++times["restore refused"];
            return;
        }
        for (uint256 i = 0; i < drawn.documents.length; ++i) _drawn[drawn.documents[i]] -= drawn.amount;
        drawn.amount = 0;
        ++times["restored"];
    }

    function limit(uint256 scale) public atNow {
        scale = 1 + (scale % 4);
        _rule = _openRule();
        _rule.perTransaction = uint96((MILLION * scale) / 2);
        _rule.perEntityPerDay = uint96(MILLION * scale);
        _rule.perDay = uint96((MILLION * scale * 3) / 2);
        if (scale == 4) _rule.requiredTypes[1] = INVOICE;
        _setRule(_rule);
    }

    function wait(uint256 time) external {
        _now += 1 + (time % 1 days);
    }

    // ---------------------------------------------------------------------------------------------- what holds

    function assertBooks() external atNow {
        for (uint256 i = 0; i < DOCUMENTS; ++i) {
            ProvenDocument memory document = _documents[i];
            bytes32 documentHash = document.documentHash;
            IEvidenceLedger.Evidence memory known = ledger.evidence(documentHash);
            assertLe(known.drawn, known.amount, "more is drawn than there is");
            assertEq(known.drawn, _drawn[documentHash], "drawn");
            assertEq(known.amount, _registered[documentHash] ? document.amount : 0, "amount");
            assertEq(known.uses, _users[documentHash].length, "uses");
            assertEq(uint256(known.status), uint256(_status(documentHash)), "status");
            _assertUsers(documentHash);
        }
        uint256 all = 0;
        for (uint256 i = 0; i < PAYERS; ++i) {
            (uint256 byEntity, ) = _usedToday(_leis[i]);
            assertEq(byEntity, _passed[_now / 1 days][i], "counted for the entity");
            all += byEntity;
        }
        (, uint256 byAll) = _usedToday(_leis[0]);
        assertEq(byAll, all, "counted for the corridor");
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _assertUsers(bytes32 documentHash) private view {
        bytes32[] storage users = _users[documentHash];
        assertEq(ledger.firstUser(documentHash), users.length == 0 ? bytes16(0) : bytes16(users[0]), "first user");
    }

    function _expectedReasons(
        IEvidenceLedger.Claim memory claim,
        uint256 payer
    ) private view returns (uint256 reasons) {
        if (claim.amount == 0) reasons |= ForexReasons.NO_AMOUNT;
        if (claim.documents.length == 0) reasons |= ForexReasons.NO_EVIDENCE;
        bool invoice = false;
        for (uint256 i = 0; i < claim.documents.length; ++i) {
            bytes32 documentHash = claim.documents[i];
            ProvenDocument memory document = _find(documentHash);
            if (_registered[documentHash] && document.documentType == INVOICE) invoice = true;
            for (uint256 j = 0; j < i; ++j) {
                if (claim.documents[j] == documentHash) reasons |= ForexReasons.EVIDENCE_REPEATED;
            }
            if (_withdrawn[documentHash]) {
                reasons |= ForexReasons.EVIDENCE_WITHDRAWN;
            } else if (!_registered[documentHash]) {
                reasons |= ForexReasons.EVIDENCE_UNKNOWN;
            } else {
                if (_drawn[documentHash] + claim.amount > document.amount) reasons |= ForexReasons.EVIDENCE_EXHAUSTED;
                bool ofPayer = Lei.unwrap(document.debtor) == Lei.unwrap(_leis[payer]);
                if (!ofPayer) reasons |= ForexReasons.EVIDENCE_PARTIES;
            }
        }
        uint256 today = _now / 1 days;
        uint256 all = _passed[today][0] + _passed[today][1] + claim.amount;
        if (claim.amount > _rule.perTransaction) reasons |= ForexReasons.ABOVE_TRANSACTION_LIMIT;
        if (_aboveLimit(_passed[today][payer], claim.amount, _rule.perEntityPerDay)) {
            reasons |= ForexReasons.ABOVE_ENTITY_LIMIT;
        }
        if (_aboveLimit(all - claim.amount, claim.amount, _rule.perDay)) reasons |= ForexReasons.ABOVE_CORRIDOR_LIMIT;
        if (_rule.requiredTypes[1] == INVOICE && !invoice) reasons |= ForexReasons.TYPE_MISSING;
    }

    /// @dev A payment of nothing is above no limit, even where a lowered rule is exceeded already.
    function _aboveLimit(uint256 used, uint256 amount, uint256 most) private pure returns (bool) {
        return amount > 0 && used + amount > most;
    }

    function _count(uint256 reasons) private {
        if (reasons == 0) ++times["drawn"];
        for (uint256 bit = 0; bit < 16; ++bit) if (reasons & (1 << bit) != 0) ++times[bytes32(1 << bit)];
    }

    /// @dev Half of the time what is left of the first document, or one more.
    function _amount(uint256 seed, bytes32[] memory documents) private view returns (uint256) {
        if (seed % 16 == 0) return 0;
        if (seed % 2 == 0 || documents.length == 0) return seed % (2 * MILLION);
        ProvenDocument memory document = _find(documents[0]);
        return document.amount - _drawn[document.documentHash] + ((seed / 2) % 2);
    }

    function _chosen(uint256 which) private view returns (bytes32[] memory chosen) {
        chosen = new bytes32[](DOCUMENTS + 1);
        uint256 count = 0;
        for (uint256 i = 0; i < DOCUMENTS; ++i) {
            if (which & (1 << i) != 0 && which & (64 << i) != 0) chosen[count++] = _documents[i].documentHash;
        }
        if (which % 31 == 0 && count > 0) chosen[count++] = chosen[0];
        assembly ("memory-safe") {
            mstore(chosen, count)
        }
    }

    function _find(bytes32 documentHash) private view returns (ProvenDocument memory found) {
        for (uint256 i = 0; i < DOCUMENTS; ++i) if (_documents[i].documentHash == documentHash) return _documents[i];
    }

    function _status(bytes32 documentHash) private view returns (IEvidenceLedger.Status) {
        if (_withdrawn[documentHash]) return IEvidenceLedger.Status.Withdrawn;
        return _registered[documentHash] ? IEvidenceLedger.Status.Valid : IEvidenceLedger.Status.Unknown;
    }
}
