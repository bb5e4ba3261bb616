// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISettlement} from "../../contracts/finance/payments/ISettlement.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {ISuspense} from "../../contracts/finance/payments/ISuspense.sol";
import {ProvenDocument} from "../../contracts/trade/documents/ProvenDocument.sol";
import {TradeId} from "../../contracts/trade/sales/TradeId.sol";
import {EscrowTerms, TradeMessages} from "../../contracts/trade/sales/TradeMessages.sol";
import {LoopbackGateway} from "../support/LoopbackGateway.sol";
import {vm} from "../support/Test.sol";
import {TradeWorld} from "../support/TradeWorld.sol";

/// @notice Says anything about a few trades to the settlement, in any order, funds with right and wrong amounts, and
/// freezes, suspends and pauses in between. Knows from the table of {ISettlement} what has to succeed.
contract SettlementHandler is TradeWorld {
    uint256 internal constant TRADES = 6;

    /// @dev What was said, and what was paid, as this contract saw it.
    mapping(TradeId tradeId => uint256) public saidReached;
    mapping(TradeId tradeId => mapping(uint256 milestone => uint256)) public timesPaid;
    mapping(TradeId tradeId => uint256) public paidIn;
    mapping(TradeId tradeId => uint256) public paidOut;
    mapping(bytes32 path => uint256) public times;
    uint256 private _reports;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < TRADES; ++i) {
            trades.push(TradeId.wrap(bytes32(i + 1)));
            vm.startPrank(_buyerOf(i));
            dollar.approve(address(settlement), type(uint256).max);
            euro.approve(address(settlement), type(uint256).max);
            vm.stopPrank();
        }
    }

    // ------------------------------------------------------------------------------------ what the runner calls

    function open(uint256 index, uint256 seed) external {
        (TradeId tradeId, ISettlement.Escrow memory before) = _pick(index);
        uint16[] memory shares = _randomShares(seed);
        uint256 amount = seed % 3 == 0 ? 1 + ((seed >> 16) % 20) : 1 + ((seed >> 16) % 1e15);
        index %= TRADES;
        bool inEuro = index % 2 == 1;
        EscrowTerms memory terms = EscrowTerms({
            buyer: _buyerOf(index),
            seller: _sellerOf(index),
            currency: inEuro ? bytes3("EUR") : bytes3("USD"),
            coin: address(inEuro ? euro : dollar),
            amount: amount,
            shares: shares
        });
        bool expected = before.state == ISettlement.State.Unknown;
        _expect(_try(TradeMessages.agreed(tradeId, terms)), expected, "open");
        _expectMove(tradeId, before.state, expected ? ISettlement.State.Open : before.state);
    }

    function reach(uint256 index, uint256 milestone) external {
        (TradeId tradeId, ISettlement.Escrow memory before) = _pick(index);
        milestone %= before.cumulativeShares.length + 1;
        bool expected =
            (before.state == ISettlement.State.Open || before.state == ISettlement.State.Funded) &&
                milestone < before.cumulativeShares.length &&
                before.reached & (1 << milestone) == 0;
        if (expected) saidReached[tradeId] |= 1 << milestone;
        ProvenDocument[] memory documents = milestone % 3 == 2 ? new ProvenDocument[](0) : _supportOf(index);
        bytes memory payload = TradeMessages.milestoneReached(tradeId, milestone, documents);
        _expect(_try(payload), expected, "reach");
        if (!expected) return _expectMove(tradeId, before.state, before.state);
        bool last = saidReached[tradeId] == (1 << before.cumulativeShares.length) - 1;
        if (before.state == ISettlement.State.Open) _count("reached before funding");
        bool closes = last && before.state == ISettlement.State.Funded;
        if (closes) _count("closed by the last milestone");
        _expectMove(tradeId, before.state, closes ? ISettlement.State.Closed : before.state);
    }

    /// @dev Rarely, so that most trades get somewhere.
    function terminate(uint256 index, uint256 seed) external {
        if (seed % 4 != 0) return;
        (TradeId tradeId, ISettlement.Escrow memory before) = _pick(index);
        uint8 reached = (seed >> 2) % 16 == 0 ? uint8(seed >> 8) : before.reached;
        bool expected =
            (before.state == ISettlement.State.Open || before.state == ISettlement.State.Funded) &&
                reached == before.reached;
        _expect(_try(TradeMessages.terminated(tradeId, reached)), expected, "terminate");
        if (!expected) return _expectMove(tradeId, before.state, before.state);
        bool owes = before.state == ISettlement.State.Open && before.released > 0;
        if (owes) _count("owing");
        else if (before.state == ISettlement.State.Funded) _count("refunded");
        _expectMove(tradeId, before.state, owes ? ISettlement.State.Owing : ISettlement.State.Closed);
    }

    function say(uint256 index, uint8 kind) external {
        (TradeId tradeId, ISettlement.Escrow memory before) = _pick(index);
        if (kind >= TradeMessages.AGREED && kind <= TradeMessages.TERMINATED) kind += 3;
        _expect(_try(abi.encode(kind, tradeId)), false, "unknown kind");
        _expectMove(tradeId, before.state, before.state);
    }

    function fund(uint256 index, uint256 seed) external {
        (TradeId tradeId, ISettlement.Escrow memory before) = _pick(index);
        index %= TRADES;
        bool owing = before.state == ISettlement.State.Owing;
        uint256 needed = owing ? before.released : before.amount;
        uint256 given = seed % 5 == 0 ? (seed >> 8) % (2 * needed + 2) : needed;
        address payer = seed % 7 == 0 ? carrier : _buyerOf(index);
        Stablecoin coin = index % 2 == 1 ? euro : dollar;
        bool movable = _mayReceive(coin, payer) && _mayReceive(coin, address(settlement));
        if (_mayReceive(coin, payer)) _mint(coin, payer, given);

        bool expected =
            (before.state == ISettlement.State.Open || owing) && payer == before.buyer && given == needed && movable;
        vm.prank(payer);
        (bool success, ) = address(settlement).call(abi.encodeCall(ISettlement.fund, (tradeId, given)));
        if (success) paidIn[tradeId] += given;
        _read();
        _expect(success, expected, "fund");
        if (!expected) return _expectMove(tradeId, before.state, before.state);
        if (owing) _count("owing paid");
        else if (before.released > 0) _count("funded with something due");
        bool closes = owing || saidReached[tradeId] == (1 << before.cumulativeShares.length) - 1;
        _expectMove(tradeId, before.state, closes ? ISettlement.State.Closed : ISettlement.State.Funded);
    }

    /// @dev With the milestone's own documents by anyone, or with new ones by a party, or by nobody's right.
    function settleHeld(uint256 index, uint256 seed) external {
        (TradeId tradeId, ISettlement.Escrow memory before) = _pick(index);
        uint256 milestone = _anyHeld(before.held, seed);
        bool isHeld = before.held & (1 << milestone) != 0;
        bool choosing = (seed >> 8) % 2 == 0;
        address by = (seed >> 16) % 3 == 0 ? stranger : before.seller;
        bytes32[] memory documents = new bytes32[](choosing ? 1 : 0);
        if (choosing) documents[0] = _enter(_supportOf(index));

        bool supported = choosing ? by != stranger : settlement.documentsOf(tradeId, milestone).length > 0;
        bool active = participants.isActive(before.buyer) && participants.isActive(before.seller);
        vm.prank(by);
        (bool success, ) = address(settlement).call(
            abi.encodeCall(ISettlement.settleHeld, (tradeId, milestone, documents))
        );
        _read();
        _expect(success, isHeld && supported && active, "settle held");
    }

    function release(uint256 index, uint256 seed) external {
        (TradeId tradeId, ISettlement.Escrow memory before) = _pick(index);
        uint256 milestone = _anyHeld(before.held, seed);
        bool expected = before.held & (1 << milestone) != 0 && (seed >> 8) % 4 == 0;
        vm.prank((seed >> 8) % 4 == 0 ? before.seller : stranger);
        (bool success, ) = address(settlement).call(
            abi.encodeCall(ISettlement.releaseHeldToBuyer, (tradeId, milestone))
        );
        if (success) ++timesPaid[tradeId][milestone];
        _read();
        _expect(success, expected, "release");
    }

    function claim(uint256 index, bool inEuro) external {
        address account = holders[index % holders.length];
        Stablecoin coin = inEuro ? euro : dollar;
        uint256 waiting = settlement.suspense(coin, account);
        bool expected = waiting > 0 && _mayReceive(coin, account) && _mayReceive(coin, address(settlement));
        vm.prank(account);
        (bool success, ) = address(settlement).call(abi.encodeCall(ISuspense.claim, (coin)));
        _expect(success, expected, "claim");
    }

    function donate(uint256 amount, bool inEuro) external {
        Stablecoin coin = inEuro ? euro : dollar;
        if (!_mayReceive(coin, carrier) || !_mayReceive(coin, address(settlement))) return;
        amount %= 1e12;
        _mint(coin, carrier, amount);
        vm.prank(carrier);
        coin.transfer(address(settlement), amount);
        donated[coin] += amount;
    }

    function toggleFreeze(uint256 index, bool inEuro) external {
        Stablecoin coin = inEuro ? euro : dollar;
        address account = holders[index % holders.length];
        if (coin.isSystemAccount(account) || account == issuer) return; // a frozen issuer mints nothing
        if (coin.isFrozen(account)) _unfreeze(coin, account);
        else _freeze(coin, account);
    }

    function toggleSuspension(uint256 index) external {
        address account = index % 2 == 0 ? seller : buyer;
        if (participants.isActive(account)) _suspend(account);
        else _reinstate(account);
    }

    function togglePause(uint256 seed, bool inEuro) external {
        Stablecoin coin = inEuro ? euro : dollar;
        if (coin.paused()) _unpause(coin);
        else if (seed % 4 == 0) _pause(coin);
    }

    // --------------------------------------------------------------------------------- what the invariants read

    function assertMoneyConserved() external view {
        _assertMoneyConserved();
    }

    function assertPaidAtMostOnce() external view {
        for (uint256 i = 0; i < TRADES; ++i) {
            ISettlement.Escrow memory held = settlement.escrow(trades[i]);
            assertEq(held.reached, saidReached[trades[i]], "reached without a message");
            for (uint256 j = 0; j < 9; ++j) {
                uint256 paid = timesPaid[trades[i]][j] + ((held.held >> j) & 1);
                assertLe(paid, (saidReached[trades[i]] >> j) & 1, "paid, held and given back more than once");
            }
        }
    }

    function assertEscrowsBalance() external view {
        for (uint256 i = 0; i < TRADES; ++i) {
            TradeId tradeId = trades[i];
            ISettlement.Escrow memory held = settlement.escrow(tradeId);
            assertLe(held.released, held.amount, "released more than agreed");
            uint256 waiting = 0;
            for (uint256 j = 0; j < held.cumulativeShares.length; ++j) {
                if (held.held & (1 << j) != 0) waiting += settlement.milestoneAmount(tradeId, j);
            }
            if (held.state == ISettlement.State.Funded) {
                assertEq(paidIn[tradeId], held.amount, "paid in");
                assertEq(paidOut[tradeId] + waiting, held.released, "paid out of a funded escrow");
            } else if (held.state == ISettlement.State.Closed) {
                assertEq(paidOut[tradeId] + waiting, paidIn[tradeId], "paid out of a closed escrow");
            } else {
                assertEq(paidIn[tradeId] + paidOut[tradeId] + waiting, 0, "money moved before the funding");
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _buyerOf(uint256 index) private view returns (address) {
        return index % 3 == 0 ? broker : buyer;
    }

    function _sellerOf(uint256 index) private view returns (address) {
        return index % 3 == 1 ? carrier : seller;
    }

    function _supportOf(uint256 index) private returns (ProvenDocument[] memory) {
        index %= TRADES;
        return _support(index % 2 == 1 ? bytes3("EUR") : bytes3("USD"), _buyerOf(index), _sellerOf(index));
    }

    function _enter(ProvenDocument[] memory documents) private returns (bytes32) {
        vm.prank(address(settlement));
        ledger.register(documents);
        return documents[0].documentHash;
    }

    /// @dev A milestone that is held, if any is and the seed does not want another.
    function _anyHeld(uint8 held, uint256 seed) private pure returns (uint256 milestone) {
        milestone = (seed >> 24) % 8;
        if (seed % 4 == 0) return milestone;
        for (uint256 i = 0; i < 8 && held & (1 << milestone) == 0; ++i) milestone = (milestone + 1) % 8;
    }

    function _pick(uint256 index) private view returns (TradeId tradeId, ISettlement.Escrow memory before) {
        tradeId = trades[index % TRADES];
        before = settlement.escrow(tradeId);
    }

    function _try(bytes memory payload) private returns (bool success) {
        (success, ) = address(gateway).call(
            abi.encodeCall(LoopbackGateway.inject, (address(tradeBook), address(settlement), payload))
        );
        _read();
    }

    /// @dev Books what the settlement reported since the last time.
    function _read() private {
        for (; _reports < gateway.sent(); ++_reports) {
            bytes memory payload = gateway.message(_reports).payload;
            (uint8 kind, TradeId tradeId) = abi.decode(payload, (uint8, TradeId));
            if (kind == TradeMessages.MILESTONE_PAID) {
                (, , uint256 milestone, uint256 amount, bool inSuspense) = abi.decode(
                    payload,
                    (uint8, TradeId, uint256, uint256, bool)
                );
                ++timesPaid[tradeId][milestone];
                paidOut[tradeId] += amount;
                _count(inSuspense ? bytes32("held in suspense") : bytes32("paid"));
            } else if (kind == TradeMessages.REFUNDED) {
                (, , uint256 amount) = abi.decode(payload, (uint8, TradeId, uint256));
                paidOut[tradeId] += amount;
            }
        }
    }

    function _mayReceive(Stablecoin coin, address account) private view returns (bool) {
        return !coin.paused() && coin.canReceive(account);
    }

    function _expect(bool success, bool expected, bytes32 path) private {
        assertEq(success, expected, string(abi.encodePacked(path)));
        _count(expected ? path : keccak256(abi.encode(path, "refused")));
    }

    function _expectMove(TradeId tradeId, ISettlement.State from, ISettlement.State to) private {
        _assertEscrow(tradeId, to);
        if (from != to) _count(keccak256(abi.encode(from, to)));
    }

    function _count(bytes32 path) private {
        ++times[path];
    }

    function _randomShares(uint256 seed) private pure returns (uint16[] memory shares) {
        shares = new uint16[](1 + (seed % 8));
        uint256 left = 10_000;
        for (uint256 i = 0; i + 1 < shares.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            shares[i] = uint16((seed >> 8) % (left + 1));
            left -= shares[i];
        }
        shares[shares.length - 1] = uint16(left);
    }
}
