// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {ITitlePayments} from "../../contracts/finance/titles/ITitlePayments.sol";
import {ITitleOffers} from "../../contracts/trade/titles/ITitleOffers.sol";
import {ITitleRegistry} from "../../contracts/trade/titles/ITitleRegistry.sol";
import {TitleMessages} from "../../contracts/trade/titles/TitleMessages.sol";
import {LoopbackGateway} from "../support/LoopbackGateway.sol";
import {vm} from "../support/Test.sol";
import {TitleWorld} from "../support/TitleWorld.sol";

/// @notice Offers, pays, withdraws and expires, rightly and wrongly, while messages fail and are retried in any order, courts and
/// the regulator stop titles, participants and coins, and time passes. Knows what has to succeed, and that no message may fail.
contract TitleDvpHandler is TitleWorld {
    uint256 internal constant TITLES = 12;

    struct Deal {
        bytes32 titleId;
        address seller;
        address buyer;
        Stablecoin coin;
        uint256 amount;
    }

    bytes32[] public offerIds;
    mapping(bytes32 offerId => Deal) public deals;
    mapping(bytes32 offerId => uint256) public timesPaid;
    mapping(bytes32 titleId => address) public holderOf;
    mapping(bytes32 path => uint256) public times;
    bytes32[] internal titles;
    address[3] internal traders;
    /// @dev Messages that failed at the gateway, by their index there.
    uint256[] private _failed;
    mapping(Stablecoin coin => mapping(address account => uint256)) private _given;

    function setUp() public override {
        super.setUp();
        traders = [seller, buyer, broker];
        for (uint256 i = 0; i < TITLES; ++i) {
            bytes32 titleId = _newTitle(traders[i % 3]);
            titles.push(titleId);
            holderOf[titleId] = traders[i % 3];
        }
        for (uint256 i = 0; i < 3; ++i) {
            vm.startPrank(traders[i]);
            dollar.approve(address(titlePayments), type(uint256).max);
            euro.approve(address(titlePayments), type(uint256).max);
            vm.stopPrank();
        }
    }

    // ------------------------------------------------------------------------------------ what the runner calls

    function offer(uint256 index, uint256 seed) external {
        bytes32 titleId = titles[index % TITLES];
        address from = seed % 6 == 0 ? traders[(seed >> 8) % 3] : holderOf[titleId];
        address to = traders[(seed >> 16) % 3];
        (bytes3 currency, address coin) = _randomCoin(seed >> 24);
        uint96 amount = uint96(1 + ((seed >> 32) % 1e12));
        uint40 payBy = uint40(block.timestamp + ((seed >> 80) % 3 days));

        ITitleRegistry.Title memory found = titleRegistry.title(titleId);
        bool expected =
            found.status == ITitleRegistry.Status.Active &&
                !found.frozen &&
                from == found.holder &&
                to != from &&
                _active(from, to) &&
                payBy > block.timestamp;
        vm.prank(from);
        (bool success, bytes memory returned) = address(titleOffers).call(
            abi.encodeCall(ITitleOffers.offer, (titleId, to, currency, coin, amount, payBy))
        );
        _expect(success, expected, "offer");
        if (!success) return;
        bytes32 offerId = abi.decode(returned, (bytes32));
        offerIds.push(offerId);
        deals[offerId] = Deal(titleId, from, to, Stablecoin(coin), amount);
    }

    function withdraw(uint256 index, uint256 seed) external {
        bytes32 offerId = _pick(index);
        ITitleOffers.Offer memory found = titleOffers.offerOf(offerId);
        address by = seed % 4 == 0 ? traders[(seed >> 8) % 3] : found.seller;
        bool expected =
            found.state == ITitleOffers.State.Offered &&
                !found.withdrawing &&
                by == found.seller &&
                participants.isActive(by);
        vm.prank(by);
        (bool success, ) = address(titleOffers).call(abi.encodeCall(ITitleOffers.withdraw, (offerId)));
        _expect(success, expected, "withdraw");
    }

    function pay(uint256 index, uint256 seed) external {
        bytes32 offerId = _pickOpen(index);
        ITitlePayments.Offer memory found = titlePayments.offerOf(offerId);
        if (found.buyer == address(0)) return;
        Deal memory deal = deals[offerId];
        address by = seed % 5 == 0 ? traders[(seed >> 8) % 3] : deal.buyer;
        bytes32[] memory documents = _invoice(offerId);
        if (_mayMove(deal.coin, deal.buyer) && !deal.coin.isFrozen(issuer)) {
            _mint(deal.coin, deal.buyer, deal.amount);
            _given[deal.coin][deal.buyer] += deal.amount;
        }
        bool expected =
            found.state == ITitlePayments.State.Open &&
                by == deal.buyer &&
                block.timestamp <= found.payBy &&
                titlePayments.currencyOf(found.coin) == found.currency &&
                _active(deal.buyer, deal.seller) &&
                _mayMove(deal.coin, deal.buyer);
        vm.prank(by);
        (bool success, ) = address(titlePayments).call(abi.encodeCall(ITitlePayments.pay, (offerId, documents)));
        _expect(success, expected, "pay");
        if (!success) return;
        ++timesPaid[offerId];
        if (deal.coin.isFrozen(deal.seller)) _count("held in suspense");
        if (titleOffers.offerOf(offerId).withdrawing) _count("paid before the withdrawal came");
        if (titleRegistry.title(deal.titleId).frozen) _count("paid while frozen");
    }

    function expire(uint256 index) external {
        bytes32 offerId = _pickOpen(index);
        ITitlePayments.Offer memory found = titlePayments.offerOf(offerId);
        (bool success, ) = address(titlePayments).call(abi.encodeCall(ITitlePayments.expire, (offerId)));
        _expect(success, found.state == ITitlePayments.State.Open && block.timestamp > found.payBy, "expire");
    }

    /// @dev At times the court lets go of it first.
    function complete(uint256 index) external {
        bytes32 offerId = _pickPaid(index);
        ITitleOffers.Offer memory found = titleOffers.offerOf(offerId);
        if (index % 2 == 0 && titleRegistry.title(found.titleId).frozen) _unfreezeTitle(found.titleId);
        bool expected = found.state == ITitleOffers.State.Paid && !titleRegistry.title(found.titleId).frozen;
        (bool success, ) = address(titleOffers).call(abi.encodeCall(ITitleOffers.complete, (offerId)));
        _expect(success, expected, "complete");
        if (success) holderOf[found.titleId] = found.buyer;
    }

    /// @dev Whoever holds a title that is offered tries to move it otherwise.
    function meddle(uint256 index, uint256 seed) external {
        bytes32 titleId = titles[index % TITLES];
        if (titleRegistry.title(titleId).status != ITitleRegistry.Status.Locked) return;
        bytes[4] memory calls = [
            abi.encodeCall(ITitleRegistry.endorseAndTransfer, (titleId, carrier, ITitleRegistry.Form.ToOrder)),
            abi.encodeCall(ITitleRegistry.surrender, (titleId, ITitleRegistry.Purpose.Delivery, bytes32(0))),
            abi.encodeCall(ITitleRegistry.pledge, (titleId, carrier, uint40(block.timestamp))),
            abi.encodeCall(ITitleRegistry.unlock, (titleId))
        ];
        vm.prank(holderOf[titleId]);
        (bool success, ) = address(titleRegistry).call(calls[seed % 4]);
        _expect(success, false, "meddle");
    }

    // ------------------------------------------------------------------------------------------------ the lane

    /// @dev The next message, or its failure.
    function deliver(uint256 seed) external {
        uint256 next = gateway.delivered();
        if (next == gateway.sent()) return;
        gateway.skipNext();
        if (seed % 8 == 0) _failed.push(next);
        else _hand(next);
    }

    function retry(uint256 index) external {
        if (_failed.length == 0) return;
        index %= _failed.length;
        uint256 message = _failed[index];
        _failed[index] = _failed[_failed.length - 1];
        _failed.pop();
        _count("retry");
        _hand(message);
    }

    // ------------------------------------------------------------------------------------------ what goes wrong

    function wait(uint256 time) external {
        vm.warp(block.timestamp + (time % 1 days));
    }

    function toggleTitle(uint256 index) external {
        bytes32 titleId = titles[index % TITLES];
        if (titleRegistry.title(titleId).frozen) _unfreezeTitle(titleId);
        else _freezeTitle(titleId);
    }

    /// @dev Suspended less often than reinstated, as with what is stopped of a coin, so that most offers get somewhere.
    function toggleParticipant(uint256 index, uint256 seed) external {
        address account = traders[index % 3];
        if (!participants.isActive(account)) _reinstate(account);
        else if (seed % 4 == 0) _suspend(account);
    }

    function toggleCoin(uint256 index, uint256 seed) external {
        Stablecoin coin = coins[index % 2];
        address account = traders[(seed >> 8) % 3];
        if (coin.paused()) return _unpause(coin);
        bool listed = titlePayments.currencyOf(coin) != 0;
        if (!listed || seed % 8 == 0) {
            vm.prank(operator);
            titlePayments.listCoin(coin, !listed);
        } else if (seed % 8 == 1) {
            _pause(coin);
        } else if (coin.isFrozen(account)) {
            _unfreeze(coin, account);
        } else if (seed % 2 == 0) {
            _freeze(coin, account);
        }
    }

    /// @dev Somebody for whom something waits, if it does for anybody; at times the coin's issuer lets go of it first.
    function claim(uint256 index) external {
        bool lifts = index % 4 < 2;
        index = (index >> 2) % 6;
        for (uint256 i = 0; i < 6 && titlePayments.suspense(coins[index % 2], traders[index / 2]) == 0; ++i) {
            index = (index + 1) % 6;
        }
        (Stablecoin coin, address account) = (coins[index % 2], traders[index / 2]);
        if (lifts && coin.isFrozen(account)) _unfreeze(coin, account);
        bool expected = titlePayments.suspense(coin, account) > 0 && _mayMove(coin, account);
        vm.prank(account);
        (bool success, ) = address(titlePayments).call(abi.encodeCall(titlePayments.claim, (coin)));
        _expect(success, expected, "claim");
    }

    // --------------------------------------------------------------------------------- what the invariants read

    function assertOneEnd() external view {
        for (uint256 i = 0; i < offerIds.length; ++i) {
            bytes32 offerId = offerIds[i];
            ITitlePayments.State paid = titlePayments.offerOf(offerId).state;
            ITitleOffers.State state = titleOffers.offerOf(offerId).state;
            assertEq(timesPaid[offerId], paid == ITitlePayments.State.Paid ? 1 : 0, "paid and not so, or twice");
            bool given = state == ITitleOffers.State.Delivered || state == ITitleOffers.State.Paid;
            if (given) assertTrue(paid == ITitlePayments.State.Paid, "given and not paid");
            if (state == ITitleOffers.State.Returned) {
                assertTrue(paid == ITitlePayments.State.Expired, "returned and not expired");
            }
        }
    }

    function assertOneAnswer() external view {
        uint256[] memory seen = new uint256[](offerIds.length);
        for (uint256 i = 0; i < gateway.sent(); ++i) {
            (uint8 kind, bytes32 offerId) = abi.decode(gateway.message(i).payload, (uint8, bytes32));
            if (kind != TitleMessages.PAID && kind != TitleMessages.EXPIRED) continue;
            ITitlePayments.State state = titlePayments.offerOf(offerId).state;
            bool paid = kind == TitleMessages.PAID;
            assertTrue(state == (paid ? ITitlePayments.State.Paid : ITitlePayments.State.Expired), "another answer");
            for (uint256 j = 0; j < offerIds.length; ++j) if (offerIds[j] == offerId) ++seen[j];
        }
        for (uint256 j = 0; j < offerIds.length; ++j) {
            bool ended = uint256(titlePayments.offerOf(offerIds[j]).state) > uint256(ITitlePayments.State.Open);
            assertEq(seen[j], ended ? 1 : 0, "answered twice, or ended without an answer");
        }
    }

    /// @dev Every title is where its last delivery left it, and locked just while one offer of it is not settled.
    function assertTitles() external view {
        for (uint256 i = 0; i < TITLES; ++i) {
            uint256 unsettled = 0;
            for (uint256 j = 0; j < offerIds.length; ++j) {
                ITitleOffers.Offer memory found = titleOffers.offerOf(offerIds[j]);
                bool settles = found.state == ITitleOffers.State.Offered || found.state == ITitleOffers.State.Paid;
                if (found.titleId == titles[i] && settles) ++unsettled;
            }
            bool locked = titleRegistry.title(titles[i]).status == ITitleRegistry.Status.Locked;
            assertEq(unsettled, locked ? 1 : 0, "locked without an offer, or offered twice");
            ITitleRegistry.Status status = locked ? ITitleRegistry.Status.Locked : ITitleRegistry.Status.Active;
            _assertTitle(titles[i], holderOf[titles[i]], status);
        }
    }

    /// @dev Nobody has gained or lost anything but the prices of what was paid.
    function assertMoney() external view {
        _assertMoneyConserved();
        for (uint256 i = 0; i < 6; ++i) {
            (Stablecoin coin, address account) = (coins[i % 2], traders[i / 2]);
            uint256 expected = _given[coin][account];
            uint256 spent = 0;
            for (uint256 j = 0; j < offerIds.length; ++j) {
                Deal memory deal = deals[offerIds[j]];
                if (address(deal.coin) != address(coin) || timesPaid[offerIds[j]] == 0) continue;
                if (deal.seller == account) expected += deal.amount;
                if (deal.buyer == account) spent += deal.amount;
            }
            uint256 has = coin.balanceOf(account) + titlePayments.suspense(coin, account);
            assertEq(has + spent, expected, "not what was sold less what was bought");
        }
    }

    /// @dev Whatever has happened, everything ends once the lane moves, time passes and nothing is stopped.
    function assertEverythingEnds() external {
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < TITLES; ++i) {
            if (titleRegistry.title(titles[i]).frozen) _unfreezeTitle(titles[i]);
        }
        while (_failed.length > 0) {
            uint256 message = _failed[_failed.length - 1];
            _failed.pop();
            _hand(message);
        }
        _handAll();
        vm.warp(block.timestamp + 3 days);
        for (uint256 i = 0; i < offerIds.length; ++i) {
            bool open = titlePayments.offerOf(offerIds[i]).state == ITitlePayments.State.Open;
            if (open) titlePayments.expire(offerIds[i]);
        }
        _handAll();
        for (uint256 i = 0; i < offerIds.length; ++i) {
            bytes32 offerId = offerIds[i];
            if (titleOffers.offerOf(offerId).state == ITitleOffers.State.Paid) titleOffers.complete(offerId);
            bool paid = timesPaid[offerId] > 0;
            _assertOffer(offerId, paid ? ITitleOffers.State.Delivered : ITitleOffers.State.Returned);
        }
        for (uint256 i = 0; i < TITLES; ++i) {
            ITitleRegistry.Status status = titleRegistry.title(titles[i]).status;
            assertTrue(status == ITitleRegistry.Status.Active, "a title is stuck");
        }
        vm.revertToState(snapshot);
    }

    // ------------------------------------------------------------------------------------------------- internal

    /// @dev Must succeed, whichever it is and whatever came before.
    function _hand(uint256 index) private {
        LoopbackGateway.Message memory message = gateway.message(index);
        (uint8 kind, bytes32 offerId) = abi.decode(message.payload, (uint8, bytes32));
        bool held = titleRegistry.title(titleOffers.offerOf(offerId).titleId).frozen;
        ITitlePayments.State before = titlePayments.offerOf(offerId).state;
        gateway.inject(message.sender, message.recipient, message.payload);
        if (kind == TitleMessages.OFFERED && before != ITitlePayments.State.Unknown) _count("offered after its end");
        if (kind == TitleMessages.OFFERED) {
            bool open = titlePayments.offerOf(offerId).state == ITitlePayments.State.Open;
            _count(open ? bytes32("opened") : bytes32("not taken"));
        }
        if (kind == TitleMessages.WITHDRAW && before == ITitlePayments.State.Paid) _count("withdrawn after payment");
        if (kind == TitleMessages.EXPIRED) _count(held ? bytes32("returned while frozen") : bytes32("returned"));
        if (kind != TitleMessages.PAID) return;
        _count(held ? bytes32("paid and held") : bytes32("delivered"));
        if (!held) holderOf[deals[offerId].titleId] = deals[offerId].buyer;
    }

    function _handAll() private {
        for (uint256 next = gateway.delivered(); next < gateway.sent(); ++next) {
            gateway.skipNext();
            _hand(next);
        }
    }

    function _pick(uint256 index) private view returns (bytes32) {
        return offerIds.length == 0 ? bytes32(0) : offerIds[index % offerIds.length];
    }

    /// @dev Mostly one that is open.
    function _pickOpen(uint256 index) private view returns (bytes32 offerId) {
        for (uint256 i = 0; i < offerIds.length && index % 8 != 0; ++i) {
            offerId = offerIds[((index >> 8) + i) % offerIds.length];
            if (titlePayments.offerOf(offerId).state == ITitlePayments.State.Open) return offerId;
        }
        return _pick(index);
    }

    /// @dev One that waits for its delivery, if any does.
    function _pickPaid(uint256 index) private view returns (bytes32 offerId) {
        for (uint256 i = 0; i < offerIds.length; ++i) {
            offerId = offerIds[i];
            if (titleOffers.offerOf(offerId).state == ITitleOffers.State.Paid) return offerId;
        }
        return _pick(index);
    }

    function _randomCoin(uint256 seed) private view returns (bytes3 currency, address coin) {
        uint256 choice = seed % 8;
        if (choice == 0) return ("USD", address(euro));
        if (choice == 1) return ("USD", address(registry));
        return choice % 2 == 0 ? (bytes3("USD"), address(dollar)) : (bytes3("EUR"), address(euro));
    }

    function _active(address one, address other) private view returns (bool) {
        return participants.isActive(one) && participants.isActive(other);
    }

    function _mayMove(Stablecoin coin, address account) private view returns (bool) {
        return !coin.paused() && coin.canReceive(account);
    }

    function _expect(bool success, bool expected, bytes32 path) private {
        assertEq(success, expected, string(abi.encodePacked(path)));
        _count(expected ? path : keccak256(abi.encode(path, "refused")));
    }

    function _count(bytes32 path) private {
        ++times[path];
    }
}
