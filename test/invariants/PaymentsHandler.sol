// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "../../contracts/finance/clearing/IClearingHouse.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {IFxDesk} from "../../contracts/finance/fx/IFxDesk.sol";
import {IPayments} from "../../contracts/finance/payments/IPayments.sol";
import {ISuspense} from "../../contracts/finance/payments/ISuspense.sol";
import {PaymentWorld} from "../support/PaymentWorld.sol";
import {vm} from "../support/Test.sol";

/// @notice Pays, converts, completes and cancels in any order, while caps move, cycles close, accounts are frozen and coins
/// paused; and remembers what was ordered, to compare it with what came of it.
contract PaymentsHandler is PaymentWorld {
    uint256 internal constant LONGEST_QUEUE = 6;

    enum Course {
        Unknown,
        Waiting,
        Made,
        Cancelled
    }

    bytes32[] internal ids;
    mapping(bytes32 paymentId => IPayments.Order) internal orders;
    mapping(bytes32 paymentId => Course) internal courses;
    /// @dev Ids of what is queued in the clearing house, in its order.
    bytes32[] internal queue;
    mapping(bytes32 path => uint256) public times;
    /// @dev By payee and coin, what orders that were made are worth.
    mapping(Stablecoin coin => uint256) internal due;

    // ------------------------------------------------------------------------------------ what the runner calls

    function pay(uint256 seed) external {
        if (queue.length >= LONGEST_QUEUE) return;
        Stablecoin coin = _coin(seed);
        uint96 amount = uint96(1 + ((seed >> 8) % 1_000e6));
        IPayments.Order memory order = _order(coin, coin, amount, amount);
        if ((seed >> 64) % 8 == 0) order.documents[1] = "nobody proved this";
        if ((seed >> 72) % 8 == 0 && ids.length > 0) order.endToEndId = orders[_anyId(seed >> 80)].endToEndId;
        bytes32 paymentId = payments.paymentIdOf(payer, order.endToEndId);
        bool expected =
            order.documents[1] != "nobody proved this" &&
                courses[paymentId] == Course.Unknown &&
                !coin.paused() &&
                !coin.isFrozen(payer);
        IFxDesk.Quote memory none = _noQuote();
        vm.prank(payer);
        (bool success, ) = address(payments).call(abi.encodeCall(IPayments.pay, (order, none, "")));
        assertEq(success, expected, "pay");
        _took(success, paymentId, order, "pay");
    }

    function convert(uint256 seed) external {
        if (queue.length >= LONGEST_QUEUE) return;
        IPayments.Order memory order = _conversion();
        bytes32 paymentId = payments.paymentIdOf(payer, order.endToEndId);
        IFxDesk.Quote memory quote = _quote();
        if (seed % 8 == 0) quote.buyAmount += 1;
        bytes memory signature = _sign(quote, providerKey);
        bool expected = seed % 8 != 0 && !dollar.paused() && !yuan.paused() && !dollar.isFrozen(payer);
        vm.prank(payer);
        (bool success, ) = address(payments).call(abi.encodeCall(IPayments.pay, (order, quote, signature)));
        assertEq(success, expected, "convert");
        _took(success, paymentId, order, "convert");
    }

    function complete(uint256 index) external {
        bytes32 paymentId = _anyId(index);
        bytes32[] memory batch = new bytes32[](2);
        (batch[0], batch[1]) = (paymentId, paymentId);
        bool waits = courses[paymentId] == Course.Waiting;
        bool queued = payments.stateOf(paymentId) == IClearingHouse.State.Queued;
        vm.prank(stranger);
        (bool success, ) = address(payments).call(abi.encodeCall(IPayments.complete, (batch)));
        assertEq(success, !queued, "complete");
        if (!success || !waits) return _count("nothing to complete");
        _made(paymentId);
        _count("completed");
    }

    function cancel(uint256 index, uint256 seed) external {
        bytes32 paymentId = _anyId(index);
        address by = seed % 4 == 0 ? provider : payer;
        IPayments.WaitingPayment memory waited = payments.waiting(paymentId);
        bool expected = payments.stateOf(paymentId) == IClearingHouse.State.Queued;
        if (waited.provider != 0) expected = expected && clearing.openCycle() > waited.cycle;
        else expected = expected && by == payer;
        vm.prank(by);
        (bool success, ) = address(payments).call(abi.encodeCall(IPayments.cancel, (paymentId)));
        assertEq(success, expected, "cancel");
        _count(success ? bytes32("cancelled") : bytes32("cancel refused"));
        if (!success) return;
        courses[paymentId] = Course.Cancelled;
        _unqueue(paymentId);
        for (uint256 i = 0; i < waited.documents.length; ++i) {
            assertEq(ledger.evidence(waited.documents[i]).drawn, 0, "evidence was not restored");
        }
    }

    /// @dev Between what the payer's bank owes and all it has pledged, so that payments queue and settle.
    function moveCap(uint256 seed) external {
        bytes3 currency = seed % 2 == 0 ? bytes3("USD") : bytes3("CNY");
        uint256 owed = ((clearing.exposure(payersBankId, currency) + 9_999) / 10_000) * 10_000;
        _setCap(payersBankId, currency, seed % 3 == 0 ? CAP : uint96(owed));
        _count("cap moved");
    }

    /// @dev All or nothing: whatever settles only in part is for the clearing house's own invariants.
    function resolve() external {
        uint64[] memory ordered = new uint64[](queue.length);
        for (uint256 i = 0; i < queue.length; ++i) ordered[i] = payments.waiting(queue[i]).obligation;
        try clearing.resolve(ordered, new uint64[](0)) {
            if (queue.length > 0) _count("resolved");
            delete queue;
        } catch {
            _count("unresolved");
        }
    }

    function closeCycle() external {
        _closeCycle();
        _count("cycle closed");
    }

    function claim(uint256 seed) external {
        address[3] memory accounts = [payer, payee, provider];
        address account = accounts[seed % 3];
        Stablecoin coin = _coin(seed >> 8);
        bool movable = !coin.paused() && coin.canReceive(account);
        bool expected = movable && payments.suspense(coin, account) > 0;
        vm.prank(account);
        (bool success, ) = address(payments).call(abi.encodeCall(ISuspense.claim, (coin)));
        assertEq(success, expected, "claim");
        if (success) _count("claimed");
    }

    function toggleFreeze(uint256 seed) external {
        address account = seed % 2 == 0 ? payer : payee;
        Stablecoin coin = _coin(seed >> 8);
        if (coin.isFrozen(account)) _unfreeze(coin, account);
        else if (seed % 3 == 0) _freeze(coin, account);
    }

    function togglePause(uint256 seed) external {
        Stablecoin coin = _coin(seed);
        if (coin.paused()) _unpause(coin);
        else if ((seed >> 8) % 4 == 0) _pause(coin);
    }

    // --------------------------------------------------------------------------------- what the invariants read

    function assertMoneyConserved() external view {
        for (uint256 i = 0; i < coins.length; ++i) {
            Stablecoin coin = coins[i];
            uint256 balances = 0;
            uint256 owed = 0;
            for (uint256 j = 0; j < holders.length; ++j) {
                balances += coin.balanceOf(holders[j]);
                owed += payments.suspense(coin, holders[j]);
            }
            assertEq(balances, coin.totalSupply(), "balances are not the supply");
            assertEq(coin.totalSupply(), minted[coin], "supply is not what was minted");
            assertEq(coin.balanceOf(address(payments)), owed + _waitingIn(coin), "custody is not what waits");
            assertLe(subAccounts.total(coin), coin.balanceOf(address(subAccounts)), "sub-accounts are not held");
        }
    }

    /// @dev The payee has got, or can claim, what was made for it, and no more.
    function assertPaidOnce() external view {
        for (uint256 i = 0; i < coins.length; ++i) {
            Stablecoin coin = coins[i];
            uint256 got = coin.balanceOf(payee) + payments.suspense(coin, payee) + subAccounts.suspense(coin, payee);
            assertEq(got, due[coin], "not what was made");
        }
    }

    /// @dev Every payment that is made or waits has drawn its whole amount on its documents, and no other has.
    function assertDrawn() external view {
        for (uint256 i = 0; i < ids.length; ++i) {
            IPayments.Order storage order = orders[ids[i]];
            uint256 expected = courses[ids[i]] == Course.Cancelled ? 0 : order.amount;
            for (uint256 j = 0; j < order.documents.length; ++j) {
                assertEq(ledger.evidence(order.documents[j]).drawn, expected, "not what the verdict let pass");
            }
            bool waits = courses[ids[i]] == Course.Waiting;
            assertEq(payments.waiting(ids[i]).payer, waits ? payer : address(0), "waits or not");
            assertTrue(payments.isUsed(payer, order.endToEndId), "an id is free again");
        }
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _took(bool success, bytes32 paymentId, IPayments.Order memory order, bytes32 path) private {
        if (!success) return _count(keccak256(abi.encode(path, "refused")));
        ids.push(paymentId);
        orders[paymentId] = order;
        if (payments.stateOf(paymentId) == IClearingHouse.State.Queued) {
            courses[paymentId] = Course.Waiting;
            queue.push(paymentId);
            _count(keccak256(abi.encode(path, "queued")));
        } else {
            _made(paymentId);
            _count(path);
        }
    }

    function _made(bytes32 paymentId) private {
        courses[paymentId] = Course.Made;
        due[Stablecoin(address(orders[paymentId].payeeCoin))] += orders[paymentId].amount;
    }

    function _unqueue(bytes32 paymentId) private {
        uint256 found = 0;
        while (queue[found] != paymentId) ++found;
        for (; found + 1 < queue.length; ++found) queue[found] = queue[found + 1];
        queue.pop();
    }

    function _waitingIn(Stablecoin coin) private view returns (uint256 sum) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (courses[ids[i]] != Course.Waiting) continue;
            IPayments.Order storage order = orders[ids[i]];
            if (address(order.payerCoin) == address(coin)) sum += order.maxDebit;
            if (address(order.payeeCoin) == address(coin) && address(order.payerCoin) != address(coin))
                sum += order.amount;
        }
    }

    function _coin(uint256 seed) private view returns (Stablecoin) {
        return seed % 2 == 0 ? dollar : yuan;
    }

    function _anyId(uint256 index) private view returns (bytes32) {
        return ids.length == 0 ? bytes32(0) : ids[index % ids.length];
    }

    function _count(bytes32 path) private {
        ++times[path];
    }
}
