// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IParticipants, Lei} from "../../contracts/access/IParticipants.sol";
import {ISettlement} from "../../contracts/finance/payments/ISettlement.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {IDocumentRegistry} from "../../contracts/trade/documents/IDocumentRegistry.sol";
import {ITradeBook} from "../../contracts/trade/sales/ITradeBook.sol";
import {TitleCondition} from "../../contracts/trade/sales/TitleCondition.sol";
import {ProvenDocument} from "../../contracts/trade/documents/ProvenDocument.sol";
import {TradeId} from "../../contracts/trade/sales/TradeId.sol";
import {EscrowTerms, TradeMessages} from "../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "./Test.sol";
import {TradeDeployment} from "./TradeDeployment.sol";

/// @title What people do on both chains, and what must hold whatever they do
abstract contract TradeWorld is TradeDeployment {
    uint40 internal constant EXPIRY = NOW + 30 days;
    uint128 internal constant AMOUNT = 1_000_000e6;
    /// @dev What every document is worth: more than any trade.
    uint96 internal constant WORTH = 10 ** 27;

    Lei internal sellerLei;
    Lei internal buyerLei;
    TradeId[] internal trades;
    /// @dev Milestones that {_reach} said, one bit each.
    mapping(TradeId tradeId => uint8) private _reached;
    uint256 private _hashes;

    /// @dev For every coin: balances sum to the supply, the supply is what was minted less what was burned, and the
    /// settlement holds what it owes to funded escrows, for milestones that are held and in suspense, and what was given to it.
    modifier moneyIsConserved() {
        _;
        _assertMoneyConserved();
    }

    function setUp() public virtual override {
        super.setUp();
        (sellerLei, buyerLei) = (participants.leiOf(seller), participants.leiOf(buyer));
    }

    // -------------------------------------------------------------------------------------------- making trades

    /// @dev 40 % on the carrier's bill of lading, 60 % on the broker's export declaration and the seller's invoice.
    function _terms() internal view returns (ITradeBook.Terms memory terms) {
        terms = _emptyTerms(AMOUNT, 2);
        terms.milestones[0].share = 4_000;
        terms.milestones[0].requirements = new ITradeBook.Requirement[](1);
        terms.milestones[0].requirements[0] = ITradeBook.Requirement(BILL_OF_LADING, carrier);
        terms.milestones[1].share = 6_000;
        terms.milestones[1].requirements = new ITradeBook.Requirement[](2);
        terms.milestones[1].requirements[0] = ITradeBook.Requirement(EXPORT_DECLARATION, broker);
        terms.milestones[1].requirements[1] = ITradeBook.Requirement(INVOICE, seller);
    }

    function _termsWithShares(
        uint128 amount,
        uint16[] memory shares
    ) internal view returns (ITradeBook.Terms memory terms) {
        terms = _emptyTerms(amount, shares.length);
        for (uint16 i = 0; i < shares.length; ++i) {
            terms.milestones[i].share = shares[i];
            terms.milestones[i].requirements = new ITradeBook.Requirement[](1);
            terms.milestones[i].requirements[0] = ITradeBook.Requirement(MILESTONE_DOCUMENT + i, carrier);
        }
    }

    function _emptyTerms(uint128 amount, uint256 milestones) private view returns (ITradeBook.Terms memory) {
        return
            ITradeBook.Terms({
                buyer: buyer,
                currency: "USD",
                coin: address(dollar),
                amount: amount,
                expiry: EXPIRY,
                purchaseReference: "PO-1",
                milestones: new ITradeBook.MilestoneTerms[](milestones),
                titles: new TitleCondition[](0)
            });
    }

    function _propose(ITradeBook.Terms memory terms) internal returns (TradeId tradeId) {
        vm.prank(seller);
        tradeId = tradeBook.propose(terms);
        trades.push(tradeId);
    }

    /// @dev Proposed, accepted, and its escrow open.
    function _agree(ITradeBook.Terms memory terms) internal returns (TradeId tradeId) {
        tradeId = _propose(terms);
        vm.prank(buyer);
        tradeBook.accept(tradeId);
        gateway.deliverAll();
    }

    /// @dev Registers a document that was never seen before.
    function _anchor(address by, uint16 documentType, TradeId tradeId) internal returns (bytes32 documentHash) {
        documentHash = _newHash();
        IDocumentRegistry.Value memory value = _worth();
        vm.prank(by);
        registry.anchorValued(documentHash, documentType, tradeId, value);
    }

    function _worth() internal view returns (IDocumentRegistry.Value memory) {
        return IDocumentRegistry.Value({currency: "USD", creditor: sellerLei, debtor: buyerLei, amount: WORTH});
    }

    /// @dev As it goes to the finance chain.
    function _proven(bytes32 documentHash, uint16 documentType) internal view returns (ProvenDocument memory) {
        IDocumentRegistry.Value memory value = _worth();
        return ProvenDocument(documentHash, documentType, value.currency, value.amount, value.debtor, value.creditor);
    }

    /// @dev One invoice that was never seen before.
    function _evidence() internal returns (ProvenDocument[] memory documents) {
        documents = new ProvenDocument[](1);
        documents[0] = _proven(_newHash(), INVOICE);
    }

    function _newHash() internal returns (bytes32) {
        return keccak256(abi.encode("document", ++_hashes));
    }

    function _state(TradeId tradeId) internal view returns (ITradeBook.State) {
        return tradeBook.statusOf(tradeId).state;
    }

    function _milestone(TradeId tradeId, uint256 milestone) internal view returns (ITradeBook.MilestoneState) {
        return tradeBook.statusOf(tradeId).milestones[milestone];
    }

    // ------------------------------------------------------------------------------------------ moving the money

    /// @dev What the trade book would say, without a trade there.
    function _say(bytes memory payload) internal {
        gateway.inject(address(tradeBook), address(settlement), payload);
    }

    function _escrowTerms(uint256 amount, uint16[] memory shares) internal view returns (EscrowTerms memory) {
        return EscrowTerms(buyer, seller, "USD", address(dollar), amount, shares);
    }

    function _open(TradeId tradeId, uint256 amount, uint16[] memory shares) internal {
        trades.push(tradeId);
        _say(TradeMessages.agreed(tradeId, _escrowTerms(amount, shares)));
    }

    function _reach(TradeId tradeId, uint256 milestone) internal {
        _reach(tradeId, milestone, _evidence());
    }

    function _reach(TradeId tradeId, uint256 milestone, ProvenDocument[] memory documents) internal {
        _reached[tradeId] |= uint8(1 << milestone);
        _say(TradeMessages.milestoneReached(tradeId, milestone, documents));
    }

    /// @dev An invoice for anything that one sold the other.
    function _support(bytes3 currency, address from, address to) internal returns (ProvenDocument[] memory documents) {
        documents = new ProvenDocument[](1);
        documents[0] = _newDocument(currency, type(uint96).max, from, to);
    }

    function _terminate(TradeId tradeId) internal {
        _say(TradeMessages.terminated(tradeId, _reached[tradeId]));
    }

    /// @dev Gives the buyer exactly the amount and pays it into the escrow.
    function _fund(TradeId tradeId, uint256 amount) internal {
        _mint(dollar, buyer, amount);
        vm.startPrank(buyer);
        dollar.approve(address(settlement), amount);
        settlement.fund(tradeId, amount);
        vm.stopPrank();
    }

    function _assertMoneyConserved() internal view {
        for (uint256 i = 0; i < coins.length; ++i) {
            Stablecoin coin = coins[i];
            uint256 balances = 0;
            uint256 owed = donated[coin];
            for (uint256 j = 0; j < holders.length; ++j) {
                balances += coin.balanceOf(holders[j]);
                owed += settlement.suspense(coin, holders[j]);
            }
            for (uint256 j = 0; j < trades.length; ++j) {
                ISettlement.Escrow memory held = settlement.escrow(trades[j]);
                if (address(held.coin) != address(coin)) continue;
                if (held.state == ISettlement.State.Funded) owed += held.amount - held.released;
                for (uint256 k = 0; k < held.cumulativeShares.length; ++k) {
                    if (held.held & (1 << k) != 0) owed += settlement.milestoneAmount(trades[j], k);
                }
            }
            assertEq(balances, coin.totalSupply(), "balances are not the supply");
            assertEq(coin.totalSupply(), minted[coin] - burned[coin], "supply is not what was minted and not burned");
            assertEq(coin.balanceOf(address(settlement)), owed, "settlement does not hold what it owes");
        }
    }

    // -------------------------------------------------------------------------------------------------- shorthands

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function _expectWrongState(TradeId tradeId, ITradeBook.State state) internal {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_WrongState.selector, tradeId, state));
    }

    function _expectWrongEscrowState(TradeId tradeId, ISettlement.State state) internal {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_WrongState.selector, tradeId, state));
    }

    function _expectNotActive(address account) internal {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account));
    }

    function _assertState(TradeId tradeId, ITradeBook.State expected) internal view {
        assertEq(uint256(_state(tradeId)), uint256(expected), "state of the trade");
    }

    function _assertMilestone(TradeId tradeId, uint256 milestone, ITradeBook.MilestoneState expected) internal view {
        assertEq(uint256(_milestone(tradeId, milestone)), uint256(expected), "state of the milestone");
    }

    function _assertEscrow(TradeId tradeId, ISettlement.State expected) internal view {
        assertEq(uint256(settlement.escrow(tradeId).state), uint256(expected), "state of the escrow");
    }

    function _shares(uint16 first) internal pure returns (uint16[] memory shares) {
        shares = new uint16[](1);
        shares[0] = first;
    }

    function _shares(uint16 first, uint16 second) internal pure returns (uint16[] memory shares) {
        shares = new uint16[](2);
        (shares[0], shares[1]) = (first, second);
    }

    function _shares(uint16 first, uint16 second, uint16 third) internal pure returns (uint16[] memory shares) {
        shares = new uint16[](3);
        (shares[0], shares[1], shares[2]) = (first, second, third);
    }
}
