// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {CoinTest} from "../../../support/CoinTest.sol";
import {vm} from "../../../support/Test.sol";

/// @dev Of the sub-accounts, what a coin asks.
contract WhoBanksWhom {
    mapping(address account => uint16 member) public memberOf;

    function set(address account, uint16 member) external {
        memberOf[account] = member;
    }
}

/// @notice Coins of one entity stay at one bank, once the coin knows who banks whom.
contract BanksTest is CoinTest {
    WhoBanksWhom internal banks;

    function setUp() public override {
        super.setUp();
        banks = new WhoBanksWhom();
        banks.set(alice, 1);
        banks.set(aliceSpare, 2);
    }

    function test_setBanks_onceAndForGood() public {
        vm.expectEmit(address(coin));
        emit ICompliance.BanksSet(ISubAccounts(address(banks)));
        _setBanks(address(banks));
        assertEq(address(coin.banks()), address(banks));
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_BanksAlreadySet.selector, banks));
        _setBanks(address(banks));
    }

    function test_setBanks_withoutCode_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_NotAContract.selector, bob));
        _setBanks(bob);
    }

    function test_setBanks_anybodyElse_reverts() public {
        _expectUnauthorized(compliance);
        vm.prank(compliance);
        coin.setBanks(ISubAccounts(address(banks)));
    }

    function test_transfer_beforeItIsSet_asksNoBank() public moneyIsConserved {
        assertTrue(coin.canTransfer(alice, aliceSpare, COINS));
        _transfer(alice, aliceSpare, COINS);
    }

    function test_transfer_toAnotherBank_reverts() public moneyIsConserved {
        _setBanks(address(banks));
        assertFalse(coin.canTransfer(alice, aliceSpare, 1));
        _expectOtherBank();
        _transfer(alice, aliceSpare, 1);
        banks.set(aliceSpare, 0);
        assertFalse(coin.canTransfer(alice, aliceSpare, 1));
        _expectOtherBank();
        _transfer(alice, aliceSpare, 1);
    }

    function test_transfer_withinOneBank_succeeds() public moneyIsConserved {
        _setBanks(address(banks));
        banks.set(aliceSpare, 1);
        assertTrue(coin.canTransfer(alice, aliceSpare, COINS));
        _transfer(alice, aliceSpare, COINS);
        assertEq(coin.balanceOf(aliceSpare), COINS);
    }

    function test_transfer_betweenEntitiesAtOneBank_reverts() public moneyIsConserved {
        _setBanks(address(banks));
        banks.set(bob, 1);
        _expectBetweenEntities(alice, bob);
        _transfer(alice, bob, 1);
    }

    function test_transfer_throughSystemAccount_asksNoBank() public moneyIsConserved {
        _setBanks(address(banks));
        _transfer(alice, address(custody), COINS);
        custody.pay(coin, aliceSpare, COINS);
        assertEq(coin.balanceOf(aliceSpare), COINS);
    }

    function test_forcedTransfer_toAnotherBank_needsAnOrder() public moneyIsConserved {
        _setBanks(address(banks));
        vm.startPrank(compliance);
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_OrderMissing.selector, alice, aliceSpare));
        coin.forcedTransfer(alice, aliceSpare, COINS);
        coin.forcedTransfer(alice, aliceSpare, COINS, ORDER);
        vm.stopPrank();
        assertEq(coin.balanceOf(aliceSpare), COINS);
    }

    function _setBanks(address subAccounts) private {
        vm.prank(operator);
        coin.setBanks(ISubAccounts(subAccounts));
    }

    function _expectOtherBank() private {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_OtherBank.selector, alice, aliceSpare));
    }
}
