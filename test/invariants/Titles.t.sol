// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITitleRegistry} from "../../contracts/trade/titles/ITitleRegistry.sol";
import {Test, vm} from "../support/Test.sol";
import {TitlesHandler} from "./TitlesHandler.sol";

/// @notice The handler asserts at every call that no title moves, ends or is recorded otherwise than {ITitleRegistry} says.
contract TitlesInvariants is Test {
    uint256 internal constant STATUSES = 10;

    TitlesHandler internal handler;
    mapping(bytes32 path => uint256) internal seen;

    function setUp() public {
        handler = new TitlesHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](11);
        selectors[0] = TitlesHandler.issue.selector;
        selectors[1] = TitlesHandler.transfer.selector;
        selectors[2] = TitlesHandler.offer.selector;
        selectors[3] = TitlesHandler.answer.selector;
        selectors[4] = TitlesHandler.surrender.selector;
        selectors[5] = TitlesHandler.conclude.selector;
        selectors[6] = TitlesHandler.pledge.selector;
        selectors[7] = TitlesHandler.lock.selector;
        selectors[8] = TitlesHandler.freeze.selector;
        selectors[9] = TitlesHandler.disturb.selector;
        selectors[10] = TitlesHandler.wait.selector;
        targetContract(address(handler));
        targetSelector(address(handler), selectors);
    }

    /// hardhat-config: invariant.runs = 20
    /// hardhat-config: invariant.depth = 150
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_everyTitleIsWhole() public view {
        handler.assertWhole();
    }

    /// @dev The same calls in an order that does not depend on the runner: every edge and every path is walked.
    function test_handler_walksEveryPath_succeeds() public {
        for (uint256 world = 0; world < 16; ++world) {
            handler = new TitlesHandler();
            handler.setUp();
            _walk(uint256(keccak256(abi.encode("walk", world))));
            handler.assertWhole();
            _add();
        }
        bytes32[22] memory paths = _paths();
        for (uint256 i = 0; i < paths.length; ++i) {
            assertGt(seen[paths[i]], 0, string(abi.encodePacked("never: ", paths[i])));
            bytes32 refused = keccak256(abi.encode(paths[i], "refused"));
            if (i > 0) assertGt(seen[refused], 0, string(abi.encodePacked("never refused: ", paths[i])));
        }
        for (uint256 i = 0; i < STATUSES; ++i) {
            for (uint256 j = 0; j < STATUSES; ++j) {
                string memory edge = string.concat(vm.toString(i), " to ", vm.toString(j));
                assertEq(seen[keccak256(abi.encode(i, j))] > 0, _isEdge(i, j), edge);
            }
        }
    }

    function _walk(uint256 seed) private {
        for (uint256 step = 0; step < 400; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 index = uint256(keccak256(abi.encode(seed, "index")));
            uint256 more = uint256(keccak256(abi.encode(seed, "more")));
            uint256 choice = seed % 32;
            if (choice < 4) handler.issue(index, more);
            else if (choice < 8) handler.transfer(index, more);
            else if (choice < 11) handler.offer(index, more);
            else if (choice < 14) handler.answer(index, more);
            else if (choice < 17) handler.surrender(index, more);
            else if (choice < 20) handler.conclude(index, more);
            else if (choice < 23) handler.pledge(index, more);
            else if (choice < 26) handler.lock(index, more);
            else if (choice < 28) handler.freeze(index, more);
            else if (choice < 30) handler.disturb(more);
            else handler.wait(more);
        }
    }

    function _add() private {
        bytes32[22] memory paths = _paths();
        for (uint256 i = 0; i < paths.length; ++i) {
            bytes32 refused = keccak256(abi.encode(paths[i], "refused"));
            seen[paths[i]] += handler.times(paths[i]);
            seen[refused] += handler.times(refused);
        }
        for (uint256 i = 0; i < STATUSES; ++i) {
            for (uint256 j = 0; j < STATUSES; ++j) {
                bytes32 edge = keccak256(abi.encode(i, j));
                seen[edge] += handler.times(edge);
            }
        }
    }

    /// @dev Unknown, active, locked, three surrendered, and four ends.
    function _isEdge(uint256 from, uint256 to) private pure returns (bool) {
        if (from == 0) return to == 1;
        if (from == 1) return to >= 2 && to <= 5;
        if (from >= 6) return false;
        if (to == 1) return true;
        if (from == 3) return to == uint256(ITitleRegistry.Status.Delivered);
        if (from == 4) return to == uint256(ITitleRegistry.Status.Amended) || to == uint256(ITitleRegistry.Status.Void);
        return from == 5 && to == uint256(ITitleRegistry.Status.Paper);
    }

    function _paths() private pure returns (bytes32[22] memory) {
        return
            [
                bytes32("moved"),
                "issue",
                "transfer",
                "endorse",
                "both",
                "offer",
                "accept",
                "decline",
                "withdraw",
                "surrender",
                "deliver",
                "amend",
                "void",
                "paper",
                "reject",
                "pledge",
                "release",
                "enforce",
                "lock",
                "unlock",
                "deliverLocked",
                "freeze"
            ];
    }
}
