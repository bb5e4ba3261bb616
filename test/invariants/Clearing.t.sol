// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "../support/Test.sol";
import {ClearingHandler} from "./ClearingHandler.sol";

/// @title The risk-isolation argument as an invariant anyone can run
/// @notice Whatever banks, products, the clearing agent and the central ledger do, in whatever order: what the members owe each
/// other sums to zero; none but the settlement agent owes more than its cap, over all open cycles, and the cap is covered; and a
/// rejection takes from the rejected member alone, as much as it owes. The handler asserts the last of these at every rejection,
/// and at every resolution that the result is the largest that there is.
contract Clearing is Test {
    ClearingHandler internal handler;

    function setUp() public {
        handler = new ClearingHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](16);
        selectors[0] = ClearingHandler.submit.selector;
        selectors[1] = ClearingHandler.submit.selector;
        selectors[2] = ClearingHandler.submit.selector;
        selectors[3] = ClearingHandler.book.selector;
        selectors[4] = ClearingHandler.hold.selector;
        selectors[5] = ClearingHandler.prioritise.selector;
        selectors[6] = ClearingHandler.cancel.selector;
        selectors[7] = ClearingHandler.resolve.selector;
        selectors[8] = ClearingHandler.resolve.selector;
        selectors[9] = ClearingHandler.close.selector;
        selectors[10] = ClearingHandler.advance.selector;
        selectors[11] = ClearingHandler.advance.selector;
        selectors[12] = ClearingHandler.setCap.selector;
        selectors[13] = ClearingHandler.unpledge.selector;
        selectors[14] = ClearingHandler.pledge.selector;
        selectors[15] = ClearingHandler.toggleSuspension.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// hardhat-config: invariant.runs = 15
    /// hardhat-config: invariant.depth = 100
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_riskStaysWithTheMemberWhoseItIs() public view {
        handler.assertExposureWithinCapWithinCollateral();
    }

    /// hardhat-config: invariant.runs = 15
    /// hardhat-config: invariant.depth = 100
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_netPositionsSumToZero() public view {
        handler.assertNetsSumToZero();
    }

    /// hardhat-config: invariant.runs = 15
    /// hardhat-config: invariant.depth = 100
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_whatWaitsIsCounted() public view {
        handler.assertQueueIsCounted();
        handler.assertPendingIsCounted();
    }

    /// @dev The same calls in an order that does not depend on the runner: every path is walked.
    function test_handler_walksEveryPath_succeeds() public {
        bytes32[12] memory paths = [
            bytes32("settled at once"),
            "queued",
            "booked",
            "booking refused",
            "cancelled",
            "resolved all",
            "resolved some",
            "deadlock",
            "closed",
            "cleared",
            "pay-in rejected",
            "pay-out rejected"
        ];
        uint256[12] memory seen;
        for (uint256 world = 0; world < 4; ++world) {
            handler = new ClearingHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("walk", world))));
            for (uint256 i = 0; i < paths.length; ++i) seen[i] += handler.times(paths[i]);
        }
        for (uint256 i = 0; i < paths.length; ++i) {
            assertGt(seen[i], 0, string(abi.encodePacked("never: ", paths[i])));
        }
    }

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 150; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 more = uint256(keccak256(abi.encode(seed, "more")));
            uint256 choice = seed % 20;
            if (choice < 5) handler.submit(more);
            else if (choice < 7) handler.book(more);
            else if (choice < 8) handler.hold(more, seed % 3 == 0);
            else if (choice < 9) handler.prioritise(more, seed >> 8);
            else if (choice < 10) handler.cancel(more);
            else if (choice < 13) handler.resolve(more);
            else if (choice < 14) handler.close();
            else if (choice < 17) handler.advance(more);
            else if (choice < 18) handler.setCap(more);
            else if (choice < 19) handler.pledge(more);
            else if (more % 2 == 0) handler.unpledge(more);
            else handler.toggleSuspension(more);
            if (step % 10 != 0) continue;
            handler.assertNetsSumToZero();
            handler.assertExposureWithinCapWithinCollateral();
            handler.assertQueueIsCounted();
            handler.assertPendingIsCounted();
            handler.assertStatesOnlyAdvance();
        }
    }
}
