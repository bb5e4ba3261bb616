// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../../../contracts/access/IParticipants.sol";
import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {vm} from "../../../support/Test.sol";
import {SubAccountsTest} from "./SubAccountsTest.sol";

/// @notice What backs a coin stays with the bank of its holder: no way leads coins to another bank without a leg.
contract SubAccountsEmptyTest is SubAccountsTest {
    address internal spare;

    function setUp() public override {
        super.setUp();
        spare = makeAddr("customer's account at bank B");
        Lei lei = participants.leiOf(customer);
        vm.prank(registrar);
        participants.linkAccount(spare, lei);
        vm.startPrank(operator);
        yuan.setBanks(accounts);
        dollar.setBanks(accounts);
        vm.stopPrank();
        _invite(bankA, customer);
        _join(customer, memberA);
        _mint(yuan, customer, MILLION);
    }

    /// @dev Moves to the other account, by transfer or allowance, or changes the bank: none of it carries coins to bank B.
    function test_drain_toAnotherBank_reverts() public {
        _invite(bankB, spare);
        _join(spare, memberB);
        bytes memory otherBank = abi.encodeWithSelector(ICompliance.Stablecoin_OtherBank.selector, customer, spare);
        vm.startPrank(customer);
        yuan.approve(spare, MILLION);
        vm.expectRevert(otherBank);
        yuan.transfer(spare, 1);
        vm.expectRevert(_holds(customer, yuan, MILLION));
        accounts.leaveBank();
        vm.stopPrank();
        vm.expectRevert(otherBank);
        vm.prank(spare);
        yuan.transferFrom(customer, spare, 1);
        vm.expectRevert(_holds(customer, yuan, MILLION));
        vm.prank(bankA);
        accounts.dismiss(customer);
        assertEq(accounts.memberOf(customer), memberA);
        assertEq(yuan.balanceOf(spare), 0);
    }

    function test_transfer_toAnAccountWithoutBank_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_OtherBank.selector, customer, spare));
        vm.prank(customer);
        yuan.transfer(spare, 1);
    }

    function test_join_withCoins_reverts() public {
        _mint(dollar, spare, 1);
        _invite(bankB, spare);
        vm.expectRevert(_holds(spare, dollar, 1));
        _join(spare, memberB);
    }

    function test_admitMember_withCoins_reverts() public {
        _mint(dollar, spare, 1);
        vm.expectRevert(_holds(spare, dollar, 1));
        vm.prank(registrar);
        accounts.admitMember(spare);
    }

    /// @dev A redemption that is cancelled after the change would bring the coins to the other bank.
    function test_leaveBank_whileRedeeming_reverts() public {
        vm.startPrank(customer);
        uint256 id = yuan.requestRedemption(MILLION);
        vm.expectRevert(_holds(customer, yuan, MILLION));
        accounts.leaveBank();
        vm.stopPrank();
        vm.prank(issuer);
        yuan.fulfilRedemption(id, "paid");
        vm.prank(customer);
        accounts.leaveBank();
        assertEq(accounts.memberOf(customer), 0);
    }

    /// @dev So would a claim.
    function test_leaveBank_whileInSuspense_reverts() public {
        _deposit(bankB, dollar, 5);
        _freeze(dollar, customer);
        assertFalse(_debit(memberB, dollar, 5, customer), "paid");
        _unfreeze(dollar, customer);
        vm.prank(customer);
        yuan.requestRedemption(MILLION);
        vm.prank(issuer);
        yuan.fulfilRedemption(1, "paid");
        vm.expectRevert(_holds(customer, dollar, 5));
        vm.prank(customer);
        accounts.leaveBank();
    }

    function _invite(address bank, address account) private {
        vm.prank(bank);
        accounts.invite(account);
    }

    function _join(address account, uint16 member) private {
        vm.prank(account);
        accounts.join(member);
    }

    function _holds(address account, IStablecoin coin, uint256 amount) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISubAccounts.SubAccounts_HoldsCoins.selector, account, coin, amount);
    }
}
