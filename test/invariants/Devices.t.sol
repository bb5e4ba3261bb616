// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "../support/Test.sol";
import {DevicesHandler} from "./DevicesHandler.sol";

/// @notice A device's counter and clock only grow, each counter is anchored at most once, batches never overlap, and every counter
/// up to the last one is either anchored or was said to be missing. The handler asserts that just what {IDeviceRegistry} says is
/// refused, and why.
contract DevicesInvariants is Test {
    DevicesHandler internal handler;

    function setUp() public {
        handler = new DevicesHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = DevicesHandler.submit.selector;
        selectors[1] = DevicesHandler.submit.selector;
        selectors[2] = DevicesHandler.submit.selector;
        selectors[3] = DevicesHandler.replay.selector;
        selectors[4] = DevicesHandler.tamper.selector;
        selectors[5] = DevicesHandler.govern.selector;
        selectors[6] = DevicesHandler.contradict.selector;
        selectors[7] = DevicesHandler.wait.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 80
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_eachReadingCountsAtMostOnce() public view {
        handler.assertBooks();
    }

    /// @dev The same calls in an order that does not depend on the runner: every path is met.
    function test_handler_meetsEveryPath_succeeds() public {
        bytes32[12] memory paths = [
            bytes32("anchored"),
            "gap",
            "old counter",
            "clock went back",
            "in future",
            "not calibrated",
            "wrong status",
            "replayed",
            "tampered",
            "key replaced",
            "contradicted",
            "calibrated"
        ];
        uint256 seed = uint256(keccak256("devices"));
        for (uint256 step = 0; step < 400; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 more = seed >> 128;
            uint256 choice = seed % 16;
            if (choice < 8) handler.submit(more, more >> 8, more >> 16, more >> 24);
            else if (choice < 10) handler.replay(more);
            else if (choice < 11) handler.tamper(more, more >> 8);
            else if (choice < 13) handler.govern(more, more >> 8);
            else if (choice < 14) handler.contradict(more);
            else handler.wait(more);
        }
        handler.assertBooks();
        for (uint256 i = 0; i < paths.length; ++i) {
            assertGt(handler.times(paths[i]), 0, string(abi.encodePacked("never: ", paths[i])));
        }
    }
}
