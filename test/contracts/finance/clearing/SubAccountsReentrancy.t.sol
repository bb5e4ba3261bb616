// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {vm} from "../../../support/Test.sol";
import {SubAccountsTest} from "./SubAccountsTest.sol";

/// @dev Lets its holder act in the middle of a transfer, before the balances change, or keeps a fee.
contract HookedCoin is ERC20("Hooked", "HOOK") {
    bytes3 public constant currency = "USD";

    address private _actor;
    bytes private _action;
    uint256 private _fee;
    bytes public refusal;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setHook(address actor, bytes calldata action) external {
        (_actor, _action) = (actor, action);
    }

    function setFee(uint256 fee) external {
        _fee = fee;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (_action.length > 0) {
            (bool success, bytes memory result) = _actor.call(_action);
            refusal = success ? bytes("") : result;
        }
        super._update(from, to, value - (from == address(0) ? 0 : _fee));
    }
}

/// @notice A coin that calls back reaches nothing while its coins move.
contract SubAccountsReentrancyTest is SubAccountsTest {
    HookedCoin internal hooked;
    IStablecoin internal coin;

    function setUp() public override {
        super.setUp();
        hooked = new HookedCoin();
        coin = IStablecoin(address(hooked));
        vm.prank(validatorAdmin);
        accounts.setProduct(address(hooked), true);
        hooked.mint(bankA, 3_000);
        vm.startPrank(bankA);
        coin.approve(address(accounts), type(uint256).max);
        accounts.deposit(coin, 1_000);
        vm.stopPrank();
    }

    function test_deposit_coinThatActsMeanwhile_isRefusedEverything() public {
        for (uint256 i = 0; i < _actions().length; ++i) {
            hooked.setHook(address(accounts), _actions()[i]);
            vm.prank(bankA);
            accounts.deposit(coin, 10);
            _assertRefused();
        }
        _assertBalance(memberA, coin, 1_000 + 10 * _actions().length, 0);
    }

    function test_withdraw_coinThatActsMeanwhile_isRefusedEverything() public {
        for (uint256 i = 0; i < _actions().length; ++i) {
            hooked.setHook(address(accounts), _actions()[i]);
            vm.prank(bankA);
            accounts.withdraw(coin, 10, bankA);
            _assertRefused();
        }
    }

    function test_debit_coinThatActsMeanwhile_isRefusedEverything() public {
        for (uint256 i = 0; i < _actions().length; ++i) {
            hooked.setHook(address(accounts), _actions()[i]);
            _debit(memberA, coin, 10, customer);
            _assertRefused();
        }
        assertEq(coin.balanceOf(customer), 10 * _actions().length);
        assertEq(accounts.total(coin), coin.balanceOf(address(accounts)));
    }

    function test_deposit_coinThatKeepsAFee_reverts() public {
        hooked.setFee(1);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotReceived.selector, coin, 9, 10));
        vm.prank(bankA);
        accounts.deposit(coin, 10);
    }

    function _actions() private view returns (bytes[5] memory) {
        return
            [
                abi.encodeCall(ISubAccounts.credit, (memberB, coin, 10)),
                abi.encodeCall(ISubAccounts.debit, (memberA, coin, 10, customer)),
                abi.encodeCall(ISubAccounts.seize, (memberA, coin, 10, memberB)),
                abi.encodeCall(ISubAccounts.deposit, (coin, 10)),
                abi.encodeWithSignature("claim(address)", coin)
            ];
    }

    function _assertRefused() private view {
        assertEq(
            hooked.refusal(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
    }
}
