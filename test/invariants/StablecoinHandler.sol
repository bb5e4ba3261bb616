// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IIssuance} from "../../contracts/finance/coin/IIssuance.sol";
import {IRedemptions} from "../../contracts/finance/coin/IRedemptions.sol";
import {CoinTest} from "../support/CoinTest.sol";
import {vm} from "../support/Test.sol";

/// @notice Mints, moves, redeems, freezes, seizes and attests in any order, and asserts at every call that it succeeds exactly
/// when the rules, written down here a second time, allow it.
contract StablecoinHandler is CoinTest {
    struct Burn {
        uint256 time;
        uint256 amount;
    }

    mapping(bytes32 path => uint256) public times;
    address[] private _people;
    Burn[] private _burns;
    uint256 private _attested;
    uint256 private _asOf;
    uint256 private _now;
    uint256 private _used;
    uint256 private _usedAt;
    uint256 private _allowance;
    uint256 private _payments;

    function setUp() public override {
        super.setUp();
        _now = block.timestamp;
        (_attested, _asOf) = (RESERVE, _now);
        (_used, _usedAt) = (COINS, _now);
        _allowance = ALLOWANCE - COINS;
        _people = [alice, aliceSpare, bob, issuer];
        vm.startPrank(issuer);
        for (uint256 i = 0; i < 3; ++i) coin.setDestination(minter, _people[i], true);
        vm.stopPrank();
    }

    modifier timed() {
        vm.warp(_now);
        _;
    }

    // ------------------------------------------------------------------------------------ what the runner calls

    function wait(uint256 seed) external {
        _now += seed % 5 == 0 ? (seed >> 8) % 2 days : (seed >> 8) % 2 hours;
        vm.warp(_now);
    }

    /// @dev Now and then less than the supply, and not always of now.
    function attest(uint256 seed) external timed {
        uint256 supply = coin.totalSupply();
        uint256 amount = seed % 4 == 0 ? (seed >> 8) % (supply + 1) : supply + ((seed >> 8) % (2 * CAPACITY));
        uint256 asOf = _now - ((seed >> 16) % 3 == 0 ? (seed >> 24) % 2 hours : 0);
        if ((seed >> 40) % 10 == 0) ++asOf;
        bool expected = asOf > _asOf && asOf <= _now;
        bytes memory data = abi.encodeCall(IIssuance.attestReserve, (int256(amount), uint48(asOf), REPORT));
        if (!_call(attestor, data, expected, "attest")) return;
        (_attested, _asOf) = (amount, asOf);
        if (_reserve() < supply) _count("reserve below supply");
    }

    function mint(uint256 seed, uint256 amount) external timed {
        address to = _people[seed % _people.length];
        uint256 available = _available();
        uint256 room = _reserve() > coin.totalSupply() ? _reserve() - coin.totalSupply() : 0;
        uint256 most = _min(_min(available, room), _allowance);
        amount =
            seed % 3 == 0
                ? most + 1
                : seed % 3 == 1
                    ? most
                    : amount % (2 * most + 2);
        bool stale = _now > _asOf + 1 days;
        bool expected =
            amount <= most &&
                coin.totalSupply() <= _reserve() &&
                !stale &&
                to != issuer &&
                _mayMove(to) &&
                !coin.paused();
        if (!_call(minter, abi.encodeCall(IIssuance.mint, (to, amount)), expected, "mint")) return;
        minted += amount;
        _allowance -= amount;
        if (amount > 0) (_used, _usedAt) = (CAPACITY - available + amount, _now);
        assertLe(coin.totalSupply(), _attested, "more coins than the attested reserve");
    }

    function setAllowance(uint256 amount) external timed {
        _allowance = amount % (10 * CAPACITY);
        vm.prank(issuer);
        coin.setMinter(minter, _allowance, CAPACITY, WINDOW);
        (_used, _usedAt) = (CAPACITY - _available(), _now);
    }

    function transfer(uint256 seed, uint256 amount) external timed {
        address from = seed % 5 == 4 ? address(custody) : _people[seed % 4];
        address to =
            (seed >> 8) % 6 == 4
                ? address(custody)
                : (seed >> 8) % 6 == 5
                    ? address(coin)
                    : _people[(seed >> 8) % 4];
        amount %= coin.balanceOf(from) + 2;
        bool through = from == address(custody) || to == address(custody) || _entity(from) == _entity(to);
        bool expected = through && to != address(coin) && _mayMove(from) && _mayMove(to) && !coin.paused();
        if (to == address(coin) && amount == 0) expected = _mayMove(from) && !coin.paused();
        _call(from, abi.encodeCall(IERC20.transfer, (to, amount)), expected && amount <= _free(from), "transfer");
    }

    function request(uint256 seed, uint256 amount) external timed {
        address holder = _people[seed % 4];
        amount %= coin.balanceOf(holder) + 2;
        bool expected = amount > 0 && amount <= _free(holder) && _mayMove(holder) && !coin.paused();
        _call(holder, abi.encodeCall(IRedemptions.requestRedemption, (amount)), expected, "request");
    }

    function fulfil(uint256 seed) external timed {
        (uint256 id, IRedemptions.Redemption memory wanted) = _pick(seed);
        uint256 held = coin.balanceOf(wanted.holder) + coin.escrowedOf(wanted.holder);
        bool heldBack = coin.getFrozenTokens(wanted.holder) + wanted.amount > held;
        bool expected = _isPending(wanted) && _mayMove(wanted.holder) && !heldBack && !coin.paused();
        expected = expected && !coin.isFrozen(issuer);
        bytes32 payment = bytes32(++_payments);
        bytes memory data = abi.encodeCall(IRedemptions.fulfilRedemption, (id, payment));
        if (!_call(issuer, data, expected, "fulfil")) return;
        if (_now >= wanted.deadline) _count("fulfilled late");
        _noteBurn(wanted.amount);
        _call(issuer, abi.encodeCall(IRedemptions.fulfilRedemption, (id + 1, payment)), false, "one payment for two");
    }

    function cancel(uint256 seed) external timed {
        (uint256 id, IRedemptions.Redemption memory wanted) = _pick(seed);
        address by = seed % 7 == 0 ? bob : wanted.holder;
        bool expected = _isPending(wanted) && by == wanted.holder && _mayMove(by) && !coin.paused();
        _call(by, abi.encodeCall(IRedemptions.cancelRedemption, (id)), expected, "cancel");
    }

    function giveBack(uint256 seed) external timed {
        (uint256 id, IRedemptions.Redemption memory wanted) = _pick(seed);
        bool restrained = !_mayMove(wanted.holder) || coin.getFrozenTokens(wanted.holder) > 0;
        bool expected = _isPending(wanted) && restrained && !coin.paused();
        _call(compliance, abi.encodeCall(IRedemptions.returnRedemption, (id)), expected, "give back");
    }

    function burn(uint256 amount) external timed {
        amount %= coin.balanceOf(issuer) + 2;
        bool expected = amount <= _free(issuer) && _mayMove(issuer) && !coin.paused();
        if (_call(issuer, abi.encodeCall(IIssuance.burn, (amount)), expected, "burn")) _noteBurn(amount);
    }

    function seize(uint256 seed, uint256 amount) external timed {
        address from = seed % 9 == 0 ? address(custody) : _people[seed % 4];
        address to = _people[(seed >> 8) % 4];
        amount %= coin.balanceOf(from) + 2;
        bool ordered = (seed >> 16) % 2 == 0;
        bool expected = from != address(custody) && from != to && amount <= coin.balanceOf(from);
        expected = expected && _mayMove(to) && !coin.paused() && (ordered || _entity(from) == _entity(to));
        uint256 frozen = coin.getFrozenTokens(from);
        uint256 free = _free(from);
        bytes memory data =
            ordered
                ? abi.encodeWithSelector(bytes4(0xd9d5f8f2), from, to, amount, ORDER)
                : abi.encodeWithSelector(bytes4(0x9fc1d0e7), from, to, amount);
        if (!_call(compliance, data, expected, "seize")) return;
        uint256 taken = amount > free ? amount - free : 0;
        if (taken > 0) _count("seized frozen coins");
        assertEq(coin.getFrozenTokens(from), frozen - taken, "unfrozen more than was taken");
    }

    /// @dev Frees as often as it freezes, or soon nothing would move.
    function restrain(uint256 seed, uint256 amount) external timed {
        address account = _people[seed % 4];
        vm.startPrank(compliance);
        if (coin.isFrozen(account)) coin.unfreeze(account);
        else if (coin.getFrozenTokens(account) > 0) coin.setFrozenTokens(account, 0);
        else if ((seed >> 8) % 2 == 0) coin.freeze(account);
        else coin.setFrozenTokens(account, amount % (2 * coin.balanceOf(account) + 2));
        vm.stopPrank();
    }

    function togglePause(uint256 seed) external timed {
        if (coin.paused()) _unpause();
        else if (seed % 3 == 0) _pause();
    }

    // --------------------------------------------------------------------------------- what the invariants read

    function assertConserved() external view {
        _assertMoneyConserved();
    }

    function assertReserveIsWhatWasSeen() external view {
        (uint256 supply, uint256 reserve, ) = coin.backing();
        assertEq(supply, coin.totalSupply());
        assertEq(reserve, _reserve());
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _call(address by, bytes memory data, bool expected, bytes32 path) private returns (bool success) {
        vm.prank(by);
        (success, ) = address(coin).call(data);
        assertEq(success, expected, string(abi.encodePacked(path)));
        _count(success ? path : keccak256(abi.encode(path, "refused")));
    }

    function _count(bytes32 path) private {
        ++times[path];
    }

    function _noteBurn(uint256 amount) private {
        burned += amount;
        _burns.push(Burn(_now, amount));
    }

    /// @dev What was attested, less all burns from that second on.
    function _reserve() private view returns (uint256 reserve) {
        reserve = _attested;
        for (uint256 i = 0; i < _burns.length; ++i) {
            if (_burns[i].time >= _asOf) reserve = reserve > _burns[i].amount ? reserve - _burns[i].amount : 0;
        }
    }

    function _available() private view returns (uint256) {
        uint256 refilled = ((_now - _usedAt) * CAPACITY) / WINDOW;
        return refilled >= _used ? CAPACITY : CAPACITY - (_used - refilled);
    }

    function _pick(uint256 seed) private view returns (uint256 id, IRedemptions.Redemption memory wanted) {
        id = 1 + (seed % (coin.redemptionCount() + 1));
        // Mostly the last ones, which mostly wait.
        if (coin.redemptionCount() > 4 && seed % 4 > 0) id = coin.redemptionCount() - ((seed >> 8) % 4);
        wanted = coin.redemption(id);
    }

    function _isPending(IRedemptions.Redemption memory wanted) private pure returns (bool) {
        return wanted.state == IRedemptions.RedemptionState.Pending;
    }

    function _mayMove(address account) private view returns (bool) {
        return account == address(custody) || account == address(coin) || !coin.isFrozen(account);
    }

    function _free(address account) private view returns (uint256) {
        uint256 balance = coin.balanceOf(account);
        uint256 frozen = coin.getFrozenTokens(account);
        return balance > frozen ? balance - frozen : 0;
    }

    function _entity(address account) private view returns (bytes32) {
        return account == alice || account == aliceSpare ? bytes32("alice") : bytes32(bytes20(account));
    }

    function _min(uint256 left, uint256 right) private pure returns (uint256) {
        return left < right ? left : right;
    }
}
