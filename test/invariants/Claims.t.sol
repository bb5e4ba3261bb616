// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "../support/Test.sol";
import {ClaimsHandler} from "./ClaimsHandler.sol";

/// @notice The handler asserts at every call that it succeeds exactly when it may.
contract ClaimsInvariants is Test {
    ClaimsHandler internal handler;
    mapping(bytes32 path => uint256) internal seen;

    function setUp() public {
        handler = new ClaimsHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = ClaimsHandler.register.selector;
        selectors[1] = ClaimsHandler.register.selector;
        selectors[2] = ClaimsHandler.release.selector;
        selectors[3] = ClaimsHandler.move.selector;
        selectors[4] = ClaimsHandler.lift.selector;
        selectors[5] = ClaimsHandler.rotate.selector;
        selectors[6] = ClaimsHandler.toggleSuspension.selector;
        selectors[7] = ClaimsHandler.toggleAllowance.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// @dev Under all keys that there ever were.
    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_oneClaimPerThing() public view {
        handler.assertOneClaimPerThing();
    }

    /// @dev Nothing lives but under the current and the former key, and the lists of near duplicates hold what lives.
    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_countsAndListsAreRight() public view {
        handler.assertCountsAndLists();
    }

    /// @dev The same calls in an order that does not depend on the runner: every path is walked.
    function test_handler_walksEveryPath_succeeds() public {
        bytes32[13] memory paths = _paths();
        for (uint256 world = 0; world < 4; ++world) {
            handler = new ClaimsHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("walk", world))));
            handler.assertOneClaimPerThing();
            handler.assertCountsAndLists();
            for (uint256 i = 0; i < paths.length; ++i) seen[paths[i]] += handler.times(paths[i]);
        }
        for (uint256 i = 0; i < paths.length; ++i) {
            assertGt(seen[paths[i]], 0, string(abi.encodePacked("never walked: ", paths[i])));
        }
    }

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 400; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 more = uint256(keccak256(abi.encode(seed, "more")));
            uint256 choice = seed % 16;
            if (choice < 5) handler.register(seed >> 8, more);
            else if (choice < 8) handler.release(seed >> 8, more);
            else if (choice < 12) handler.move(seed >> 8, more);
            else if (choice < 13) handler.lift(more);
            else if (choice < 14) handler.rotate();
            else if (choice < 15) handler.toggleSuspension(more);
            else if (more % 2 == 0) handler.toggleAllowance(more >> 8);
        }
    }

    function _paths() private pure returns (bytes32[13] memory paths) {
        bytes32[5] memory calls = [bytes32("register"), "release", "move", "lift", "rotate"];
        for (uint256 i = 0; i < 5; ++i) {
            paths[i] = calls[i];
            paths[5 + i] = keccak256(abi.encode(calls[i], "refused"));
        }
        paths[10] = "registered beside the former key";
        paths[11] = "second refused";
        paths[12] = "second refused by former key";
    }
}
