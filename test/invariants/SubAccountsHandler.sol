// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISubAccounts} from "../../contracts/finance/clearing/ISubAccounts.sol";
import {ISuspense} from "../../contracts/finance/payments/ISuspense.sol";
import {IStablecoin} from "../../contracts/finance/coin/IStablecoin.sol";
import {SubAccountsTest} from "../contracts/finance/clearing/SubAccountsTest.sol";
import {vm} from "../support/Test.sol";

/// @notice Three banks, two coins and two payees, in any order, while accounts freeze, coins pause and members are suspended.
/// Keeps a book of its own: each call changes there what belongs to those it is about, and after each all balances are compared.
contract SubAccountsHandler is SubAccountsTest {
    mapping(uint16 member => mapping(IStablecoin coin => ISubAccounts.Balance)) private _book;
    mapping(address payee => mapping(IStablecoin coin => uint256)) private _waiting;
    /// @dev Coins that belong to nobody here.
    mapping(IStablecoin coin => uint256) private _donated;
    mapping(bytes32 path => uint256) public times;

    address[3] private _banks;
    address[2] private _payees;

    function setUp() public override {
        super.setUp();
        address bankC = makeAddr("bank C");
        _admitMember(bankC);
        address other = makeAddr("another customer");
        _admit(other);
        _banks = [bankA, bankB, bankC];
        _payees = [customer, other];
    }

    // ------------------------------------------------------------------------------------ what the runner calls

    function deposit(uint256 seed, uint256 amount) external {
        (uint16 id, address bank, IStablecoin coin) = _pick(seed);
        amount %= 1e15;
        if (_movable(coin, bank)) _mint(coin, bank, amount);
        bool expected = _movable(coin, bank);
        if (expected) _book[id][coin].available += uint128(amount);
        vm.prank(bank);
        _expect(abi.encodeCall(ISubAccounts.deposit, (coin, amount)), expected, "deposit");
    }

    function withdraw(uint256 seed, uint256 amount) external {
        (uint16 id, address bank, IStablecoin coin) = _pick(seed);
        ISubAccounts.Balance storage own = _book[id][coin];
        amount %= own.available + own.available / 4 + 2;
        address to = seed % 5 == 0 ? _banks[id % 3] : bank;
        bool expected = to == bank && amount <= own.available && _isActive(id) && _movable(coin, bank);
        if (expected) own.available -= uint128(amount);
        vm.prank(bank);
        _expect(abi.encodeCall(ISubAccounts.withdraw, (coin, amount, to)), expected, "withdraw");
    }

    function pledge(uint256 seed, uint256 amount) external {
        (uint16 id, address bank, IStablecoin coin) = _pick(seed);
        ISubAccounts.Balance storage own = _book[id][coin];
        amount %= own.available + own.available / 4 + 2;
        bool expected = amount <= own.available;
        if (expected) {
            own.available -= uint128(amount);
            own.collateral += uint128(amount);
        }
        vm.prank(bank);
        _expect(abi.encodeCall(ISubAccounts.pledge, (coin, amount)), expected, "pledge");
    }

    function unpledge(uint256 seed, uint256 amount) external {
        (uint16 id, address bank, IStablecoin coin) = _pick(seed);
        ISubAccounts.Balance storage own = _book[id][coin];
        amount %= own.collateral + own.collateral / 4 + 2;
        bool expected = _isActive(id) && amount + house.cap(id, coin.currency()) <= own.collateral;
        if (expected) {
            own.available += uint128(amount);
            own.collateral -= uint128(amount);
        }
        vm.prank(bank);
        _expect(abi.encodeCall(ISubAccounts.unpledge, (coin, amount)), expected, "unpledge");
    }

    function setCap(uint256 seed, uint256 cap) external {
        (uint16 id, , IStablecoin coin) = _pick(seed);
        house.set(id, coin.currency(), cap % (uint256(_book[id][coin].collateral) + 1), 0);
    }

    /// @dev Sends coins and claims as many, or one more.
    function credit(uint256 seed, uint256 amount) external {
        (uint16 id, , IStablecoin coin) = _pick(seed);
        amount %= 1e15;
        if (_movable(coin, issuer)) {
            _mint(coin, address(accounts), amount);
            _donated[coin] += amount;
        }
        amount += seed % 3 == 0 ? 1 : 0;
        bool expected = amount <= _donated[coin];
        if (expected) {
            _donated[coin] -= amount;
            _book[id][coin].available += uint128(amount);
        }
        vm.prank(product);
        _expect(abi.encodeCall(ISubAccounts.credit, (id, coin, amount)), expected, "credit");
    }

    function debit(uint256 seed, uint256 amount) external {
        (uint16 id, , IStablecoin coin) = _pick(seed);
        ISubAccounts.Balance storage own = _book[id][coin];
        amount %= own.available + own.available / 4 + 2;
        address payee = _payees[(seed >> 16) % 2];
        bool expected = amount <= own.available && _isActive(id);
        if (expected) {
            own.available -= uint128(amount);
            if (!_movable(coin, payee)) {
                _waiting[payee][coin] += amount;
                ++times["suspense"];
            }
        }
        vm.prank(product);
        _expect(abi.encodeCall(ISubAccounts.debit, (id, coin, amount, payee)), expected, "debit");
    }

    function seize(uint256 seed, uint256 amount) external {
        (uint16 id, , IStablecoin coin) = _pick(seed);
        uint16 to = uint16(1 + ((seed >> 16) % 4)); // the fourth is no member
        ISubAccounts.Balance storage own = _book[id][coin];
        amount %= own.collateral + own.collateral / 4 + 2;
        bool expected = to != id && to < 4;
        if (expected) {
            uint128 seized = uint128(amount < own.collateral ? amount : own.collateral);
            own.collateral -= seized;
            _book[to][coin].available += seized;
        }
        vm.prank(product);
        _expect(abi.encodeCall(ISubAccounts.seize, (id, coin, amount, to)), expected, "seize");
    }

    function claim(uint256 seed) external {
        (, , IStablecoin coin) = _pick(seed);
        address payee = _payees[(seed >> 16) % 2];
        bool expected = _waiting[payee][coin] > 0 && _movable(coin, payee);
        if (expected) _waiting[payee][coin] = 0;
        vm.prank(payee);
        _expect(abi.encodeCall(ISuspense.claim, (coin)), expected, "claim");
    }

    function donate(uint256 seed, uint256 amount) external {
        (, address bank, IStablecoin coin) = _pick(seed);
        if (!_movable(coin, bank)) return;
        amount %= 1e12;
        _mint(coin, bank, amount);
        vm.prank(bank);
        coin.transfer(address(accounts), amount);
        _donated[coin] += amount;
        ++times["donate"];
        assertBooks();
    }

    function toggleFreeze(uint256 seed) external {
        (, address bank, IStablecoin coin) = _pick(seed);
        address account = (seed >> 16) % 3 == 0 ? bank : _payees[(seed >> 24) % 2];
        if (coin.isFrozen(account)) _unfreeze(coin, account);
        else _freeze(coin, account);
    }

    function togglePause(uint256 seed) external {
        (, , IStablecoin coin) = _pick(seed);
        if (_isPaused(coin)) _unpause(coin);
        else if ((seed >> 16) % 3 == 0) _pause(coin);
    }

    function toggleMember(uint256 seed) external {
        (uint16 id, , ) = _pick(seed);
        if (_isActive(id)) return _suspendMember(id);
        vm.prank(registrar);
        accounts.reinstateMember(id);
    }

    // --------------------------------------------------------------------------------- what the invariants read

    /// @dev Every balance is what the calls about its member made it, and nobody else's.
    function assertBooks() public view {
        for (uint256 i = 0; i < 2; ++i) {
            IStablecoin coin = i == 0 ? yuan : dollar;
            for (uint16 id = 1; id <= 3; ++id) {
                _assertBalance(id, coin, _book[id][coin].available, _book[id][coin].collateral);
            }
            for (uint256 j = 0; j < 2; ++j) {
                assertEq(accounts.suspense(coin, _payees[j]), _waiting[_payees[j]][coin], "suspense");
            }
        }
    }

    function assertSums() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IStablecoin coin = i == 0 ? yuan : dollar;
            uint256 sum = 0;
            for (uint16 id = 1; id <= 3; ++id) {
                ISubAccounts.Balance memory held = accounts.balance(id, coin);
                sum += uint256(held.available) + held.collateral;
            }
            for (uint256 j = 0; j < 2; ++j) sum += accounts.suspense(coin, _payees[j]);
            assertEq(accounts.total(coin), sum, "total");
            assertEq(coin.balanceOf(address(accounts)), sum + _donated[coin], "coins held");
        }
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _pick(uint256 seed) private view returns (uint16 id, address bank, IStablecoin coin) {
        id = uint16(1 + ((seed >> 32) % 3));
        bank = _banks[id - 1];
        coin = (seed >> 40) % 2 == 0 ? yuan : dollar;
    }

    function _isActive(uint16 id) private view returns (bool) {
        return accounts.member(id).status == ISubAccounts.MemberStatus.Active;
    }

    function _isPaused(IStablecoin coin) private view returns (bool) {
        (, bytes memory result) = address(coin).staticcall(abi.encodeWithSignature("paused()"));
        return abi.decode(result, (bool));
    }

    function _movable(IStablecoin coin, address account) private view returns (bool) {
        return !_isPaused(coin) && !coin.isFrozen(account);
    }

    function _expect(bytes memory data, bool expected, bytes32 path) private {
        (bool success, ) = address(accounts).call(data);
        assertEq(success, expected, string(abi.encodePacked(path)));
        ++times[expected ? path : keccak256(abi.encode(path))];
        assertBooks();
    }
}
