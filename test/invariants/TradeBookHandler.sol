// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISettlement} from "../../contracts/finance/payments/ISettlement.sol";
import {ISuspense} from "../../contracts/finance/payments/ISuspense.sol";
import {IDocumentRegistry} from "../../contracts/trade/documents/IDocumentRegistry.sol";
import {ITradeBook} from "../../contracts/trade/sales/ITradeBook.sol";
import {TradeId} from "../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../contracts/trade/sales/TradeMessages.sol";
import {LoopbackGateway} from "../support/LoopbackGateway.sol";
import {vm} from "../support/Test.sol";
import {TradeWorld} from "../support/TradeWorld.sol";

/// @notice Both chains at work: anybody calls anything of the trade book and the registry, at any time, while messages
/// travel late. Knows from {ITradeBook} what has to succeed and which edges each call may walk.
contract TradeBookHandler is TradeWorld {
    uint256 internal constant TRADES = 3;

    mapping(bytes32 path => uint256) public times;
    mapping(TradeId tradeId => address) private _cancelRequestedBy;
    mapping(TradeId tradeId => uint256) private _toldReached;
    mapping(TradeId tradeId => bool) private _toldAgreed;
    mapping(TradeId tradeId => bool) private _toldTerminated;
    mapping(TradeId tradeId => uint256) private _paidIn;
    ITradeBook.State[TRADES] private _before;
    uint256 private _read;
    uint40 private _now = NOW;

    /// @dev Time goes only as this contract lets it. Only the trade called for changes its state, and only as `call` may.
    modifier walks(uint256 index, bytes32 called) {
        vm.warp(_now);
        for (uint256 i = 0; i < TRADES; ++i) _before[i] = _state(trades[i]);
        _;
        for (uint256 i = 0; i < TRADES; ++i) {
            ITradeBook.State state = _state(trades[i]);
            if (state == _before[i]) continue;
            assertTrue(i == index % TRADES && _mayWalk(called, _before[i], state), string(abi.encodePacked(called)));
            ++times[keccak256(abi.encode(_before[i], state))];
        }
        _readMessages(called);
    }

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < TRADES; ++i) trades.push(tradeBook.tradeIdOf(seller, _proposal(i)));
        vm.prank(buyer);
        dollar.approve(address(settlement), type(uint256).max);
    }

    // ------------------------------------------------------------------------------------ what the runner calls

    function propose(uint256 index) external walks(index, "propose") {
        ITradeBook.Terms memory terms = _proposal(index);
        bool expected =
            _state(_id(index)) == ITradeBook.State.Unknown &&
                terms.expiry > _now &&
                participants.isActive(seller) &&
                participants.isActive(buyer);
        _callTradeBook(seller, abi.encodeCall(ITradeBook.propose, (terms)), expected, "propose");
    }

    function withdraw(uint256 index, uint256 caller) external walks(index, "withdraw") {
        // Seldom by the seller, so that most proposals get further.
        address by = caller % 16 == 0 ? seller : buyer;
        bool expected = _before[index % TRADES] == ITradeBook.State.Proposed && by == seller && _isActive(by);
        _callTradeBook(by, abi.encodeCall(ITradeBook.withdraw, (_id(index))), expected, "withdraw");
    }

    function accept(uint256 index, uint256 caller) external walks(index, "accept") {
        address by = _anybody(caller);
        bool expected =
            _before[index % TRADES] == ITradeBook.State.Proposed &&
                by == buyer &&
                _isActive(by) &&
                _now <= _status(index).expiry;
        _callTradeBook(by, abi.encodeCall(ITradeBook.accept, (_id(index))), expected, "accept");
    }

    function release(uint256 index, uint256 milestone, uint256 caller) external walks(index, "release") {
        address by = _anybody(caller);
        ITradeBook.TradeStatus memory status = _status(index);
        milestone %= status.milestones.length + 1;
        bool expected =
            _isActiveParty(index, by) &&
                status.state == ITradeBook.State.Agreed &&
                milestone < status.milestones.length &&
                _now <= status.expiry &&
                status.milestones[milestone] == ITradeBook.MilestoneState.Pending;
        if (expected) {
            (bool active, bool amended) = _look(index, milestone);
            expected = active && (!amended || by == buyer);
        }
        _callTradeBook(by, abi.encodeCall(ITradeBook.release, (_id(index), milestone)), expected, "release");
    }

    function expire(uint256 index, uint256 caller) external walks(index, "expire") {
        address by = _anybody(caller);
        bool expected = _isActiveParty(index, by) && _isAgreed(index) && _now > _status(index).expiry;
        _callTradeBook(by, abi.encodeCall(ITradeBook.expire, (_id(index))), expected, "expire");
    }

    function cancel(uint256 index, uint256 caller) external walks(index, "cancel") {
        address by = _anybody(caller);
        TradeId tradeId = _id(index);
        address asked = _cancelRequestedBy[tradeId];
        bool expected = _isActiveParty(index, by) && _isAgreed(index) && by != asked;
        _callTradeBook(by, abi.encodeCall(ITradeBook.cancel, (tradeId)), expected, "cancel");
        if (expected && asked == address(0)) _cancelRequestedBy[tradeId] = by;
    }

    function dispute(uint256 index, uint256 caller) external walks(index, "dispute") {
        address by = _anybody(caller);
        bool expected = _isActiveParty(index, by) && _isAgreed(index) && _now <= _status(index).expiry;
        _callTradeBook(by, abi.encodeCall(ITradeBook.dispute, (_id(index))), expected, "dispute");
    }

    function resolve(uint256 index, uint256 caller) external walks(index, "resolve") {
        address by = caller % 4 == 0 ? _anybody(caller >> 8) : arbiter;
        bool expected = by == arbiter && _before[index % TRADES] == ITradeBook.State.Disputed;
        bool proceed = caller % 5 != 0;
        _callTradeBook(by, abi.encodeCall(ITradeBook.resolve, (_id(index), proceed)), expected, "resolve");
        if (expected && proceed) delete _cancelRequestedBy[_id(index)];
    }

    function anchor(uint256 index, uint256 which) external walks(index, "anchor") {
        (uint16 documentType, address by) = _document(index, which);
        bytes32 previous = registry.latest(_id(index), documentType, by);
        bool expected = _isActive(by) && registry.document(previous).status != IDocumentRegistry.Status.Active;
        bytes memory data = abi.encodeCall(
            IDocumentRegistry.anchorValued,
            (_newHash(), documentType, _id(index), _worth())
        );
        _call(by, address(registry), data, expected, "anchor");
    }

    /// @dev Replaces or revokes the latest document of a kind.
    function amend(uint256 index, uint256 which, bool replace) external walks(index, "anchor") {
        (uint16 documentType, address by) = _document(index, which);
        bytes32 latest = registry.latest(_id(index), documentType, by);
        bool expected = _isActive(by) && registry.document(latest).status == IDocumentRegistry.Status.Active;
        bytes memory data =
            replace
                ? abi.encodeCall(IDocumentRegistry.supersedeValued, (latest, _newHash(), _worth()))
                : abi.encodeCall(IDocumentRegistry.revoke, (latest));
        _call(by, address(registry), data, expected, "amend");
    }

    /// @dev In order, nothing that the two chains say to each other is ever refused.
    function deliver(uint256 count) external walks(0, "deliver") {
        for (count %= 5; count > 0 && gateway.delivered() < gateway.sent(); --count) gateway.deliverNext();
        _readMessages("deliver");
    }

    function fund(uint256 index) external walks(index, "fund") {
        ISettlement.Escrow memory held = settlement.escrow(_id(index));
        bool owing = held.state == ISettlement.State.Owing;
        if (held.state != ISettlement.State.Open && !owing) return;
        if (!_isActive(buyer) || dollar.paused() || dollar.isFrozen(buyer)) return;
        uint256 amount = owing ? held.released : held.amount;
        _mint(dollar, buyer, amount);
        vm.prank(buyer);
        settlement.fund(_id(index), amount);
        _paidIn[_id(index)] += amount;
        ++times["fund"];
    }

    function claim(bool bySeller) external walks(0, "claim") {
        address by = bySeller ? seller : buyer;
        bool expected =
            settlement.suspense(dollar, by) > 0 && _isActive(by) && !dollar.paused() && !dollar.isFrozen(by);
        _call(by, address(settlement), abi.encodeCall(ISuspense.claim, (dollar)), expected, "claim");
    }

    /// @dev What was held because a party was suspended is paid once both act again.
    function settle(uint256 index, uint256 milestone) external walks(0, "settle") {
        ISettlement.Escrow memory held = settlement.escrow(_id(index));
        milestone %= 1 + (index % TRADES);
        if (held.held & (1 << milestone) == 0) return;
        bool expected = _isActive(seller) && _isActive(buyer);
        bytes memory data = abi.encodeCall(ISettlement.settleHeld, (_id(index), milestone, new bytes32[](0)));
        _call(stranger, address(settlement), data, expected, "settle");
    }

    /// @dev Puts right what it disturbed before it disturbs anything else, or hardly anything would ever succeed.
    function disturb(uint256 seed) external walks(0, "disturb") {
        address account = seed % 2 == 0 ? seller : buyer;
        if (dollar.paused()) _unpause(dollar);
        else if (dollar.isFrozen(seller)) _unfreeze(dollar, seller);
        else if (dollar.isFrozen(buyer)) _unfreeze(dollar, buyer);
        else if (!_isActive(seller)) _reinstate(seller);
        else if (!_isActive(buyer)) _reinstate(buyer);
        else if (seed % 3 == 0) _pause(dollar);
        else if (seed % 3 == 1) _freeze(dollar, account);
        else _suspend(account);
    }

    function wait(uint256 time) external {
        _now += uint40(time % 12 hours);
    }

    // --------------------------------------------------------------------------------- what the invariants read

    function assertMoneyConserved() external view {
        _assertMoneyConserved();
    }

    /// @dev Once every message has arrived, both chains say the same.
    function assertChainsAgree() external {
        gateway.deliverAll();
        for (uint256 i = 0; i < TRADES; ++i) {
            TradeId tradeId = trades[i];
            ITradeBook.TradeStatus memory status = tradeBook.statusOf(tradeId);
            ISettlement.Escrow memory held = settlement.escrow(tradeId);
            uint256 reached = 0;
            uint256 paid = 0;
            uint256 unpaid = 0;
            for (uint256 j = 0; j < status.milestones.length; ++j) {
                if (held.held & (1 << j) != 0) unpaid += settlement.milestoneAmount(tradeId, j);
                if (status.milestones[j] != ITradeBook.MilestoneState.Pending) reached |= 1 << j;
                if (status.milestones[j] > ITradeBook.MilestoneState.Reached) {
                    paid += settlement.milestoneAmount(tradeId, j);
                }
            }
            assertEq(held.reached, reached, "reached");
            assertEq(status.paid, paid, "paid");
            assertEq(status.paid + unpaid, status.funded ? held.released : 0, "released");
            assertEq(status.funded, _paidIn[tradeId] > 0, "funded");
            if (held.state == ISettlement.State.Closed) {
                assertEq(status.paid + unpaid + status.refunded, _paidIn[tradeId], "paid, held and refunded");
            }
            bool begun = status.state >= ITradeBook.State.Agreed;
            assertEq(held.state != ISettlement.State.Unknown, begun, "opened");
        }
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _callTradeBook(address by, bytes memory data, bool expected, bytes32 path) private {
        _call(by, address(tradeBook), data, expected, path);
    }

    function _call(address by, address target, bytes memory data, bool expected, bytes32 path) private {
        vm.prank(by);
        (bool success, ) = target.call(data);
        assertEq(success, expected, string(abi.encodePacked(path)));
        ++times[expected ? path : keccak256(abi.encode(path, "refused"))];
    }

    /// @dev Every message is said once at most, in an order that makes sense, and a milestone only on standing documents.
    function _readMessages(bytes32 called) private {
        for (; _read < gateway.sent(); ++_read) {
            LoopbackGateway.Message memory message = gateway.message(_read);
            if (message.sender != address(tradeBook)) continue;
            (uint8 kind, TradeId tradeId) = abi.decode(message.payload, (uint8, TradeId));
            assertFalse(_toldTerminated[tradeId], "said after the end");
            if (kind == TradeMessages.AGREED) {
                assertFalse(_toldAgreed[tradeId], "agreed twice");
                _toldAgreed[tradeId] = true;
            } else if (kind == TradeMessages.TERMINATED) {
                assertTrue(_toldAgreed[tradeId], "ended before it was agreed");
                _toldTerminated[tradeId] = true;
            } else {
                (, , uint256 milestone) = abi.decode(message.payload, (uint8, TradeId, uint256));
                assertTrue(_toldAgreed[tradeId], "reached before it was agreed");
                assertEq((_toldReached[tradeId] >> milestone) & 1, 0, "reached twice");
                _toldReached[tradeId] |= 1 << milestone;
                (bool active, bool amended) = _look(_indexOf(tradeId), milestone);
                assertTrue(active, "reached without its documents");
                assertTrue(!amended || called == "release", "reached by itself on an amended document");
                ++times[amended ? bytes32("released on amended") : bytes32("reached")];
                if (called == "resolve") ++times["reached on resolution"];
                if (called == "accept") ++times["reached on acceptance"];
            }
        }
    }

    /// @dev One to three milestones, of little money. The last of all but the first trade asks for an invoice as well.
    function _proposal(uint256 index) private view returns (ITradeBook.Terms memory terms) {
        index %= TRADES;
        uint16[] memory shares = new uint16[](1 + index);
        for (uint256 i = 1; i < shares.length; ++i) shares[i] = 1_000;
        shares[0] = uint16(10_000 - 1_000 * index);
        terms = _termsWithShares(uint128(1 + 333 * index), shares);
        terms.expiry = uint40(NOW + 3 days * (index + 1));
        if (index == 0) return terms;
        ITradeBook.Requirement memory first = terms.milestones[index].requirements[0];
        terms.milestones[index].requirements = new ITradeBook.Requirement[](2);
        terms.milestones[index].requirements[0] = first;
        terms.milestones[index].requirements[1] = ITradeBook.Requirement(INVOICE, seller);
    }

    function _mayWalk(bytes32 called, ITradeBook.State from, ITradeBook.State to) private pure returns (bool) {
        if (called == "propose") return from == ITradeBook.State.Unknown && to == ITradeBook.State.Proposed;
        if (called == "withdraw") return from == ITradeBook.State.Proposed && to == ITradeBook.State.Withdrawn;
        bool goesOn = to == ITradeBook.State.Agreed || to == ITradeBook.State.Completed;
        if (called == "accept") return from == ITradeBook.State.Proposed && goesOn;
        if (called == "resolve") {
            return from == ITradeBook.State.Disputed && (goesOn || to == ITradeBook.State.Cancelled);
        }
        if (from != ITradeBook.State.Agreed) return false;
        if (called == "anchor" || called == "release") return to == ITradeBook.State.Completed;
        if (called == "expire") return to == ITradeBook.State.Expired;
        if (called == "cancel") return to == ITradeBook.State.Cancelled;
        return called == "dispute" && to == ITradeBook.State.Disputed;
    }

    function _look(uint256 index, uint256 milestone) private view returns (bool active, bool amended) {
        ITradeBook.Requirement[] memory required = _proposal(index).milestones[milestone].requirements;
        active = true;
        for (uint256 i = 0; i < required.length; ++i) {
            IDocumentRegistry.Document memory found = registry.document(
                registry.latest(_id(index), required[i].documentType, required[i].issuer)
            );
            if (found.status != IDocumentRegistry.Status.Active || !_isActive(found.issuer)) active = false;
            if (found.amended) amended = true;
        }
    }

    function _document(uint256 index, uint256 which) private view returns (uint16 documentType, address by) {
        uint256 count = 1 + (index % TRADES);
        which %= count + 1;
        if (which == count) return (INVOICE, seller);
        return (uint16(MILESTONE_DOCUMENT + which), carrier);
    }

    function _id(uint256 index) private view returns (TradeId) {
        return trades[index % TRADES];
    }

    function _indexOf(TradeId tradeId) private view returns (uint256 index) {
        while (TradeId.unwrap(trades[index]) != TradeId.unwrap(tradeId)) ++index;
    }

    function _status(uint256 index) private view returns (ITradeBook.TradeStatus memory) {
        return tradeBook.statusOf(_id(index));
    }

    function _isAgreed(uint256 index) private view returns (bool) {
        return _before[index % TRADES] == ITradeBook.State.Agreed;
    }

    function _isActiveParty(uint256 index, address by) private view returns (bool) {
        return _isActive(by) && _before[index % TRADES] != ITradeBook.State.Unknown && (by == seller || by == buyer);
    }

    function _isActive(address account) private view returns (bool) {
        return participants.isActive(account);
    }

    function _anybody(uint256 seed) private view returns (address) {
        address[8] memory callers = [buyer, seller, buyer, seller, buyer, carrier, arbiter, stranger];
        return callers[seed % 8];
    }
}
