// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "../support/Test.sol";
import {SubAccountsHandler} from "./SubAccountsHandler.sol";

/// @notice The handler asserts at every call that it succeeds exactly when it may, and that nobody else's balance changed.
contract SubAccountsInvariants is Test {
    SubAccountsHandler internal handler;

    function setUp() public {
        handler = new SubAccountsHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](15);
        selectors[0] = SubAccountsHandler.deposit.selector;
        selectors[1] = SubAccountsHandler.deposit.selector;
        selectors[2] = SubAccountsHandler.withdraw.selector;
        selectors[3] = SubAccountsHandler.pledge.selector;
        selectors[4] = SubAccountsHandler.unpledge.selector;
        selectors[5] = SubAccountsHandler.setCap.selector;
        selectors[6] = SubAccountsHandler.credit.selector;
        selectors[7] = SubAccountsHandler.debit.selector;
        selectors[8] = SubAccountsHandler.debit.selector;
        selectors[9] = SubAccountsHandler.seize.selector;
        selectors[10] = SubAccountsHandler.claim.selector;
        selectors[11] = SubAccountsHandler.donate.selector;
        selectors[12] = SubAccountsHandler.toggleFreeze.selector;
        selectors[13] = SubAccountsHandler.togglePause.selector;
        selectors[14] = SubAccountsHandler.toggleMember.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_balancesAndSuspenseSumToTheCoinsHeld() public view {
        handler.assertSums();
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_noBalanceChangesByWhatIsAboutAnother() public view {
        handler.assertBooks();
    }

    /// @dev The same calls in an order that does not depend on the runner: every path is walked, and refused.
    function test_handler_walksEveryPath_succeeds() public {
        uint256 seed = uint256(keccak256("walk"));
        for (uint256 step = 0; step < 1_500; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            _step(seed, uint256(keccak256(abi.encode(seed, "amount"))));
            if (step % 50 == 0) handler.assertSums();
        }
        handler.assertSums();
        bytes32[10] memory paths = _paths();
        for (uint256 i = 0; i < paths.length; ++i) {
            assertGt(handler.times(paths[i]), 0, string(abi.encodePacked("never: ", paths[i])));
            if (i > 7) continue; // what nobody refuses
            assertGt(
                handler.times(keccak256(abi.encode(paths[i]))),
                0,
                string(abi.encodePacked("no refusal: ", paths[i]))
            );
        }
    }

    function _step(uint256 seed, uint256 amount) private {
        uint256 choice = (seed >> 200) % 16;
        if (choice < 3) handler.deposit(seed, amount);
        else if (choice < 4) handler.withdraw(seed, amount);
        else if (choice < 6) handler.pledge(seed, amount);
        else if (choice < 7) handler.unpledge(seed, amount);
        else if (choice < 8) handler.setCap(seed, amount);
        else if (choice < 9) handler.credit(seed, amount);
        else if (choice < 11) handler.debit(seed, amount);
        else if (choice < 12) handler.seize(seed, amount);
        else if (choice < 13) handler.claim(seed);
        else if (choice < 14) handler.togglePause(seed);
        else if (choice < 15) handler.toggleFreeze(seed);
        else if (amount % 2 == 0) handler.toggleMember(seed);
        else handler.donate(seed, amount);
    }

    function _paths() private pure returns (bytes32[10] memory) {
        return
            [
                bytes32("deposit"),
                "withdraw",
                "pledge",
                "unpledge",
                "credit",
                "debit",
                "seize",
                "claim",
                "suspense",
                "donate"
            ];
    }
}
