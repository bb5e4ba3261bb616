// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITitleFacts} from "../../../../contracts/finance/titles/ITitleFacts.sol";
import {IClaimRegistry} from "../../../../contracts/trade/claims/IClaimRegistry.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {TitleCondition} from "../../../../contracts/trade/sales/TitleCondition.sol";
import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TitleRegistry} from "../../../../contracts/trade/titles/TitleRegistry.sol";
import {ForeignRegistry} from "../../../support/ForeignRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TitleProofTest} from "../../../support/TitleProofTest.sol";

/// @notice Titles, pledges and claims of our own registries, in whose real storage the slots are looked up.
contract OwnFactsTest is TitleProofTest {
    bytes32 internal constant TITLE = keccak256("bill of lading");
    bytes32 internal constant INVOICE_PRINT = keccak256("invoice");
    uint256 internal constant HEAD = 2;
    uint256 internal constant PLEDGE = 3;
    uint256 internal constant CLAIM = 2;

    TitleRegistry internal ownTitles;

    function setUp() public override {
        super.setUp();
        ownTitles = TitleRegistry(
            _deploy("TitleRegistry.sol:TitleRegistry", abi.encode(manager, participants, registry, claims))
        );
        claims.setProduct(address(ownTitles), true);
        _admit(bank);
        vm.prank(bank);
        ownTitles.setStandingAcceptance(seller, NOW + 1 days);
        titleFacts.linkTitleRegistry(address(ownTitles));
        titleFacts.linkClaimRegistry(address(claims));
    }

    function test_titleOf_asTheRegistrySays() public {
        vm.prank(carrier);
        ownTitles.issue(_order());
        (ITitleFacts.TitleFact memory fact, uint256 shownAt) = titleFacts.titleOf(TITLE, _proveTitle(4));
        assertEq(shownAt, NOW + 4);
        assertEq(fact.holder, seller);
        assertEq(uint256(fact.status), uint256(ITitleRegistry.Status.Active));
        assertEq(uint256(fact.form), uint256(ITitleRegistry.Form.ToOrder));
        assertFalse(fact.pledged);
        assertFalse(fact.frozen);
        assertEq(fact.owner, seller);
        assertEq(fact.issuer, carrier);
    }

    function test_titleOf_none_isUnknown() public {
        vm.prank(carrier);
        ownTitles.issue(_order());
        (ITitleFacts.TitleFact memory fact, ) = titleFacts.titleOf("another", _proveTitleOf("another", 1));
        assertEq(uint256(fact.status), uint256(ITitleRegistry.Status.Unknown));
        assertEq(fact.holder, address(0));
    }

    function test_pledgeOf_asTheRegistrySays() public {
        _pledge();
        (ITitleRegistry.Pledge memory pledge, uint256 shownAt) = titleFacts.pledgeOf(TITLE, _provePledge(1));
        assertEq(pledge.lender, bank);
        assertEq(pledge.enforceableFrom, NOW + 90 days);
        assertEq(pledge.since, NOW);
        assertEq(shownAt, NOW + 1);
        (ITitleFacts.TitleFact memory fact, ) = titleFacts.titleOf(TITLE, _proveTitle(2));
        assertTrue(fact.pledged);
    }

    function test_pledgeOf_released_isNone() public {
        _pledge();
        vm.prank(bank);
        ownTitles.releasePledge(TITLE);
        (ITitleRegistry.Pledge memory pledge, ) = titleFacts.pledgeOf(TITLE, _provePledge(2));
        assertEq(pledge.lender, address(0));
    }

    function test_claimOn_asTheRegistrySays() public {
        claims.setClaimant(bank, IClaimRegistry.Kind.Invoice, true);
        IClaimRegistry.Fingerprints memory thing;
        thing.keyId = 1;
        thing.exact = INVOICE_PRINT;
        vm.prank(bank);
        claims.register(IClaimRegistry.Kind.Invoice, thing, "financing 7");
        (IClaimRegistry.Claim memory claim, uint256 shownAt) = titleFacts.claimOn(INVOICE_PRINT, _proveClaim(5));
        assertEq(abi.encode(claim), abi.encode(claims.claimOn(INVOICE_PRINT)));
        assertEq(claim.claimant, bank);
        assertEq(shownAt, NOW + 5);
    }

    function test_proofOfAnotherContract_reverts() public {
        _pledge();
        ITitleFacts.FactProof memory proof = _provePledge(1);
        ITitleFacts.FactProof memory claim = _proveClaim(1);
        proof.accountProof = claim.accountProof;
        vm.expectRevert();
        titleFacts.pledgeOf(TITLE, proof);
    }

    function test_otherProofCount_reverts() public {
        _pledge();
        ITitleFacts.FactProof memory proof = _provePledge(1);
        vm.expectRevert(abi.encodeWithSelector(ITitleFacts.TitleFacts_WrongProofCount.selector, 1));
        titleFacts.titleOf(TITLE, proof);
    }

    // ------------------------------------------------------------------------------------- which trade keeps a title

    /// @dev The registry and its escrow are as on the chain that is proven; what the trade book has there is the real one's.
    function test_requireDelivered_keptAsTheTradeBookSays() public {
        ForeignRegistry foreign = new ForeignRegistry();
        foreign.mint(TOKEN, seller, seller);
        vm.prank(accreditor);
        tradeBook.recogniseTitleRegistry(address(foreign), true);
        TitleCondition memory condition = _condition();
        condition.registry = address(foreign);
        TradeId tradeId = _agreeOn(condition);
        assertEq(TradeId.unwrap(tradeBook.tradeOfTitle(address(foreign), TOKEN)), TradeId.unwrap(tradeId));

        chain.mint(address(foreign), TOKEN, escrowOfTitle, buyer, buyer);
        bytes32 slot = chain.keptSlot(address(foreign), TOKEN);
        chain.set(address(tradeBook), slot, uint256(vm.load(address(tradeBook), slot)));
        ITitleFacts.TitleProof memory proof = chain.proveTitle(address(foreign), TOKEN, escrowOfTitle, 1);
        vm.expectRevert(ITitleFacts.TitleFacts_NotLinked.selector);
        titleFacts.requireDelivered(condition, tradeId, proof);
        titleFacts.linkTradeBook(address(tradeBook));
        assertEq(titleFacts.requireDelivered(condition, tradeId, proof), NOW + 1);
    }

    // ------------------------------------------------------------------------------------------------------ linking

    function test_link_twice_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ITitleFacts.TitleFacts_AlreadyLinked.selector, address(ownTitles)));
        titleFacts.linkTitleRegistry(stranger);
        vm.expectRevert(abi.encodeWithSelector(ITitleFacts.TitleFacts_AlreadyLinked.selector, address(claims)));
        titleFacts.linkClaimRegistry(stranger);
        titleFacts.linkTradeBook(address(tradeBook));
        vm.expectRevert(abi.encodeWithSelector(ITitleFacts.TitleFacts_AlreadyLinked.selector, address(tradeBook)));
        titleFacts.linkTradeBook(stranger);
    }

    function test_linkTradeBook_toNothing_reverts() public {
        vm.expectRevert(ITitleFacts.TitleFacts_NotLinked.selector);
        titleFacts.linkTradeBook(address(0));
    }

    function test_link_byStranger_reverts() public {
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        titleFacts.linkTitleRegistry(stranger);
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        titleFacts.linkClaimRegistry(stranger);
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        titleFacts.linkTradeBook(stranger);
    }

    // --------------------------------------------------------------------------------------------------- shorthands

    function _order() private view returns (ITitleRegistry.Issuance memory) {
        return
            ITitleRegistry.Issuance({
                titleId: TITLE,
                issuer: carrier,
                holder: seller,
                owner: seller,
                form: ITitleRegistry.Form.ToOrder,
                paper: 0
            });
    }

    function _agreeOn(TitleCondition memory condition) private returns (TradeId) {
        ITradeBook.Terms memory terms = _terms();
        terms.milestones[1].requirements = new ITradeBook.Requirement[](0);
        terms.titles = new TitleCondition[](2);
        terms.titles[1] = condition;
        return _agree(terms);
    }

    function _pledge() private {
        vm.prank(carrier);
        ownTitles.issue(_order());
        vm.prank(seller);
        ownTitles.pledge(TITLE, bank, NOW + 90 days);
    }

    function _proveTitle(uint256 number) private returns (ITitleFacts.FactProof memory) {
        return _proveTitleOf(TITLE, number);
    }

    function _proveTitleOf(bytes32 titleId, uint256 number) private returns (ITitleFacts.FactProof memory) {
        bytes32[] memory slots = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) slots[i] = bytes32(uint256(keccak256(abi.encode(titleId, HEAD))) + i);
        return _copyAndProve(address(ownTitles), slots, number);
    }

    function _provePledge(uint256 number) private returns (ITitleFacts.FactProof memory) {
        bytes32[] memory slots = new bytes32[](1);
        slots[0] = keccak256(abi.encode(TITLE, PLEDGE));
        return _copyAndProve(address(ownTitles), slots, number);
    }

    function _proveClaim(uint256 number) private returns (ITitleFacts.FactProof memory) {
        bytes32[] memory slots = new bytes32[](2);
        for (uint256 i = 0; i < 2; ++i) slots[i] = bytes32(uint256(keccak256(abi.encode(INVOICE_PRINT, CLAIM))) + i);
        return _copyAndProve(address(claims), slots, number);
    }

    /// @dev What the contract really has in these slots.
    function _copyAndProve(
        address account,
        bytes32[] memory slots,
        uint256 number
    ) private returns (ITitleFacts.FactProof memory) {
        chain.set(account, bytes32(uint256(1)), 1);
        for (uint256 i = 0; i < slots.length; ++i) chain.set(account, slots[i], uint256(vm.load(account, slots[i])));
        return chain.proveFact(account, slots, number);
    }
}
